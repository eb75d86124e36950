import { ControlError, readInstant, type Route } from './route';

/** Tell the true value of a metric. */
export const oracleRoutes: Route[] = [
  {
    method: 'GET',
    path: 'oracle',
    handle({ oracle }, { query }) {
      const required = (name: string): string => {
        const value = query.get(name);
        if (value === null) throw new ControlError(400, `The query parameter ${name} is required`);
        return value;
      };
      const asOf = query.get('asOf');
      const value = oracle.metricValue({
        accountId: required('accountId'),
        region: required('region'),
        namespace: required('namespace'),
        metricName: required('metricName'),
        dimensions: query.getAll('dimension').map(readDimension),
        statistic: required('statistic'),
        period: Number(query.get('period') ?? 300),
        timestamp: readInstant(required('timestamp'), 'timestamp'),
        ...(asOf !== null && { asOf: readInstant(asOf, 'asOf') }),
      });
      return { value };
    },
  },
];

/** `Name=Value`; the value may hold further equals signs. */
function readDimension(text: string): { Name: string; Value: string } {
  const at = text.indexOf('=');
  if (at < 1) throw new ControlError(400, `A dimension is written Name=Value: ${text}`);
  return { Name: text.slice(0, at), Value: text.slice(at + 1) };
}

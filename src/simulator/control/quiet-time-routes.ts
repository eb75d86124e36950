import { accountOf } from './account-routes';
import { ControlError, readInstant, type Route } from './route';

/** Let metrics fall silent, and end that. */
export const quietTimeRoutes: Route[] = [
  { method: 'GET', path: 'quiet-times', handle: ({ world }) => ({ quietTimes: world.quietTimes }) },
  {
    method: 'POST',
    path: 'accounts/:id/regions/:region/quiet-times',
    handle(state, { params, body }) {
      const { namespace, metricName, resource, from, to } = body;
      if (typeof namespace !== 'string') throw new ControlError(400, 'namespace is required');
      const quietTime = {
        accountId: accountOf(state, params).id,
        region: params.region,
        namespace,
        ...(metricName !== undefined && { metricName: String(metricName) }),
        ...(resource !== undefined && { resource: String(resource) }),
        from: readInstant(from, 'from'),
        to: readInstant(to, 'to'),
      };
      state.world.quietTimes.push(quietTime);
      return quietTime;
    },
  },
  {
    method: 'DELETE',
    path: 'quiet-times',
    handle({ world }) {
      world.quietTimes.length = 0;
      return { quietTimes: [] };
    },
  },
];

import { readInstant, type Route } from './route';
import type { CallFilter } from '../call-log';

/** Read and clear the call log. */
export const callRoutes: Route[] = [
  {
    method: 'GET',
    path: 'calls',
    handle({ calls }, { query }) {
      const text = (name: string) => query.get(name) ?? undefined;
      const since = text('since');
      const after = text('after');
      const filter: CallFilter = {
        service: text('service'),
        action: text('action'),
        region: text('region'),
        accountId: text('accountId'),
        accessKeyId: text('accessKeyId'),
        roleArn: text('roleArn'),
        since: since === undefined ? undefined : readInstant(since, 'since'),
        after: after === undefined ? undefined : Number(after),
      };
      return { mark: calls.mark(), counts: calls.counts(), calls: calls.list(filter) };
    },
  },
  {
    method: 'DELETE',
    path: 'calls',
    handle({ calls }) {
      calls.clear();
      return { counts: {}, calls: [] };
    },
  },
];

import { readInstant, type Route } from './route';

/** Read and clear the call log. */
export const callRoutes: Route[] = [
  {
    method: 'GET',
    path: 'calls',
    handle({ calls }, { query }) {
      const text = (name: string) => query.get(name) ?? undefined;
      const since = text('since');
      const filter = {
        service: text('service'),
        action: text('action'),
        region: text('region'),
        accountId: text('accountId'),
        since: since === undefined ? undefined : readInstant(since, 'since'),
      };
      return { counts: calls.counts(), calls: calls.list(filter) };
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

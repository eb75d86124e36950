import type { NewFault } from '../faults';
import { found, type Route } from './route';

/** Set, list and remove faults. */
export const faultRoutes: Route[] = [
  { method: 'GET', path: 'faults', handle: ({ faults }) => ({ faults: faults.list() }) },
  {
    method: 'POST',
    path: 'faults',
    handle: ({ faults }, { body }) => faults.add(body as unknown as NewFault),
  },
  {
    method: 'DELETE',
    path: 'faults',
    handle({ faults }) {
      faults.clear();
      return { faults: [] };
    },
  },
  {
    method: 'DELETE',
    path: 'faults/:id',
    handle: ({ faults }, { params }) => ({ removed: found(faults.remove(params.id) || undefined, 'fault') }),
  },
];

import type { SimulatorState } from '../simulator-state';
import type { Location } from '../world/identifiers';
import type { RegionResources } from '../world/types';
import type { World } from '../world/world';
import { accountOf } from './account-routes';
import { ControlError, found, type Route } from './route';

/** One kind of resource: where the world keeps it, and how it is made from an id and the builder's options. */
interface ResourceKind {
  map: keyof RegionResources;
  /** The builder's option that the id of the path is. */
  idOption: string;
  add(world: World, input: Location): unknown;
}

const kinds: Record<string, ResourceKind> = {
  instances: { map: 'instances', idOption: 'instanceId', add: (world, input) => world.addInstance(input) },
  'db-instances': {
    map: 'dbInstances',
    idOption: 'identifier',
    add: (world, input) => world.addDbInstance(input),
  },
  'classic-load-balancers': {
    map: 'classicLoadBalancers',
    idOption: 'name',
    add: (world, input) => world.addClassicLoadBalancer(input),
  },
  'load-balancers': {
    map: 'loadBalancers',
    idOption: 'name',
    add: (world, input) => world.addLoadBalancer(input),
  },
  'target-groups': {
    map: 'targetGroups',
    idOption: 'name',
    add: (world, input) => world.addTargetGroup(input),
  },
  'kms-keys': { map: 'kmsKeys', idOption: 'keyId', add: (world, input) => world.addKmsKey(input) },
};

const collectionPath = 'accounts/:id/regions/:region/:kind';

/** Resources of an account and Region. Ids are instance ids or names; load balancers are removed by ARN. */
export const resourceRoutes: Route[] = [
  {
    method: 'GET',
    path: collectionPath,
    handle: (state, { params }) => ({ [params.kind]: [...resourcesOf(state, params).values()] }),
  },
  {
    method: 'POST',
    path: collectionPath,
    handle: (state, { params, body }) =>
      kindOf(params).add(state.world, { ...body, ...locationOf(state, params) }),
  },
  {
    method: 'PUT',
    path: `${collectionPath}/*`,
    handle(state, { params, body }) {
      const { add, idOption } = kindOf(params);
      return add(state.world, { ...body, [idOption]: params.rest, ...locationOf(state, params) });
    },
  },
  {
    method: 'DELETE',
    path: `${collectionPath}/*`,
    handle: (state, { params }) => ({
      removed: found(resourcesOf(state, params).delete(params.rest) || undefined, 'resource'),
    }),
  },
];

function kindOf({ kind }: Record<string, string>): ResourceKind {
  if (!Object.hasOwn(kinds, kind)) {
    throw new ControlError(
      404,
      `No such kind of resource: ${kind} (there are ${Object.keys(kinds).join(', ')})`,
    );
  }
  return kinds[kind];
}

function locationOf(state: SimulatorState, params: Record<string, string>): Location {
  return { accountId: accountOf(state, params).id, region: params.region };
}

function resourcesOf(state: SimulatorState, params: Record<string, string>): Map<string, unknown> {
  const { accountId, region } = locationOf(state, params);
  return state.world.resources(accountId, region)[kindOf(params).map];
}

import type { SimulatorState } from '../simulator-state';
import type { NewRole, NewUser, RoleChanges } from '../world/build-principals';
import type { SimulatedAccount, SimulatedRole, SimulatedUser } from '../world/types';
import { partitionOfRegion } from '../world/partitions';
import { awsRegions } from '../world/regions';
import type { NewAccount } from '../world/world';
import { ControlError, found, type Route } from './route';

/** Accounts with their Regions, users and roles. */
export const accountRoutes: Route[] = [
  {
    method: 'GET',
    path: 'accounts',
    handle: ({ world }) => ({ accounts: [...world.accounts.values()].map(describeAccount) }),
  },
  {
    method: 'GET',
    path: 'accounts/:id',
    handle: (state, { params }) => describeAccount(accountOf(state, params)),
  },
  {
    method: 'PUT',
    path: 'accounts/:id',
    handle({ world }, { params, body }) {
      const { name, partition, enabledRegions, stsDisabledRegions } = body as Omit<NewAccount, 'id'>;
      [...(enabledRegions ?? []), ...(stsDisabledRegions ?? [])].forEach(checkRegion);
      const account = { id: params.id, name, partition, enabledRegions, stsDisabledRegions };
      return describeAccount(world.addAccount(account));
    },
  },
  {
    method: 'DELETE',
    path: 'accounts/:id',
    handle: ({ world }, { params }) => ({
      removed: found(world.accounts.delete(params.id) || undefined, 'account'),
    }),
  },
  {
    method: 'GET',
    path: 'accounts/:id/regions',
    handle: (state, { params }) => ({ enabledRegions: accountOf(state, params).enabledRegions }),
  },
  {
    method: 'PUT',
    path: 'accounts/:id/regions/:region',
    handle(state, { params }) {
      checkRegion(params.region);
      const { enabledRegions, partition } = accountOf(state, params);
      if (partitionOfRegion(params.region) !== partition) {
        throw new ControlError(400, `The account is of the partition ${partition}`);
      }
      return { enabledRegions: enabledRegions.add(params.region) };
    },
  },
  {
    method: 'DELETE',
    path: 'accounts/:id/regions/:region',
    handle(state, { params }) {
      const { enabledRegions } = accountOf(state, params);
      enabledRegions.delete(params.region);
      return { enabledRegions };
    },
  },
  {
    method: 'GET',
    path: 'accounts/:id/users',
    handle: (state, { params }) => ({
      users: [...accountOf(state, params).users.values()].map(describeUser),
    }),
  },
  {
    // The answer is the only one that tells the secret, as AWS's CreateAccessKey does.
    method: 'PUT',
    path: 'accounts/:id/users/:name',
    handle(state, { params, body }) {
      accountOf(state, params);
      return state.world.addUser({ ...(body as Partial<NewUser>), accountId: params.id, name: params.name });
    },
  },
  {
    method: 'DELETE',
    path: 'accounts/:id/users/:name',
    handle: (state, { params }) => ({
      removed: found(accountOf(state, params).users.delete(params.name) || undefined, 'user'),
    }),
  },
  {
    method: 'GET',
    path: 'accounts/:id/roles',
    handle: (state, { params }) => ({ roles: [...accountOf(state, params).roles.values()] }),
  },
  { method: 'GET', path: 'accounts/:id/roles/*', handle: (state, { params }) => roleOf(state, params) },
  {
    method: 'PUT',
    path: 'accounts/:id/roles/*',
    handle(state, { params, body }) {
      accountOf(state, params);
      const { path, name } = splitRole(params.rest);
      if (body.trustPolicy === undefined) throw new ControlError(400, 'trustPolicy is required');
      return state.world.addRole({
        ...(body as Partial<NewRole>),
        accountId: params.id,
        path,
        name,
        trustPolicy: body.trustPolicy,
      });
    },
  },
  {
    // Changes a role where it stands; PUT makes it anew.
    method: 'POST',
    path: 'accounts/:id/roles/*',
    handle: (state, { params, body }) =>
      state.world.changeRole(roleOf(state, params).arn, body as Partial<RoleChanges>),
  },
  {
    method: 'DELETE',
    path: 'accounts/:id/roles/*',
    handle: (state, { params }) => ({
      removed: accountOf(state, params).roles.delete(roleOf(state, params).arn),
    }),
  },
];

/** The account of a path. */
export function accountOf({ world }: SimulatorState, params: Record<string, string>): SimulatedAccount {
  return found(world.account(params.id), 'account');
}

function roleOf(state: SimulatorState, params: Record<string, string>): SimulatedRole {
  const { path, name } = splitRole(params.rest);
  const { roles, partition } = accountOf(state, params);
  return found(roles.get(`arn:${partition}:iam::${params.id}:role${path}${name}`), 'role');
}

/** `team/monitor` is the role `monitor` under the path `/team/`. */
function splitRole(rest: string): { path: string; name: string } {
  const at = rest.lastIndexOf('/') + 1;
  return { path: `/${rest.slice(0, at)}`, name: rest.slice(at) };
}

function checkRegion(name: string): void {
  if (!awsRegions.some((region) => region.name === name))
    throw new ControlError(400, `No such Region: ${name}`);
}

function describeAccount({ users, roles, regions: _, ...account }: SimulatedAccount): object {
  return { ...account, users: [...users.keys()], roles: [...roles.keys()] };
}

function describeUser({ secretAccessKey: _, ...user }: SimulatedUser): object {
  return user;
}

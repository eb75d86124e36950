import type { SimulatorState } from '../simulator-state';
import type { NewRole, NewUser } from '../world/build-principals';
import type { SimulatedAccount, SimulatedRole, SimulatedUser } from '../world/types';
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
      const { name, enabledRegions } = body as Pick<NewAccount, 'name' | 'enabledRegions'>;
      enabledRegions?.forEach(checkRegion);
      return describeAccount(world.addAccount({ id: params.id, name, enabledRegions }));
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
      return { enabledRegions: accountOf(state, params).enabledRegions.add(params.region) };
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
  return found(accountOf(state, params).roles.get(`arn:aws:iam::${params.id}:role${path}${name}`), 'role');
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

function describeAccount({ id, name, enabledRegions, users, roles }: SimulatedAccount): object {
  return { id, name, enabledRegions, users: [...users.keys()], roles: [...roles.keys()] };
}

function describeUser({ name, arn, accessKeyId, permissionPolicy }: SimulatedUser): object {
  return { name, arn, accessKeyId, permissionPolicy };
}

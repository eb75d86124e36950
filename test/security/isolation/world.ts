import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { AccessService } from '../../../src/core/access/access-service';
import type { VerificationCheck } from '../../../src/core/accounts/account';
import { dayOf } from '../../../src/core/cost/utc-days';
import { systemClock } from '../../../src/core/clock';
import type { LiveEvent, LiveEventKind, LiveEventOf } from '../../../src/core/live/bus';
import { openDatabase, type Database } from '../../../src/db';
import { NODE_TYPES, toGlobalId } from '../../../src/schema/relay/global-id';
import { collectionRun, foundResource, newAccount, PASSED, seriesSpec } from '../../contracts/samples';
import { MINUTE, MORNING } from '../../support/rolecall';
import type { IdsByType } from './schema-walk';

/** Before any of these does anything: nothing is due in the world of this test. */
const LATER = MORNING + 1_000 * MINUTE;
/** The last period of 300 s that is closed. */
const PERIOD = MORNING - (MORNING % (5 * MINUTE)) - 5 * MINUTE;

const CHECK: VerificationCheck = {
  ...{ name: 'ACCOUNT_MATCHES', outcome: 'PASSED', code: 'OK', message: '' },
  ...{ expected: null, found: null, missingActions: [], waived: false },
};

/** From here on something is stored. */
export const BEFORE_ALL = new Date(PERIOD).toISOString();

/** A tenant with two accounts, and what is in each. */
export interface Inhabitant {
  name: string;
  tenantId: number;
  /** Of an ADMIN. */
  token: string;
  /** Every id of its rows. */
  ids: IdsByType;
  /** What happens in it, of every kind. */
  events: LiveEvent[];
}

/**
 * A parent with its child, a sibling of the parent, and the root above all: made one after the other, with a copy of the
 * data folder after each, so that what one sees can be compared with what it saw when nobody else was there.
 */
export interface World {
  child: Inhabitant;
  parent: Inhabitant;
  sibling: Inhabitant;
  root: Inhabitant;
  /** With the rows of the child alone, of the child and its parent, of all. */
  folders: { child: string; parent: string; all: string };
}

export async function makeWorld(folder: string, awsEndpoint: string): Promise<World> {
  const live = join(folder, 'live');
  mkdirSync(live, { recursive: true });
  const within = async <T>(work: (database: Database) => Promise<T>): Promise<T> => {
    const database = await openDatabase({ file: join(live, 'rolecall.sqlite'), awsEndpoint });
    try {
      return await work(database);
    } finally {
      await database.close();
    }
  };
  const copy = (name: string) => {
    cpSync(live, join(folder, name), { recursive: true });
    return join(folder, name);
  };
  const [rootId, parentId, childId] = await within(async ({ tenants }) => {
    const root = await tenants.ensureRoot({ name: 'root', createdAt: MORNING });
    const parent = await tenants.createTenant({
      parentId: root.id,
      name: 'canary parent',
      createdAt: MORNING,
    });
    const child = await tenants.createTenant({
      parentId: parent.id,
      name: 'canary child',
      createdAt: MORNING,
    });
    return [root.id, parent.id, child.id];
  });
  const child = await within((database) => inhabit(database, 'child', childId));
  const folders = { child: copy('child'), parent: '', all: '' };
  const parent = await within((database) => inhabit(database, 'parent', parentId));
  folders.parent = copy('parent');
  const [sibling, root] = await within(async (database) => {
    const { id } = await database.tenants.createTenant({
      parentId: rootId,
      name: 'canary sibling',
      createdAt: MORNING,
    });
    return [await inhabit(database, 'sibling', id), await inhabit(database, 'root', rootId)];
  });
  folders.all = copy('all');
  return { child, parent, sibling, root, folders };
}

/** One id of each type of each of them. */
export function someIdsOf(...inhabitants: Inhabitant[]): IdsByType {
  return Object.fromEntries(
    NODE_TYPES.map((type) => [type, inhabitants.map(({ ids }) => ids[type].at(-1)!)]),
  ) as unknown as IdsByType;
}

/** The ids of several together. */
export function idsOf(...inhabitants: Inhabitant[]): IdsByType {
  return Object.fromEntries(
    NODE_TYPES.map((type) => [type, inhabitants.flatMap(({ ids }) => ids[type])]),
  ) as unknown as IdsByType;
}

async function inhabit(database: Database, name: string, tenantId: number): Promise<Inhabitant> {
  const { tenants, tokens, audit } = database;
  const clock = { ...systemClock, now: () => MORNING };
  const access = new AccessService({ tenants, tokens, clock, randomBytes });
  const spare = await access.createToken({ tenantId, name: `canary ${name} spare`, role: 'VIEWER' });
  const own = await access.createToken({ tenantId, name: `canary ${name}`, role: 'ADMIN' });
  const rows = [await account(database, name, tenantId, 1), await account(database, name, tenantId, 2)];
  await audit.record({
    tenantId,
    actor: `canary ${name}`,
    action: 'command.canary',
    accountId: rows[0].ids.Account,
  });
  const reads = audit.within({ tenantId });
  const entries = (await reads.list({}, { first: 50, after: null })).items.map(({ item }) => item);
  return {
    name,
    tenantId,
    token: own.secret,
    ids: {
      Tenant: [toGlobalId('Tenant', tenantId)],
      Account: rows.map(({ ids }) => toGlobalId('Account', ids.Account)),
      Resource: rows.map(({ ids }) => toGlobalId('Resource', ids.Resource)),
      Metric: rows.map(({ ids }) => toGlobalId('Metric', ids.Metric)),
      CollectionRun: rows.map(({ ids }) => toGlobalId('CollectionRun', ids.CollectionRun)),
      ApiToken: [spare, own].map(({ token }) => toGlobalId('ApiToken', token.id)),
      AuditEntry: entries
        .filter((entry) => entry.tenantId === tenantId)
        .map(({ id }) => toGlobalId('AuditEntry', id)),
    },
    events: rows[1].events,
  };
}

async function account(database: Database, name: string, tenantId: number, number: number) {
  const { accounts, leases, resources, series, metrics, metricEvents, runs, usage } = database;
  const title = `canary ${name} ${number}`;
  const awsAccountId = `${tenantId}${number}`.padStart(12, '0');
  const { id } = await accounts.insert(newAccount(tenantId, { name: title, externalId: title }));
  await accounts.connect(id, ['AWAITING_ROLE'], {
    tenantId,
    awsAccountId,
    roleArn: `arn:aws:iam::${awsAccountId}:role/rolecall`,
    ...{ sealedAccessKey: null, accessKey: null, waiver: null },
    verification: PASSED,
    nextVerificationAt: LATER,
    at: MORNING,
  });
  await leases.schedule(id, LATER);
  const lease = (await leases.claim(id, 'a test', MORNING, MINUTE, { onlyIfDue: false }))!;
  const found = [
    foundResource(`i-${number}`, { name: title, tags: { canary: name }, attributes: { instanceId: title } }),
  ];
  const result = { tenantId, plugin: 'ec2', region: 'eu-central-1', found, at: MORNING };
  const [resource] = (await resources.sync(lease, result)).resources;
  const [metric] = await series.ensure(lease, tenantId, [seriesSpec(resource.id)]);
  const points = { timestamps: [PERIOD], values: [tenantId] };
  await metrics.append(lease, [{ series: metric, ...points, watermark: PERIOD }]);
  await metricEvents.publish(lease, MORNING);
  const run = await runs.insert(collectionRun(tenantId, id, { state: 'SUCCEEDED', finishedAt: MORNING }));
  await usage.add([
    {
      ...{ accountId: id, day: dayOf(MORNING), plugin: 'ec2', region: title, api: title },
      ...{ calls: 1, throttled: 0, metricsRequested: 1, metricsRequestedLowerBound: 1 },
      cost: { lower: 0.00001, upper: 0.00001 },
    },
  ]);
  await leases.release(lease, LATER);
  const stored = (await accounts.load(id))!;
  const of = { tenantId, accountId: id };
  const events: { [Kind in LiveEventKind]: LiveEventOf<Kind> } = {
    accountChanged: { kind: 'accountChanged', ...of, account: stored },
    accountStatusChanged: {
      ...{ kind: 'accountStatusChanged', ...of, account: stored },
      ...{ from: 'PAUSED', to: 'CONNECTED', reason: title, at: MORNING },
    },
    verificationProgressed: {
      ...{ kind: 'verificationProgressed', ...of },
      verification: { ...PASSED, checks: [{ ...CHECK, message: title }] },
    },
    resourceChanged: {
      ...{ kind: 'resourceChanged', ...of },
      change: { kind: 'CHANGED', resource, changedFields: ['name'], at: MORNING },
    },
    metricsStored: {
      // `leaksLive` numbers it.
      ...{ kind: 'metricsStored', ...of, collectedAt: MORNING + 1, sequence: 0, after: 0 },
      series: [{ seriesId: metric.id, ...points }],
    },
    collectionProgressed: {
      ...{ kind: 'collectionProgressed', ...of, run },
      ...{ step: 'FETCH', plugin: null, region: title, done: 1, total: 1 },
    },
  };
  return {
    ids: { Account: id, Resource: resource.id, Metric: metric.id, CollectionRun: run.id },
    events: Object.values(events),
  };
}

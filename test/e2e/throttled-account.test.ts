import type { CallLimits, LimitedCall } from '../../src/core/aws/call-limits';
import { TokenBuckets } from '../../src/core/aws/token-buckets';
import { demoWorld, type World } from '../../src/simulator';
import type { GraphqlClient } from '../support/graphql-client';
import { DatabaseBeside, type StoredRun } from '../security/support/many-accounts';
import { MINUTE, startRolecall, type Rolecall } from '../support/rolecall';
import { until } from '../support/until';
import { VirtualClock } from '../support/virtual-clock';
import { makeRole, register } from './onboard';
import { ConnectAccount } from './operations.graphql';

/** One account of a hundred is throttled to death: the others do not notice. */

const REGION = 'us-east-1';
const ACCOUNTS = 100;
const AT_ONCE = 10;
const idOf = (index: number) => String(500_000_000_000 + index);
const SICK = idOf(0);

function world(): World {
  const made = demoWorld();
  for (let index = 0; index < ACCOUNTS; index++) {
    made.addAccount({ id: idOf(index), enabledRegions: [REGION] });
    made.addInstance({ accountId: idOf(index), region: REGION });
  }
  return made;
}

/** Token buckets whose waiting takes no real time, and a gate before the calls of some accounts. */
class WatchedLimits implements CallLimits {
  /** Of AWS's second, not of the test's. */
  readonly clock = new VirtualClock();
  private readonly buckets = new TokenBuckets({ share: 0.5, clock: this.clock, now: () => 0 });
  /** Ids of Rolecall whose turn does not come before this is resolved. */
  gate: { accounts: ReadonlySet<number>; opened: Promise<void> } | null = null;
  readonly atGate = new Set<number>();
  /** By account, milliseconds of waiting. */
  readonly waited = new Map<number, number>();

  async take(call: LimitedCall, signal?: AbortSignal): Promise<void> {
    if (this.gate?.accounts.has(call.accountId)) {
      this.atGate.add(call.accountId);
      await this.gate.opened;
    }
    const since = this.clock.now();
    try {
      await this.buckets.take(call, signal);
    } finally {
      const waited = this.clock.now() - since;
      this.waited.set(call.accountId, (this.waited.get(call.accountId) ?? 0) + waited);
    }
  }

  answered(call: LimitedCall, answer: { throttled: boolean }): void {
    this.buckets.answered(call, answer);
  }
}

let rolecall: Rolecall;
let beside: DatabaseBeside;
let limits: WatchedLimits;
/** Rolecall's ids by AWS account id. */
const ids = new Map<string, number>();
const tenants: number[] = [];

/** Every second account, for one tenant: the first by its own onboarding, the others as it, each with a role of its own. */
async function addAccounts(client: GraphqlClient, tenantId: number, turn: number): Promise<void> {
  const { simulator } = rolecall;
  const { connection } = beside;
  const account = await register(client, 'Like the others', { plugins: ['ec2'], regions: [REGION] });
  const policies = account.onboarding!;
  const roleArn = makeRole(simulator, idOf(turn), policies);
  await client.execute(ConnectAccount, { input: { accountId: account.id, roleArn } });
  const first = Number(/\d+$/.exec(Buffer.from(account.id, 'base64url').toString())![0]);
  await beside.multiply(first, ACCOUNTS / 2 - 1);
  const rows = await connection.all<{ id: number; value: string }>(
    'SELECT account.id, value FROM account JOIN external_id ON account_id = account.id WHERE tenant_id = ? ORDER BY account.id',
    [tenantId],
  );
  for (const [index, { id, value }] of rows.entries()) {
    const awsAccountId = idOf(2 * index + turn);
    const trustPolicy = JSON.parse(JSON.stringify(policies.trustPolicy).replaceAll(rows[0]!.value, value));
    await connection.run(
      'UPDATE account SET aws_account_id = ?, role_arn = ?, next_verification_at = NULL WHERE id = ?',
      [awsAccountId, makeRole(simulator, awsAccountId, { ...policies, trustPolicy }), id],
    );
    ids.set(awsAccountId, id);
  }
}

beforeAll(async () => {
  limits = new WatchedLimits();
  rolecall = await startRolecall({
    world: world(),
    callLimits: limits,
    settings: { ROLECALL_BACKFILL_DAYS: '0' },
    limits: { accountsAtOnce: AT_ONCE },
  });
  beside = await DatabaseBeside.open(rolecall.dataDir);
  for (const [turn, name] of ['Even', 'Odd'].entries()) {
    const { id: tenantId } = await rolecall.gateway.access.createTenant(name);
    const { secret } = await rolecall.gateway.access.createToken({ tenantId, name, role: 'ADMIN' });
    tenants.push(tenantId);
    await addAccounts(rolecall.client(secret), tenantId, turn);
  }
  // The first points.
  await rolecall.collect(5 * MINUTE);
}, 300_000);
afterAll(async () => {
  await beside.close();
  await rolecall.stop();
});
afterEach(() => {
  limits.gate = null;
  rolecall.simulator.faults.clear();
});

const runsAfter = async (last: number): Promise<StoredRun[]> => {
  const runs = (await Promise.all(tenants.map((tenantId) => beside.runs(tenantId)))).flat();
  return runs.filter(({ id }) => id > last);
};
const lastRun = async () => Math.max(...(await runsAfter(0)).map(({ id }) => id));

/** What each account asked AWS for in a cycle, but for `without`. */
function asked([from, to]: readonly [number, number], without: string[] = []) {
  const totals = new Map<string, { calls: number; queries: number }>();
  for (const { accountId, sequence, service, queries = 0 } of rolecall.simulator.calls.list({
    after: from,
  })) {
    if (sequence > to || service === 'sts' || without.includes(accountId!)) continue;
    const total = totals.get(accountId!) ?? { calls: 0, queries: 0 };
    totals.set(accountId!, total);
    total.calls += 1;
    total.queries += queries;
  }
  return totals;
}

async function cycle() {
  const before = await lastRun();
  const mark = rolecall.simulator.calls.mark();
  await rolecall.collect(5 * MINUTE);
  const states = new Map((await runsAfter(before)).map(({ accountId, state }) => [accountId, state]));
  const stored = await beside.connection.all<{ accountId: number; points: number }>(
    'SELECT account_id AS accountId, points_stored AS points FROM collection_run WHERE id > ? ORDER BY account_id',
    [before],
  );
  return { calls: [mark, rolecall.simulator.calls.mark()] as const, states, stored };
}

/** Throttles whatever the accounts ask. */
const throttle = (...accountIds: string[]) =>
  accountIds.forEach((accountId) =>
    rolecall.simulator.faults.add({ kind: 'throttle', match: { accountId } }),
  );

it('the others ask for as much, and get as much, as without it', async () => {
  const well = await cycle();
  expect(new Set(well.states.values())).toEqual(new Set(['SUCCEEDED']));
  throttle(SICK);
  const { calls, states, stored } = await cycle();
  expect(states.get(ids.get(SICK)!)).toBe('FAILED');
  states.delete(ids.get(SICK)!);
  expect(states.size).toBe(ACCOUNTS - 1);
  expect(new Set(states.values())).toEqual(new Set(['SUCCEEDED']));
  const others = asked(calls, [SICK]);
  expect(others.size).toBe(ACCOUNTS - 1);
  expect(others).toEqual(asked(well.calls, [SICK]));
  const ofOthers = (all: typeof stored) => all.filter(({ accountId }) => accountId !== ids.get(SICK));
  expect(ofOthers(stored)).toEqual(ofOthers(well.stored));
  expect(Math.min(...ofOthers(stored).map(({ points }) => points))).toBeGreaterThan(0);
}, 60_000);

it('holds one place, and not for long: it waits in buckets of its own, and is left alone in the end', async () => {
  throttle(SICK);
  const asks: number[] = [];
  for (let count = 0; count < 2; count++) {
    const waited = limits.waited.get(ids.get(SICK)!) ?? 0;
    const { calls, states } = await cycle();
    expect(states.get(ids.get(SICK)!)).toBe('FAILED');
    asks.push(asked(calls).get(SICK)?.calls ?? 0);
    expect((limits.waited.get(ids.get(SICK)!) ?? 0) - waited).toBeLessThan(60_000);
    // As much as five minutes do.
    limits.clock.advance(5 * MINUTE);
  }
  // Three attempts at each of its APIs to begin with.
  expect(Math.max(...asks)).toBeLessThanOrEqual(3 * 4);
  expect(asks.at(-1)).toBeLessThanOrEqual(asks[0]!);
  for (const [accountId, waited] of limits.waited) {
    if (accountId !== ids.get(SICK)) expect(waited).toBe(0);
  }
}, 300_000);

it('all others are collected while its turn does not come: the places that it does not hold are made use of', async () => {
  const sick = ids.get(SICK)!;
  let open = () => undefined as void;
  limits.gate = { accounts: new Set([sick]), opened: new Promise((resolve) => (open = resolve)) };
  const before = await lastRun();
  const cycled = rolecall.collect(5 * MINUTE);
  const ended = async () =>
    (await runsAfter(before)).filter(({ accountId, state }) => accountId !== sick && state === 'SUCCEEDED');
  await until(async () => (await ended()).length === ACCOUNTS - 1);
  open();
  await cycled;
}, 60_000);

it('a tenant of which every account is throttled to death does not keep the other waiting', async () => {
  const [first, second] = tenants as [number, number];
  const even = [...ids].filter(([awsAccountId]) => Number(awsAccountId) % 2 === 0).map(([, id]) => id);
  let open = () => undefined as void;
  limits.gate = { accounts: new Set(even), opened: new Promise((resolve) => (open = resolve)) };
  limits.atGate.clear();
  const before = await lastRun();
  const cycled = rolecall.collect(5 * MINUTE);
  const of = async (tenantId: number) => (await beside.runs(tenantId)).filter(({ id }) => id > before);
  const ended = async () => (await of(second)).filter(({ state }) => state === 'SUCCEEDED');
  await until(async () => (await ended()).length === ACCOUNTS / 2);
  // Those that wait hold what one tenant may, and no more.
  expect(limits.atGate.size).toBeLessThanOrEqual(Math.ceil(AT_ONCE * 0.75));
  expect((await of(first)).filter(({ state }) => state !== 'RUNNING')).toEqual([]);
  open();
  await cycled;
}, 60_000);

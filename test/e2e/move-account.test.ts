import { demoAccessKeyUser, demoAccountIds } from '../../src/simulator';
import type { GraphqlClient } from '../support/graphql-client';
import { MINUTE, startRolecall, type Rolecall } from '../support/rolecall';
import { until } from '../support/until';
import { ChangedAccounts, CreateTenant, MoveAccount, Moves } from './move-account.graphql';
import { makeRole, onboard, register } from './onboard';
import {
  Accounts,
  CollectNow,
  ConnectAccount,
  NodeById,
  PauseAccount,
  RemoveAccount,
  Resources,
  Runs,
  StoredSeries,
} from './operations.graphql';
import { compareWithOracle } from './oracle';

const { shop } = demoAccountIds;

let rolecall: Rolecall;
let admin: GraphqlClient;
/** Two customers below the root, side by side. */
let north: Customer;
let south: Customer;

interface Customer {
  id: string;
  client: GraphqlClient;
}

beforeEach(async () => {
  rolecall = await startRolecall();
  ({ admin } = rolecall);
  [north, south] = [await customer('North'), await customer('South')];
});
afterEach(() => rolecall.stop());

async function customer(name: string): Promise<Customer> {
  const { createTenant } = await admin.execute(CreateTenant, { input: { name } });
  const { id } = createTenant.tenant!;
  const tenantId = Number(Buffer.from(id, 'base64url').toString().split(':')[1]);
  const { secret } = await rolecall.gateway.access.createToken({ tenantId, name, role: 'ADMIN' });
  return { id, client: rolecall.client(secret) };
}

async function move(accountId: string, to: Customer, client = admin) {
  return (await client.execute(MoveAccount, { input: { accountId, tenantId: to.id } })).moveAccount;
}

/** Everything that a tenant sees of its accounts. */
async function seenBy({ client }: Customer) {
  const range = { last: 3_600 };
  const { accounts } = await client.execute(Accounts, { filter: { includeRemoved: true } });
  const { resources } = await client.execute(Resources, { filter: { includeGone: true }, first: 500 });
  const { collectionRuns } = await client.execute(Runs, { filter: {} });
  const { metricData } = await client.execute(StoredSeries, { filter: {}, range });
  return {
    accounts: accounts.nodes.map(({ id }) => id),
    resources: resources.nodes.map(({ id }) => id),
    runs: collectionRuns.nodes.map(({ id }) => id),
    series: metricData.series.map(({ metric, columns }) => ({ id: metric.id, values: columns.values })),
  };
}

const NOTHING = { accounts: [], resources: [], runs: [], series: [] };

describe('moveAccount', () => {
  it('takes the history and the external IDs along, and collection goes on without a gap', async () => {
    const accountId = await onboard(admin, rolecall.simulator, shop, { tenantId: north.id });
    const from = rolecall.clock.now() - 10_000;
    await rolecall.collect(5 * MINUTE);
    const before = await seenBy(north);
    expect(before.accounts).toEqual([accountId]);
    expect(before.series.length).toBeGreaterThan(100);
    expect(await seenBy(south)).toEqual(NOTHING);
    const ids = (await admin.execute(Accounts)).accounts.nodes[0]!.externalIds;

    const { account, errors } = await move(accountId, south);
    expect({ account, errors }).toMatchObject({
      account: { id: accountId, status: 'CONNECTED', tenant: { id: south.id } },
      errors: [],
    });
    expect(account!.externalIds.map(({ value }) => value)).toEqual(ids.map(({ value }) => value));
    expect(await seenBy(north)).toEqual(NOTHING);
    expect(await seenBy(south)).toEqual(before);
    for (const id of [accountId, before.resources[0]!, before.runs[0]!, before.series[0]!.id]) {
      expect((await north.client.execute(NodeById, { id })).node).toBeNull();
      expect((await south.client.execute(NodeById, { id })).node).not.toBeNull();
    }

    const movesIn = async ({ client }: Customer) => (await client.execute(Moves)).auditLog.nodes;
    expect(await movesIn(south)).toEqual([
      { actor: 'bootstrap', accountId, target: accountId, detail: { awsAccountId: shop } },
    ]);
    expect(await movesIn(north)).toEqual([]);

    await rolecall.collect(5 * MINUTE);
    await rolecall.collect(5 * MINUTE);
    const range = { from, to: from + 10 * MINUTE };
    expect(
      await compareWithOracle(south.client, rolecall.simulator, { accountIds: [accountId], ...range }),
    ).toMatchObject({ wrong: [], missing: [] });
    expect(await seenBy(north)).toEqual(NOTHING);
    expect((await seenBy(south)).runs).toHaveLength(3);
  });

  it('ends what runs for the old tenant, which leaves nothing there', async () => {
    const { simulator } = rolecall;
    const accountId = await onboard(admin, simulator, shop, { tenantId: north.id });
    simulator.faults.add({ kind: 'delay', delayMs: 60 });
    const { collectNow } = await north.client.execute(CollectNow, { input: { accountId } });
    const collection = rolecall.collect();
    await until(() => simulator.calls.list({ service: 'ec2', action: 'DescribeInstances' }).length > 0);
    await move(accountId, south);
    await collection;
    simulator.faults.clear();
    expect(await seenBy(north)).toEqual(NOTHING);
    const { collectionRuns } = await south.client.execute(Runs, { filter: {} });
    const run = collectionRuns.nodes.find(({ id }) => id === collectNow.run!.id)!;
    expect(['FAILED', 'PARTIAL']).toContain(run.state);
    expect(run.pointsStored).toBe(0);
    await rolecall.collect(5 * MINUTE);
    expect((await south.client.execute(Runs, { filter: {} })).collectionRuns.nodes[0]).toMatchObject({
      state: 'SUCCEEDED',
    });
    expect(await seenBy(north)).toEqual(NOTHING);
  });

  it('seals a stored access key again: it is used for the new tenant, and never shown', async () => {
    const { accessKeyId, secretAccessKey } = demoAccessKeyUser;
    const { id: accountId } = await register(admin, 'Payments', { tenantId: north.id });
    await admin.execute(ConnectAccount, {
      input: { accountId, accessKey: { accessKeyId, secretAccessKey } },
    });
    await rolecall.collect(5 * MINUTE);
    expect((await move(accountId, south)).errors).toEqual([]);
    await rolecall.restart();
    // The tick of the start itself: a later one would join it.
    await rolecall.collect();
    await rolecall.collect(5 * MINUTE);
    const { collectionRuns } = await rolecall.admin.execute(Runs, { filter: { accountIds: [accountId] } });
    expect(collectionRuns.nodes.map(({ state }) => state)).toEqual(['SUCCEEDED', 'SUCCEEDED']);
    expect(collectionRuns.nodes[0]!.pointsStored).toBeGreaterThan(0);
  });

  it('is refused where the AWS account is connected already, and leaves all as it was', async () => {
    const accountId = await onboard(admin, rolecall.simulator, shop, { tenantId: north.id });
    const twin = await register(admin, 'Twin', { tenantId: south.id });
    const roleArn = makeRole(rolecall.simulator, shop, twin.onboarding!, 'twin');
    await admin.execute(ConnectAccount, { input: { accountId: twin.id, roleArn } });
    const before = await seenBy(north);
    expect(await move(accountId, south)).toMatchObject({
      account: null,
      errors: [{ __typename: 'Conflict', code: 'RC_ACCOUNT_AWS_ID_CONNECTED', path: ['input', 'accountId'] }],
    });
    expect(await seenBy(north)).toEqual(before);
    await admin.execute(RemoveAccount, { input: { accountId: twin.id } });
    expect((await move(accountId, south)).errors).toEqual([]);
  });

  it('moves what is paused, awaiting or removed as it is, and to where it is already not at all', async () => {
    const accountId = await onboard(admin, rolecall.simulator, shop, { tenantId: north.id });
    const waiting = await register(admin, 'Waiting', { tenantId: north.id });
    await admin.execute(PauseAccount, { input: { accountId } });
    expect((await move(accountId, south)).account).toMatchObject({ status: 'PAUSED' });
    expect((await move(waiting.id, south)).account).toMatchObject({ status: 'AWAITING_ROLE' });
    rolecall.simulator.calls.clear();
    await rolecall.collect(10 * MINUTE);
    expect(rolecall.simulator.calls.list({ service: 'ec2' })).toEqual([]);
    await admin.execute(RemoveAccount, { input: { accountId } });
    expect(await move(accountId, north)).toMatchObject({ account: { status: 'REMOVED' }, errors: [] });
    expect(await move(accountId, north)).toMatchObject({ account: { tenant: { id: north.id } }, errors: [] });
  });

  it('is for those who administer both tenants, and a foreign one is as a missing one', async () => {
    const accountId = await onboard(admin, rolecall.simulator, shop, { tenantId: north.id });
    const missing = { ...south, id: Buffer.from('Tenant:987654').toString('base64url') };
    const refused = [{ __typename: 'NotFound', code: 'RC_TENANT_NOT_FOUND', path: ['input', 'tenantId'] }];
    for (const to of [south, missing]) {
      expect(await move(accountId, to, north.client)).toEqual({ account: null, errors: refused });
    }
    expect(await move(accountId, south, south.client)).toMatchObject({
      errors: [{ __typename: 'NotFound', code: 'RC_ACCOUNT_NOT_FOUND', path: ['input', 'accountId'] }],
    });
    expect((await seenBy(north)).accounts).toEqual([accountId]);
  });

  it('is told to the new tenant and to those above, and no more to the old one', async () => {
    const accountId = await onboard(admin, rolecall.simulator, shop, { tenantId: north.id });
    const heard = { north: new Set<string>(), south: new Set<string>(), admin: new Set<string>() };
    const listen = async (client: GraphqlClient, names: Set<string>) => {
      for await (const { accountChanges } of client.subscribe(ChangedAccounts)) {
        names.add(`${accountChanges.tenant.name} ${accountChanges.name}`);
      }
    };
    const listening = [
      listen(north.client, heard.north),
      listen(south.client, heard.south),
      listen(admin, heard.admin),
    ];
    const everyoneHears = async (name: string) => {
      await until(async () => {
        await register(admin, name, { tenantId: north.id });
        await register(admin, name, { tenantId: south.id });
        return heard.north.has(`North ${name}`) && heard.south.has(`South ${name}`) && heard.admin.size > 1;
      });
    };
    await everyoneHears('first');
    await move(accountId, south);
    await everyoneHears('last');
    const name = `South Account ${shop}`;
    expect([heard.north, heard.south, heard.admin].map((names) => names.has(name))).toEqual([
      false,
      true,
      true,
    ]);
    expect([...heard.north].every((one) => one.startsWith('North '))).toBe(true);
    await Promise.all([north.client, south.client, admin].map((client) => client.close()));
    await Promise.allSettled(listening);
  });
});

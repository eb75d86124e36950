import { demoAccountIds } from '../../src/simulator';
import type { GraphqlClient } from '../support/graphql-client';
import { MINUTE, MORNING, startRolecall, type Rolecall } from '../support/rolecall';
import { until } from '../support/until';
import { onboard } from './onboard';
import {
  Accounts,
  CancelRotation,
  CollectNow,
  ConnectAccount,
  DropCredentials,
  MetricUpdates,
  NodeById,
  PauseAccount,
  Progress,
  RegisterAccount,
  RemoveAccount,
  ResourceChanges,
  Resources,
  ResumeAccount,
  RotateExternalId,
  Runs,
  StatusChanges,
  StoredSeries,
  UpdateAccount,
  VerifyAccount,
} from './operations.graphql';
import { compareWithOracle } from './oracle';

const HOUR = 60 * MINUTE;
const HOUR_START = MORNING - (MORNING % HOUR);
const DAY = {
  from: new Date(HOUR_START - 12 * HOUR).toISOString(),
  to: new Date(HOUR_START + 12 * HOUR).toISOString(),
};

let rolecall: Rolecall;
/** Of two tenants below the root, side by side. */
let own: GraphqlClient;
let other: GraphqlClient;
let mine: string;
let theirs: string;

beforeAll(async () => {
  rolecall = await startRolecall();
  [own, other] = [await clientOfNewTenant('Own'), await clientOfNewTenant('Other')];
  [mine, theirs] = await Promise.all([
    onboard(own, rolecall.simulator, demoAccountIds.shop),
    onboard(other, rolecall.simulator, demoAccountIds.media),
  ]);
});
afterAll(() => rolecall.stop());

/** As the command line makes a tenant, beside the gateway. */
async function clientOfNewTenant(name: string): Promise<GraphqlClient> {
  const { access } = rolecall.gateway;
  const { id: tenantId } = await access.createTenant(name);
  const { secret } = await access.createToken({ tenantId, name, role: 'ADMIN' });
  return rolecall.client(secret);
}

/** Everything that a tenant sees through lists, as one text. */
async function everythingSeenBy(client: GraphqlClient): Promise<string> {
  const answers = [
    await client.execute(Accounts, { filter: { includeRemoved: true } }),
    await client.execute(Resources, { filter: { includeGone: true }, first: 500 }),
    await client.execute(Runs, { filter: {} }),
    await client.execute(StoredSeries, { filter: {}, range: DAY }),
  ];
  return JSON.stringify(answers);
}

describe('two tenants at once', () => {
  it('collect and read side by side, and never see each other’s rows', async () => {
    const reads: Promise<string>[] = [];
    for (let cycle = 0; cycle < 6; cycle++) {
      const collection = rolecall.collect(5 * MINUTE);
      reads.push(everythingSeenBy(own), everythingSeenBy(other));
      await collection;
    }
    const seen = await Promise.all(reads);
    seen.forEach((text, index) => {
      const [own, foreign] =
        index % 2 === 0
          ? [demoAccountIds.shop, demoAccountIds.media]
          : [demoAccountIds.media, demoAccountIds.shop];
      expect(text).toContain(own);
      expect(text).not.toContain(foreign);
    });
    const range = { from: HOUR_START - 2 * HOUR, to: HOUR_START + 20 * MINUTE };
    for (const [client, accountId] of [
      [own, mine],
      [other, theirs],
    ] as const) {
      const result = await compareWithOracle(client, rolecall.simulator, {
        accountIds: [accountId],
        ...range,
      });
      expect(result).toMatchObject({ wrong: [], missing: [] });
      expect(result.equal).toBeGreaterThan(1000);
    }
  });
});

describe('a foreign id', () => {
  /** An id of the same form that names nothing. */
  const missing = (id: string) =>
    Buffer.from(Buffer.from(id, 'base64url').toString().replace(/\d+$/, '987654321')).toString('base64url');

  /** What the other tenant is answered, without the id itself. */
  const answer = async (id: string, ask: (id: string) => Promise<unknown>) =>
    JSON.stringify(await ask(id).catch((error: Error) => error.message)).replaceAll(id, '<id>');

  const foreignIds = async () => {
    const { resources } = await own.execute(Resources, { filter: {} });
    const { collectionRuns } = await own.execute(Runs, { filter: {} });
    const { metricData } = await own.execute(StoredSeries, { filter: {}, range: DAY });
    return {
      account: mine,
      resource: resources.nodes[0]!.id,
      run: collectionRuns.nodes[0]!.id,
      metric: metricData.series[0]!.metric.id,
    };
  };

  it('answers as a missing one in every query', async () => {
    const ids = await foreignIds();
    const queries: ((id: string) => Promise<unknown>)[] = [
      (id) => other.execute(NodeById, { id }),
      (id) => other.execute(Accounts, { filter: { ids: [id] } }),
      (id) => other.execute(Resources, { filter: { ids: [id] } }),
      (id) => other.execute(Resources, { filter: { accountIds: [id] } }),
      (id) => other.execute(Runs, { filter: { accountIds: [id] } }),
      (id) => other.execute(StoredSeries, { filter: { ids: [id] }, range: DAY }),
      (id) => other.execute(StoredSeries, { filter: { accountIds: [id] }, range: DAY }),
      (id) => other.execute(StoredSeries, { filter: { resourceIds: [id] }, range: DAY }),
    ];
    for (const id of Object.values(ids)) {
      for (const query of queries) {
        const foreign = await answer(id, query);
        expect(foreign).toBe(await answer(missing(id), query));
        expect(foreign).not.toContain(demoAccountIds.shop);
      }
    }
  });

  it('answers as a missing one in every mutation, and changes nothing', async () => {
    const before = await everythingSeenBy(own);
    rolecall.simulator.calls.clear();
    const mutations: ((accountId: string) => Promise<unknown>)[] = [
      (accountId) =>
        other.execute(ConnectAccount, {
          input: { accountId, roleArn: `arn:aws:iam::${demoAccountIds.shop}:role/rolecall` },
        }),
      (accountId) => other.execute(UpdateAccount, { input: { accountId, name: 'Taken' } }),
      ...[VerifyAccount, PauseAccount, ResumeAccount, RotateExternalId, CancelRotation, DropCredentials].map(
        (mutation) => (accountId: string) =>
          other.execute(mutation as typeof VerifyAccount, { input: { accountId } }),
      ),
      (accountId) => other.execute(CollectNow, { input: { accountId } }),
      (accountId) => other.execute(RemoveAccount, { input: { accountId, keepHistory: false } }),
    ];
    for (const mutation of mutations) {
      const foreign = await answer(mine, mutation);
      expect(foreign).toContain('RC_ACCOUNT_NOT_FOUND');
      expect(foreign).toBe(await answer(missing(mine), mutation));
    }
    expect(rolecall.simulator.calls.list()).toEqual([]);
    expect(await everythingSeenBy(own)).toBe(before);
  });

  it('of a tenant cannot be registered for', async () => {
    for (const key of ['Tenant:1', 'Tenant:2', 'Tenant:987654', 'Account:3']) {
      const { registerAccount } = await other.execute(RegisterAccount, {
        input: { name: 'Theirs', tenantId: Buffer.from(key).toString('base64url') },
      });
      expect(registerAccount).toMatchObject({
        account: null,
        errors: [{ code: 'RC_ACCOUNT_TENANT_INVALID', message: 'That tenant is not yours' }],
      });
    }
  });
});

describe('a foreign cursor and a foreign stream', () => {
  it('show only the caller’s own rows', async () => {
    const page = await own.execute(Resources, { filter: {}, first: 2 });
    const { resources } = await other.execute(Resources, {
      filter: {},
      first: 500,
      after: page.resources.pageInfo.endCursor,
    });
    expect(resources.nodes.every(({ account }) => account.id === theirs)).toBe(true);
  });

  it('tell nothing of another tenant, of any kind', async () => {
    const heard: string[] = [];
    const listen = async <T>(stream: AsyncGenerator<T>) => {
      for await (const message of stream) heard.push(JSON.stringify(message));
    };
    const listening = [
      listen(other.subscribe(MetricUpdates, { filter: { names: ['CPUUtilization'] } })),
      listen(other.subscribe(ResourceChanges)),
      listen(other.subscribe(StatusChanges)),
      listen(other.subscribe(Progress)),
    ];
    const kinds = ['metricUpdates', 'resourceChanges', 'accountStatusChanges', 'collectionProgress'];
    // Until each stream has told of something of ours, everything of both tenants is made to happen again.
    const becomes = (state: { Code: number; Name: 'running' | 'stopped' }) => {
      for (const [accountId, region] of [
        [demoAccountIds.shop, 'eu-central-1'],
        [demoAccountIds.media, 'eu-west-1'],
      ] as const) {
        const [instance] = rolecall.simulator.world.resources(accountId, region).instances.values();
        instance!.State = state;
      }
    };
    let round = 0;
    await until(async () => {
      becomes(round++ % 2 ? { Code: 16, Name: 'running' } : { Code: 80, Name: 'stopped' });
      for (const [client, accountId] of [
        [own, mine],
        [other, theirs],
      ] as const) {
        await client.execute(PauseAccount, { input: { accountId } });
        await client.execute(ResumeAccount, { input: { accountId } });
      }
      await rolecall.collect(5 * MINUTE);
      return kinds.every((kind) => heard.some((message) => message.includes(kind)));
    });
    await other.close();
    await Promise.allSettled(listening);
    const runsOfMine = await own.execute(Runs, { filter: { accountIds: [mine] } });
    const foreign = [mine, ...runsOfMine.collectionRuns.nodes.map(({ id }) => id), 'web-1', 'checkout'];
    for (const id of foreign) expect(heard.join()).not.toContain(`"${id}"`);
    expect(heard.join()).toContain(theirs);
  });
});

describe('the root', () => {
  it('sees and hears both', async () => {
    const seen = await everythingSeenBy(rolecall.admin);
    for (const accountId of [demoAccountIds.shop, demoAccountIds.media]) expect(seen).toContain(accountId);
    const heard: string[] = [];
    const listening = (async () => {
      for await (const message of rolecall.admin.subscribe(StatusChanges))
        heard.push(JSON.stringify(message));
    })();
    await until(async () => {
      for (const [client, accountId] of [
        [own, mine],
        [other, theirs],
      ] as const) {
        await client.execute(PauseAccount, { input: { accountId } });
        await client.execute(ResumeAccount, { input: { accountId } });
      }
      return [mine, theirs].every((id) => heard.some((message) => message.includes(id)));
    });
    await rolecall.admin.close();
    await Promise.allSettled([listening]);
  });
});

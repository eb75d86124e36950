import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase } from '../../src/db';
import type { CpuOfAllInstancesQuery, LatestValuesQuery } from '../../src/demo/gql/graphql';
import { Accounts, Resources, VerifyAccount } from '../e2e/operations.graphql';
import { GraphqlClient, subscriptionClient } from '../support/graphql-client';
import { Command, killCommands, MAIN, until } from './command';
import { freePort, isFree } from './free-port';
import { RunStates } from './operations.graphql';

const CUSTOMERS = ['Harbour Payments', 'Northlight Media', 'Tidewater Shop'];
const READY_MS = 10_000;
/** A refusal of the server comes within this time. */
const REFUSAL_MS = 500;

/** What the demo printed for a newcomer. */
interface Welcome {
  url: string;
  token: string;
  /** Two queries and a subscription. */
  documents: string[];
}

let dataDir: string;
let ports: { api: number; simulator: number };

beforeAll(async () => {
  dataDir = join(mkdtempSync(join(tmpdir(), 'rolecall-demo-')), 'demo');
  ports = { api: await freePort(), simulator: await freePort() };
});
afterAll(async () => {
  await killCommands();
  rmSync(join(dataDir, '..'), { recursive: true });
});

/** Starts the demo and reads what it prints. */
async function startDemo(): Promise<{ demo: Command; welcome: Welcome; admin: GraphqlClient }> {
  const since = Date.now();
  const demo = new Command(MAIN, ['demo'], {
    ROLECALL_PORT: String(ports.api),
    ROLECALL_SIMULATOR_PORT: String(ports.simulator),
    ROLECALL_DATA_DIR: dataDir,
  });
  await demo.printed(/(Ctrl-C stops both)/);
  expect(Date.now() - since).toBeLessThan(READY_MS);
  const welcome = {
    url: await demo.printed(/^ {2}(http\S+\/graphql) /m),
    token: await demo.printed(/Authorization: Bearer (\S+)$/m),
    documents: demo.stdout.match(/^(query|subscription) [\s\S]+?^}$/gm) ?? [],
  };
  return { demo, welcome, admin: new GraphqlClient(welcome) };
}

/** Executes a document as it was pasted. */
const paste = <Result>(client: GraphqlClient, document: string) =>
  client.execute<Result, Record<never, never>>({ toString: () => document });

/** The message of the server's refusal of a subscription; null when it goes on. */
async function refusalOf(welcome: Welcome, document: string): Promise<string | null> {
  const client = subscriptionClient(welcome);
  const refusal = new Promise<string>((resolve) =>
    client.subscribe(
      { query: document },
      {
        next: ({ errors }) => errors && resolve(JSON.stringify(errors)),
        error: (error) => resolve(JSON.stringify(error)),
        complete: () => resolve('complete'),
      },
    ),
  );
  const result = await Promise.race([refusal, sleep(REFUSAL_MS, null)]);
  await client.dispose();
  return result;
}

async function accountsOf(admin: GraphqlClient) {
  const { accounts } = await admin.execute(Accounts);
  return accounts.nodes.sort((a, b) => a.name.localeCompare(b.name));
}

/** Every resource by its ARN, one entry a row. */
async function arnsOf(admin: GraphqlClient): Promise<string[]> {
  const { resources } = await admin.execute(Resources, { filter: {}, first: 500 });
  return resources.nodes.map(({ arn }) => arn!).sort();
}

/** The CPU query's answer: every series has values, one after another. */
function expectNoGap({ metricData }: CpuOfAllInstancesQuery): void {
  expect(metricData.series.length).toBeGreaterThan(20);
  for (const { metric, values } of metricData.series) {
    const present = values.map((value, index) => (value === null ? -1 : index)).filter((index) => index >= 0);
    const span = present.length === 0 ? 0 : present[present.length - 1] - present[0] + 1;
    expect({ name: metric.resource.name, gaps: span - present.length }).toMatchObject({ gaps: 0 });
    expect(present.length).toBeGreaterThan(30);
  }
}

/** As if the demo had been stopped for longer than an interval. */
async function makeDue(accounts: number): Promise<void> {
  const database = await openDatabase({
    file: join(dataDir, 'rolecall.sqlite'),
    awsEndpoint: `http://127.0.0.1:${ports.simulator}`,
  });
  for (let id = 1; id <= accounts; id++) await database.leases.schedule(id, Date.now() - 1000);
  await database.close();
}

describe('npm run demo', () => {
  let first: Welcome;
  let resources: string[];

  it('answers what it prints, and stops at Ctrl-C', async () => {
    const { demo, welcome, admin } = await startDemo();
    first = welcome;
    expect(welcome.url).toBe(`http://127.0.0.1:${ports.api}/graphql`);
    const tokenFile = join(dataDir, 'admin-token');
    expect(readFileSync(tokenFile, 'utf8').trim()).toBe(welcome.token);
    expect(statSync(tokenFile).mode & 0o777).toBe(0o600);

    const accounts = await accountsOf(admin);
    expect(accounts.map(({ name, status, connection }) => ({ name, status, connection }))).toEqual(
      CUSTOMERS.map((name, index) => ({
        name,
        status: 'CONNECTED',
        connection: index === 0 ? 'ACCESS_KEY' : 'ROLE',
      })),
    );
    resources = await arnsOf(admin);
    expect(resources.length).toBeGreaterThan(40);

    const [latest, cpu, live] = welcome.documents;
    expect(welcome.documents).toHaveLength(3);
    const { resources: found } = await paste<LatestValuesQuery>(admin, latest);
    expect(found.totalCount).toBe(resources.length);
    expect(found.nodes.some(({ metrics }) => metrics.some(({ latest: point }) => point !== null))).toBe(true);
    expectNoGap(await paste<CpuOfAllInstancesQuery>(admin, cpu));
    expect(live).toMatch(/^subscription /);
    expect(await refusalOf(welcome, live.replace('collectedAt', 'nonsense'))).toContain('nonsense');
    expect(await refusalOf(welcome, live)).toBeNull();

    expect(await demo.stop('SIGINT')).toEqual({ code: 0, signal: null });
    expect(demo.stderr).toBe('');
    expect(await Promise.all([isFree(ports.api), isFree(ports.simulator)])).toEqual([true, true]);
  });

  it('goes on where it stopped, and makes up what became due meanwhile', async () => {
    await makeDue(CUSTOMERS.length);
    const { demo, welcome, admin } = await startDemo();
    expect(welcome).toEqual(first);
    const runs = await until('what was due is collected', async () => {
      const { collectionRuns } = await admin.execute(RunStates);
      const ended = collectionRuns.nodes.filter(({ finishedAt }) => finishedAt !== null);
      const scheduled = ended.filter(({ trigger }) => trigger === 'SCHEDULE');
      // An account's own due time may pass while the test runs: there may be more, never fewer.
      return scheduled.length >= CUSTOMERS.length ? ended : null;
    });
    expect(runs.filter(({ trigger }) => trigger === 'MANUAL')).toHaveLength(CUSTOMERS.length);
    // Only a backfill gives way, to Ctrl-C as to live work.
    const live = runs.filter(({ trigger }) => trigger !== 'BACKFILL');
    expect(new Set(live.map(({ state }) => state))).toEqual(new Set(['SUCCEEDED']));
    expect(runs.filter(({ state }) => state === 'FAILED')).toEqual([]);
    const accounts = await accountsOf(admin);
    expect(accounts.map(({ name, status }) => ({ name, status }))).toEqual(
      CUSTOMERS.map((name) => ({ name, status: 'CONNECTED' })),
    );
    for (const { id } of accounts) {
      const { verifyAccount } = await admin.execute(VerifyAccount, { input: { accountId: id } });
      expect(verifyAccount).toMatchObject({ errors: [], verification: { ok: true } });
    }
    expect(await arnsOf(admin)).toEqual(resources);
    expectNoGap(await paste<CpuOfAllInstancesQuery>(admin, welcome.documents[1]));
    expect(await demo.stop('SIGINT')).toEqual({ code: 0, signal: null });
    expect(demo.stderr).toBe('');
  });
});

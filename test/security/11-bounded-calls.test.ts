import { getEventListeners } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { DescribeRegionsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { manyListened } from '../../src/core/abort';
import { AwsClients } from '../../src/core/aws/aws-clients';
import { describeAwsError } from '../../src/core/aws/aws-error';
import { demoWorld, startSimulator, type World } from '../../src/simulator';
import { onboard } from '../e2e/onboard';
import { Accounts, DropCredentials, Runs } from '../e2e/operations.graphql';
import { recogniseErrorsOfNode } from '../support/errors-of-node';
import { gatewayCredentials, MINUTE, startRolecall, type Rolecall } from '../support/rolecall';
import { until } from '../support/until';
import { ChaosProxy, type Toxic } from './support/chaos-proxy';
import { connect, prepare } from './support/connect';
import { TRUST_VARIANTS, type TrustVariant } from './support/trust-variants';

/** Every outbound call is bounded, whatever AWS or the way there does, and no run outlives its deadline. */

recogniseErrorsOfNode();

const [EXACT] = TRUST_VARIANTS as [TrustVariant];
const GRACE_MS = 2_000;
/** So short that what is bounded is over soon. */
const LIMITS = {
  ...{ requestMs: 400, stsMs: 300, probeMs: 400, listingMs: 200, discoveryMs: 3_000, runMs: 10_000 },
  attempts: 2,
};
/** Nothing but the run's own deadline ends a call. (Sessions are minted for all runs, and outlive one.) */
const UNBOUNDED = { requestMs: 60_000, stsMs: 300, discoveryMs: 60_000, runMs: 600 };

/** A drip is faster than any limit of silence, and slower than any of the whole. */
const DRIP = { type: 'slicer', delayMs: 20 } as const;
const TOXICS: Record<string, Toxic> = {
  'a black hole': { type: 'timeout' },
  'silence in the middle of the answer': { type: 'timeout', onBody: true },
  'a byte at a time': DRIP,
  'a byte at a time after the head': { ...DRIP, onBody: true },
  'a reset': { type: 'reset_peer' },
  'half an answer': { type: 'limit_data', bytes: 100, onBody: true },
};
/** Of these a client learns the least, or the latest. */
const TOUGHEST = ['a black hole', 'a byte at a time after the head'];
const HEALTHY = 'us-east-1';
/** Each toxic has a Region to itself, so that one run meets them all. */
const REGION_OF = new Map(
  ['us-east-2', 'us-west-1', 'us-west-2', 'eu-west-1', 'eu-west-2', 'eu-west-3'].map((region, index) => [
    Object.keys(TOXICS)[index]!,
    region,
  ]),
);
const REGIONS = [HEALTHY, ...REGION_OF.values()];

/** AWS did not answer in time, or the way there broke: nobody else's fault, and worth another try. */
const faultOf = ({ type }: Toxic) => ({
  // By this name the SDK's handler knows a reset too, before the head of an answer.
  code: type === 'limit_data' ? 'ECONNRESET' : 'TimeoutError',
  message: expect.not.stringContaining('Deserialization'),
  retryable: true,
  missingActions: [],
});

const [large, small] = ['500000000000', '500000000001'];
function world(): World {
  const made = demoWorld();
  const fill = (accountId: string, regions: string[]) => {
    made.addAccount({ id: accountId, enabledRegions: regions });
    for (const region of regions) {
      made.addInstance({ accountId, region });
      made.addDbInstance({ accountId, region, identifier: 'orders' });
      made.addLoadBalancer({ accountId, region, name: 'front' });
    }
  };
  fill(large, REGIONS);
  fill(small, [HEALTHY]);
  return made;
}

let proxy: ChaosProxy;
let rolecall: Rolecall;

async function start(limits: object = LIMITS): Promise<void> {
  proxy = await ChaosProxy.start();
  rolecall = await startRolecall({
    world: world(),
    settings: { ROLECALL_AWS_ENDPOINT: proxy.url },
    limits,
  });
  proxy.targetPort = rolecall.simulator.port;
}

async function stop(): Promise<void> {
  await rolecall.stop();
  await proxy.close();
}

/** Collects once. @returns the run, and how long it took in milliseconds. */
async function collect() {
  const since = performance.now();
  await rolecall.collect(5 * MINUTE);
  const took = performance.now() - since;
  const { collectionRuns } = await rolecall.admin.execute(Runs, {});
  return { run: collectionRuns.nodes[0]!, took };
}

type Run = Awaited<ReturnType<typeof collect>>['run'];
const errorsIn = ({ steps }: Run) => steps.flatMap(({ error }) => error ?? []);
const status = async () => (await rolecall.admin.execute(Accounts, {})).accounts.nodes[0]!.status;

describe('a service that does not answer as it should', () => {
  beforeAll(async () => {
    await start();
    await onboard(rolecall.admin, rolecall.simulator, large, { regions: REGIONS });
  });
  afterAll(stop);

  describe.each([
    ['ec2', 'DISCOVER', 'ec2'],
    ['rds', 'DISCOVER', 'rds'],
    ['elasticloadbalancing', 'DISCOVER', 'elb'],
    ['monitoring', 'FETCH', null],
  ])('%s', (service, step, plugin) => {
    let run: Run;
    let took: number;
    beforeAll(async () => {
      for (const [name, region] of REGION_OF) proxy.add(TOXICS[name]!, { service, region });
      ({ run, took } = await collect());
      proxy.clear();
    });

    const stepsIn = (region?: string) =>
      run.steps.filter((one) => one.step === step && one.plugin === plugin && one.region === region);

    it.each([...REGION_OF])('%s: AWS is to blame, or the way there', (name, region) => {
      expect(stepsIn(region)).toMatchObject([{ state: 'FAILED', error: faultOf(TOXICS[name]!) }]);
    });

    it('all the rest is collected, in time, and no connection is left waiting', () => {
      const failed = [...REGION_OF.values()].flatMap(stepsIn);
      expect(run.steps.filter((one) => one.error && !failed.includes(one))).toEqual([]);
      expect(stepsIn(HEALTHY)).toMatchObject([{ state: 'SUCCEEDED' }]);
      expect(run.state).toBe('PARTIAL');
      expect(run.pointsStored).toBeGreaterThan(0);
      expect(took).toBeLessThan(LIMITS.runMs + GRACE_MS);
      expect(proxy.connections.spoilt).toBe(0);
    });
  });

  it('and is well again at once', async () => {
    const { run } = await collect();
    expect(run).toMatchObject({ state: 'SUCCEEDED' });
    expect(await status()).toBe('CONNECTED');
  });
});

describe('a list of metrics that does not come as it should', () => {
  beforeAll(async () => {
    await start();
    await onboard(rolecall.admin, rolecall.simulator, large, { regions: REGIONS });
    // The second proof, and what is known.
    await collect();
  });
  afterAll(stop);

  it('costs nothing but time: everything is asked for, in every Region', async () => {
    for (const [name, region] of REGION_OF) {
      proxy.add(TOXICS[name]!, { service: 'monitoring', action: 'ListMetrics', region });
    }
    const mark = rolecall.simulator.calls.mark();
    const runs: Run[] = [];
    // Within two hours every namespace is listed, or tried.
    for (let cycle = 0; cycle < 4; cycle++) {
      rolecall.clock.advance(25 * MINUTE);
      const { run, took } = await collect();
      expect(took).toBeLessThan(LIMITS.runMs + GRACE_MS);
      runs.push(run);
    }
    expect(rolecall.simulator.calls.list({ after: mark, action: 'ListMetrics' })).not.toEqual([]);
    const fetched = runs.flatMap(({ steps }) => steps.filter(({ step }) => step === 'FETCH'));
    expect(fetched.filter(({ state }) => state !== 'SUCCEEDED')).toEqual([]);
    expect(fetched).toHaveLength(4 * REGIONS.length);
    await until(() => proxy.connections.spoilt === 0);
  }, 60_000);
});

describe('STS that does not answer as it should', () => {
  let accountId: string;
  beforeAll(async () => {
    await start();
    accountId = await onboard(rolecall.admin, rolecall.simulator, small, {
      regions: [HEALTHY],
      plugins: ['ec2'],
    });
  });
  afterAll(stop);
  beforeEach(async () => {
    await rolecall.admin.execute(DropCredentials, { input: { accountId } });
  });
  afterEach(() => proxy.clear());

  it.each(Object.entries(TOXICS))('%s: no customer is to blame', async (_name, toxic) => {
    proxy.add(toxic, { service: 'sts' });
    const { run, took } = await collect();
    expect(run.state).toBe('FAILED');
    expect(errorsIn(run)).toMatchObject([faultOf(toxic)]);
    expect(took).toBeLessThan(LIMITS.runMs + GRACE_MS);
    expect(proxy.connections.spoilt).toBe(0);
    expect(await status()).toBe('DEGRADED');
  });

  it.each(TOUGHEST)('%s in two Regions of three: nothing is missed', async (name) => {
    for (const region of ['us-east-1', 'eu-west-1']) proxy.add(TOXICS[name]!, { service: 'sts', region });
    const { run } = await collect();
    expect(run.state).toBe('SUCCEEDED');
    expect(await status()).toBe('CONNECTED');
  });

  it.each(TOUGHEST)('%s: a proof ends, and proves nothing', async (name) => {
    const candidate = await prepare(rolecall, large, EXACT, { selfAudit: true });
    proxy.add(TOXICS[name]!, { service: 'sts' });
    const since = performance.now();
    const { account, verification, errors } = await connect(rolecall, candidate);
    expect(performance.now() - since).toBeLessThan(3 * LIMITS.stsMs + GRACE_MS);
    expect({ account, verification }).toEqual({ account: null, verification: null });
    expect(errors).toMatchObject([{ code: 'RC_AWS_CALL_FAILED' }]);
  });

  it('a proof ends when services and IAM do not answer, and finds no fault by that', async () => {
    const settings = { regions: [HEALTHY] };
    const candidate = await prepare(rolecall, large, EXACT, { selfAudit: true, settings });
    for (const service of ['ec2', 'iam', 'monitoring']) proxy.add({ ...DRIP, onBody: true }, { service });
    const since = performance.now();
    const { account, verification } = await connect(rolecall, candidate);
    expect(performance.now() - since).toBeLessThan(2 * LIMITS.requestMs + 3 * LIMITS.probeMs + GRACE_MS);
    expect(account).toMatchObject({ status: 'CONNECTED' });
    const { checks } = verification!;
    expect(checks.filter(({ outcome }) => outcome === 'FAILED')).toEqual([]);
    expect(checks).toContainEqual(
      expect.objectContaining({ name: 'PERMISSIONS_NOT_EXCESSIVE', outcome: 'SKIPPED' }),
    );
    await until(() => proxy.connections.spoilt === 0);
  });
});

describe('a service that hangs in every Region', () => {
  afterEach(stop);

  it('takes the blame from the plugin that waited for it', async () => {
    await start({ ...LIMITS, requestMs: 60_000, discoveryMs: 400 });
    await onboard(rolecall.admin, rolecall.simulator, small, { regions: [HEALTHY] });
    const toxic = TOXICS['a black hole']!;
    proxy.add(toxic, { service: 'rds' });
    const { run } = await collect();
    expect(run.state).toBe('PARTIAL');
    expect(errorsIn(run)).toMatchObject([faultOf(toxic)]);
  });

  it('keeps neither other plugins waiting, nor the metrics of what is known', async () => {
    const limits = { ...UNBOUNDED, runMs: 4_000, discoveriesPerAccount: 3 };
    await start(limits);
    await onboard(rolecall.admin, rolecall.simulator, large, { regions: REGIONS });
    // The second proof, and what is known.
    await collect();
    proxy.add(TOXICS['a black hole']!, { service: 'ec2' });
    const { run, took } = await collect();
    const failed = run.steps.filter(({ error }) => error);
    expect(new Set(failed.map(({ step, plugin }) => `${step} ${plugin}`))).toEqual(new Set(['DISCOVER ec2']));
    expect(failed).toHaveLength(REGIONS.length);
    expect(run.steps.filter(({ step }) => step === 'FETCH')).toHaveLength(REGIONS.length);
    expect(run.pointsStored).toBeGreaterThan(0);
    expect(took).toBeLessThan(limits.runMs);
  });
});

describe('a list of Regions that does not come', () => {
  beforeAll(() => start({ ...LIMITS, requestMs: 60_000, discoveryMs: 400 }));
  afterAll(stop);

  it('costs the first collection, and no later one', async () => {
    await onboard(rolecall.admin, rolecall.simulator, small);
    const toxic = TOXICS['a byte at a time after the head']!;
    proxy.add(toxic, { service: 'ec2' });
    const { run: first } = await collect();
    expect(first.state).toBe('FAILED');
    expect(errorsIn(first)).toMatchObject([faultOf(toxic)]);
    expect(await status()).toBe('DEGRADED');
    proxy.clear();
    expect((await collect()).run.state).toBe('SUCCEEDED');
    proxy.add(TOXICS['a black hole']!, { service: 'ec2' });
    const { run: later, took } = await collect();
    const failed = later.steps.filter(({ error }) => error).map(({ step, plugin }) => [step, plugin]);
    expect(failed).toEqual([
      ['CREDENTIALS', null],
      ['DISCOVER', 'ec2'],
    ]);
    expect(later.pointsStored).toBeGreaterThan(0);
    expect(took).toBeLessThan(LIMITS.runMs);
  });
});

describe('a run that nothing else ends', () => {
  let accountId: string;
  beforeAll(async () => {
    await start(UNBOUNDED);
    accountId = await onboard(rolecall.admin, rolecall.simulator, small, { regions: [HEALTHY] });
    // The second proof.
    await collect();
  });
  afterAll(stop);
  afterEach(() => proxy.clear());

  const services = ['sts', 'ec2', 'rds', 'elasticloadbalancing', 'monitoring'];
  it.each(services.flatMap((service) => TOUGHEST.map((name) => [service, name] as const)))(
    '%s, %s: is over at its deadline',
    async (service, name) => {
      if (service === 'sts') await rolecall.admin.execute(DropCredentials, { input: { accountId } });
      proxy.add(TOXICS[name]!, { service });
      const { run, took } = await collect();
      expect(took).toBeLessThan(UNBOUNDED.runMs + GRACE_MS);
      expect(run.state).toMatch(/^(PARTIAL|FAILED)$/);
      const codes = errorsIn(run).map(({ code }) => code);
      expect(codes).not.toEqual([]);
      expect(codes.filter((code) => code !== 'ABORTED')).toEqual([]);
      await until(() => proxy.connections.spoilt === 0);
    },
  );
});

it('what calls that fail leave behind: no connection, no listener, no memory', async () => {
  const CALLS = 25;
  const ROUNDS = 4;
  /** A call that leaves its sockets behind leaves more. */
  const BYTES_PER_CALL = 4_000;
  const files = openFiles();
  const simulator = await startSimulator();
  const chaos = await ChaosProxy.start();
  chaos.targetPort = simulator.port;
  for (const [name, region] of REGION_OF) chaos.add(TOXICS[name]!, { region });
  const clients = new AwsClients({
    endpoint: chaos.url,
    requestHandler: new NodeHttpHandler({ httpAgent: { keepAlive: true, maxSockets: 200 } }),
    attemptMs: 100,
    maxAttempts: 1,
  });
  // As long-lived as the signal of an account, whose credentials may be dropped at any time.
  const { signal } = manyListened();
  const allowedActions = new Set(['ec2:DescribeRegions']);
  const call = async (region: string) => {
    const scope = { credentials: gatewayCredentials, region, allowedActions, signal };
    const error: unknown = await clients
      .create(EC2Client, scope)
      .send(new DescribeRegionsCommand({}))
      .catch((caught: unknown) => caught);
    expect(describeAwsError(error)).toMatchObject({ fault: 'unavailable' });
  };
  const round = async () => {
    const calls = [...REGION_OF.values()].flatMap((region) =>
      Array.from({ length: CALLS }, () => call(region)),
    );
    await Promise.all(calls);
    simulator.calls.clear();
    await until(() => chaos.connections.open === 0);
  };
  try {
    for (let warmUp = 0; warmUp < 2; warmUp++) await round();
    // What is left behind grows in every series; what the runtime keeps for itself, such as compiled code, does in one.
    const growths: number[] = [];
    for (let series = 0; series < 3; series++) growths.push(await growthOf(ROUNDS, round));
    expect(Math.min(...growths)).toBeLessThan(ROUNDS * CALLS * REGION_OF.size * BYTES_PER_CALL);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  } finally {
    clients.close();
    await chaos.close();
    await simulator.close();
  }
  await until(() => openFiles() <= files);
});

const FDS = '/dev/fd';
const openFiles = () => (existsSync(FDS) ? readdirSync(FDS).length : 0);

/** Bytes of the heap. */
async function growthOf(rounds: number, round: () => Promise<void>): Promise<number> {
  const before = heapUsed();
  for (let count = 0; count < rounds; count++) await round();
  return heapUsed() - before;
}

function heapUsed(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { readConfiguration } from '../src/config/configuration';
import { systemClock, type Clock } from '../src/core/clock';
import { openDatabase } from '../src/db';
import { startGateway } from '../src/gateway';
import { databaseOptions } from '../src/gateway/database';
import { definePlugin } from '../src/plugins/contract';
import { keepHeapSmall } from '../src/small-heap';
import { INSTANCE_TYPE } from './collection-subject';
import { watchLoopTurns } from './loop-turns';
import { LARGE_FLEET_TOKEN, type MeasuredCycle } from './large-gateway';

// As in src/main.ts: the pinned AWS SDK runs on Node 20.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

const REGION = 'eu-central-1';
/** Of ten series each. */
const INSTANCES = 50;
const INTERVAL_MS = 300_000;
const DAY_MS = 24 * 3_600_000;

/** Finds the same instances in each account, and asks AWS for nothing: discovery is not what is measured. */
const plugin = definePlugin({
  name: 'bench',
  version: '1.0.0',
  apiVersion: 1,
  displayName: 'Bench',
  description: 'Instances that are always there.',
  iamActions: ['ec2:DescribeInstances'],
  resources: { 'bench:instance': INSTANCE_TYPE },
  async *discover({ account, region }) {
    for (let index = 0; index < INSTANCES; index++) {
      const instanceId = `i-${account.id}${String(index).padStart(5, '0')}`;
      const arn = `arn:aws:ec2:${region}:${account.id}:instance/${instanceId}`;
      yield { type: 'bench:instance', arn, name: instanceId, tags: {}, attributes: { instanceId } };
    }
  },
});

async function main(awsEndpoint: string, accounts: number): Promise<void> {
  keepHeapSmall();
  const dataDir = await mkdtemp(join(tmpdir(), 'rolecall-bench-'));
  const configuration = readConfiguration({
    ROLECALL_ENV: 'development',
    ROLECALL_AWS_ENDPOINT: awsEndpoint,
    ROLECALL_PORT: '0',
    ROLECALL_DATA_DIR: dataDir,
    ROLECALL_ADMIN_TOKEN: LARGE_FLEET_TOKEN,
    ROLECALL_LOG_LEVEL: 'error',
    // History is asked for apart from the cycle.
    ROLECALL_BACKFILL_DAYS: '0',
  });
  let offset = 0;
  const clock: Clock = { ...systemClock, now: () => Date.now() + offset };
  await connectAccounts(databaseOptions(configuration), accounts, clock.now());
  const gateway = await startGateway(configuration, {
    clock,
    cron: { schedule: () => ({ stop: () => undefined }) },
    plugins: [plugin],
    gatewayCredentials: async () => ({ accessKeyId: 'AKIALIGHT', secretAccessKey: 'light' }),
    limits: { stsPerSecond: 1_000 },
    startPaused: true,
  });
  const stop = async () => {
    await gateway.stop();
    await rm(dataDir, { recursive: true });
    process.exit(0);
  };
  process.on('disconnect', () => void stop());
  process.on('message', (message) => {
    if (message === 'stop') return void stop();
    offset += INTERVAL_MS;
    void measure(() => gateway.idle()).then((cycle) => process.send!(cycle));
  });
  process.send!({ url: gateway.url });
}

/** As `connectAccount` leaves them, without the thousands of calls of their proofs. */
async function connectAccounts(
  options: ReturnType<typeof databaseOptions>,
  count: number,
  now: number,
): Promise<void> {
  const database = await openDatabase(options);
  const tenant = await database.tenants.ensureRoot({ name: 'root', createdAt: now });
  for (let index = 0; index < count; index++) {
    const awsAccountId = String(100_000_000_000 + index);
    const { id } = await database.accounts.insert({
      tenantId: tenant.id,
      name: `account ${index}`,
      awsAccountId,
      partition: 'AWS',
      externalId: `external-id-${index}`,
      createdAt: now,
      regions: [REGION],
      plugins: [],
      tagFilter: [],
      metricProfiles: [],
      labels: {},
      monthlyBudgetUsd: null,
    });
    const isConnected = await database.accounts.connect(id, ['AWAITING_ROLE'], {
      tenantId: tenant.id,
      awsAccountId,
      roleArn: `arn:aws:iam::${awsAccountId}:role/rolecall`,
      sealedAccessKey: null,
      accessKey: null,
      waiver: null,
      verification: { at: now, complete: true, ok: true, checks: [] },
      nextVerificationAt: now + DAY_MS,
      at: now,
    });
    if (!isConnected) throw new Error(`Account ${awsAccountId} was not connected`);
    await database.leases.schedule(id, now);
  }
  await database.close();
}

async function measure(work: () => Promise<void>): Promise<MeasuredCycle> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  let resident = 0;
  const sampler = setInterval(() => (resident = Math.max(resident, process.memoryUsage.rss())), 100);
  const turns = watchLoopTurns();
  const before = process.cpuUsage();
  const started = performance.now();
  delay.enable();
  await work();
  delay.disable();
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(before);
  clearInterval(sampler);
  turns.stop();
  return {
    seconds,
    cpuSeconds: (user + system) / 1e6,
    loopP99Ms: delay.percentile(99) / 1e6,
    turnP99Ms: turns.percentile(0.99),
    waitedForCoreSeconds: turns.waitedMs() / 1000,
    loopMaxMs: delay.max / 1e6,
    residentMiB: resident / 2 ** 20,
  };
}

void main(process.argv[2], Number(process.argv[3]));

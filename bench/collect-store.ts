import pino from 'pino';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { AwsClients } from '../src/core/aws/aws-clients';
import { systemClock, type Clock } from '../src/core/clock';
import { newRun, type CollectionRun } from '../src/core/collection/collection-run';
import { AnswerRoom } from '../src/core/collection/answer-room';
import { Backoff } from '../src/core/collection/backoff';
import { LivePlanner } from '../src/core/collection/live-plan';
import { MetricCalls } from '../src/core/collection/metric-calls';
import { MetricsStep } from '../src/core/collection/metrics-step';
import { packCalls } from '../src/core/collection/planner';
import { RunRecorder } from '../src/core/collection/run-recorder';
import { SettleTimes } from '../src/core/collection/settle-times';
import { UNBOUNDED } from '../src/core/collection/spending';
import { liveWindow } from '../src/core/collection/windows';
import type { CredentialBroker } from '../src/core/credentials/credential-broker';
import { InProcessBus } from '../src/core/live/in-process-bus';
import { MetricPublisher } from '../src/core/live/metric-publisher';
import { collectBare } from './bare-collection';
import { INSTANCE_TYPE, makeSubject, type CollectionSubject } from './collection-subject';
import { cpuMsOf, median, type Figure } from './figure';
import { BENCH_USER, startSimulatorChild, type BenchWorld } from './simulator-child';

const INSTANCES = 200;
const ROUNDS = 15;
/** Rounds that run before, so that both sides are compiled. */
const WARM_UP_ROUNDS = 2;

/**
 * CPU of a first collection (three hours of 2,000 known series: plan, fetch, store, publish) against the bare
 * loop over the same calls, each in a new database, both in this process and the simulator in another.
 */
export async function collectStore(): Promise<Figure[]> {
  const { world, stop } = await startSimulatorChild(INSTANCES);
  const clients = new AwsClients({
    endpoint: world.url,
    requestHandler: new NodeHttpHandler(),
    maxAttempts: 1,
  });
  // One instant for both sides: a period that ends between them would give one more points.
  const startedAt = systemClock.now();
  const clock = { ...systemClock, now: () => startedAt };
  const ratios: number[] = [];
  const microseconds: number[] = [];
  for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
    const real = await inSubject(world, (subject) => measureReal(subject, clients, clock));
    const bare = await inSubject(world, (subject) => measureBare(subject, world, clock));
    if (real.points !== bare.points)
      throw new Error(`${real.points} points, but the bare loop ${bare.points}`);
    if (round < 0) continue;
    ratios.push(real.cpuMs / bare.cpuMs);
    microseconds.push((real.cpuMs * 1000) / real.points);
  }
  clients.close();
  await stop();
  return [
    { name: 'collect-store-cpu-ratio', value: median(ratios), goal: '<= 1.60' },
    { name: 'collect-store-cpu-us-per-point', value: median(microseconds), goal: '-' },
  ];
}

interface Measure {
  cpuMs: number;
  points: number;
}

async function inSubject(
  world: BenchWorld,
  measure: (subject: CollectionSubject) => Promise<Measure>,
): Promise<Measure> {
  const subject = await makeSubject(world);
  try {
    return await measure(subject);
  } finally {
    await subject.close();
  }
}

async function measureReal(subject: CollectionSubject, clients: AwsClients, clock: Clock): Promise<Measure> {
  const { database, account, resources, fence } = subject;
  const bus = new InProcessBus();
  const refused = new Backoff({ firstMs: 1, mostMs: 1 });
  const settleTimes = new SettleTimes({ observations: database.settleObservations, clock });
  const known = { catalog: database.series, states: database.seriesStates, settleTimes, refused, clock };
  const intervalMs = 300_000;
  const step = new MetricsStep({
    ...known,
    planner: new LivePlanner({
      ...known,
      declarations: { resourceType: () => ({ declaration: INSTANCE_TYPE }) },
      spending: UNBOUNDED,
      activity: { refresh: async () => undefined, isActive: () => true },
      intervalMs,
    }),
    calls: new MetricCalls({ broker: brokerOf(clients), spending: UNBOUNDED }),
    store: database.metrics,
    publisher: new MetricPublisher({ events: database.metricEvents, bus, clock }),
    room: new AnswerRoom(1_000_000),
    concurrency: 6,
    intervalMs,
    backfillDays: 14,
  });
  const recorder = new RunRecorder(emptyRun(subject), {
    bus,
    clock,
    meter: { add: () => undefined },
    log: pino({ level: 'silent' }),
  });
  const { signal } = new AbortController();
  const cpuMs = await cpuMsOf(() =>
    step.run(account, { ...fence, dueAt: clock.now() }, resources, recorder, signal),
  );
  if (recorder.reason()) throw new Error(recorder.reason()!);
  return { cpuMs, points: recorder.run.pointsStored };
}

async function measureBare(subject: CollectionSubject, world: BenchWorld, clock: Clock): Promise<Measure> {
  const { database, series, fence } = subject;
  const now = clock.now();
  const calls = packCalls(
    series.map((one) => ({
      ...{ series: one, period: one.period },
      ...liveWindow({ ...one, watermark: null }, now)!,
    })),
  );
  let points = 0;
  const cpuMs = await cpuMsOf(async () => {
    points = await collectBare(calls, { url: world.url, credentials: BENCH_USER }, database.metrics, fence);
  });
  return { cpuMs, points };
}

/** Long-lived keys need no STS: what a broker does in the middle of an hour. */
function brokerOf(clients: AwsClients): CredentialBroker {
  const session = { credentials: BENCH_USER, allowedActions: new Set(['cloudwatch:GetMetricData']) };
  const onlyUse: Pick<CredentialBroker, 'use'> = {
    use: (_account, _purpose, signal, work) =>
      work({
        signal,
        client: (constructor, scope) => clients.createSplit(constructor, [session], { ...scope, signal }),
      }),
  };
  return onlyUse as CredentialBroker;
}

function emptyRun({ account }: CollectionSubject): CollectionRun {
  return { ...newRun(account, 'MANUAL', 0), id: 1, state: 'RUNNING', startedAt: 0 };
}

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
const SERIES_PER_INSTANCE = 10;
const INTERVAL_MS = 300_000;
const ROUNDS = 15;
/** Rounds that run before, so that both sides are compiled. */
const WARM_UP_ROUNDS = 2;

/**
 * CPU of a first collection (three hours of 2,000 known series: plan, fetch, store, publish) and of the next one (the last
 * few points of each, as in every cycle) against the bare loop over the same calls, each in a new database, both in this
 * process and the simulator in another.
 */
export async function collectStore(): Promise<Figure[]> {
  const { world, stop } = await startSimulatorChild(INSTANCES);
  const clients = new AwsClients({
    endpoint: world.url,
    requestHandler: new NodeHttpHandler(),
    maxAttempts: 1,
  });
  // The same instants for both sides: a period that ends between them would give one more points.
  const startedAt = systemClock.now();
  const instants = [startedAt - INTERVAL_MS, startedAt];
  const first = new Comparison();
  const steady = new Comparison();
  for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
    const real = await inSubject(world, (subject) => measureReal(subject, clients, instants));
    const bare = await inSubject(world, (subject) => measureBare(subject, world, instants));
    [first, steady].forEach((comparison, cycle) => comparison.add(real[cycle], bare[cycle], round >= 0));
  }
  clients.close();
  await stop();
  const series = INSTANCES * SERIES_PER_INSTANCE;
  return [
    { name: 'collect-store-cpu-ratio', value: median(first.ratios), goal: '<= 1.60' },
    { name: 'collect-store-cpu-us-per-point', value: median(first.perPoint), goal: '-' },
    { name: 'collect-store-steady-cpu-ratio', value: median(steady.ratios), goal: '-' },
    {
      name: 'collect-store-steady-cpu-us-per-series',
      value: (median(steady.cpuMs) * 1000) / series,
      goal: '-',
    },
  ];
}

interface Measure {
  cpuMs: number;
  points: number;
}

/** What the rounds of one kind of cycle gave. */
class Comparison {
  readonly ratios: number[] = [];
  readonly perPoint: number[] = [];
  readonly cpuMs: number[] = [];

  add(real: Measure, bare: Measure, isMeasured: boolean): void {
    if (real.points !== bare.points)
      throw new Error(`${real.points} points, but the bare loop ${bare.points}`);
    if (!isMeasured) return;
    this.ratios.push(real.cpuMs / bare.cpuMs);
    this.perPoint.push((real.cpuMs * 1000) / real.points);
    this.cpuMs.push(real.cpuMs);
  }
}

async function inSubject(
  world: BenchWorld,
  measure: (subject: CollectionSubject) => Promise<Measure[]>,
): Promise<Measure[]> {
  const subject = await makeSubject(world);
  try {
    return await measure(subject);
  } finally {
    await subject.close();
  }
}

/** One after the other, at these instants. */
async function measureReal(
  subject: CollectionSubject,
  clients: AwsClients,
  instants: readonly number[],
): Promise<Measure[]> {
  let [now] = instants;
  const clock: Clock = { ...systemClock, now: () => now };
  const { database, account, resources, fence } = subject;
  const bus = new InProcessBus();
  const refused = new Backoff({ firstMs: 1, mostMs: 1 });
  const settleTimes = new SettleTimes({ observations: database.settleObservations, clock });
  const known = { catalog: database.series, states: database.seriesStates, settleTimes, refused, clock };
  const intervalMs = INTERVAL_MS;
  const planner = new LivePlanner({
    ...known,
    declarations: { resourceType: () => ({ declaration: INSTANCE_TYPE }) },
    spending: UNBOUNDED,
    activity: { refresh: async () => undefined, isActive: () => true },
    intervalMs,
  });
  const step = new MetricsStep({
    ...known,
    planner,
    calls: new MetricCalls({ broker: brokerOf(clients), spending: UNBOUNDED }),
    store: database.metrics,
    publisher: new MetricPublisher({ events: database.metricEvents, bus, clock }),
    room: new AnswerRoom(1_000_000),
    concurrency: 6,
    intervalMs,
    backfillDays: 14,
  });
  const { signal } = new AbortController();
  // The planner has seen the account before, as in every cycle but the first of a process.
  await planner.plan(account, fence, resources, { count: () => undefined }, signal);
  const measures: Measure[] = [];
  for (const instant of instants) {
    now = instant;
    const recorder = new RunRecorder(emptyRun(subject), {
      bus,
      clock,
      meter: { add: () => undefined },
      log: pino({ level: 'silent' }),
    });
    const lastCollectedAt = measures.length === 0 ? null : instants[0];
    const cpuMs = await cpuMsOf(() =>
      step.run({ ...account, lastCollectedAt }, { ...fence, dueAt: now }, resources, recorder, signal),
    );
    if (recorder.reason()) throw new Error(recorder.reason()!);
    measures.push({ cpuMs, points: recorder.run.pointsStored });
  }
  return measures;
}

async function measureBare(
  subject: CollectionSubject,
  world: BenchWorld,
  instants: readonly number[],
): Promise<Measure[]> {
  const { database, series, fence } = subject;
  const target = { url: world.url, credentials: BENCH_USER };
  const measures: Measure[] = [];
  let watermark: number | null = null;
  for (const now of instants) {
    const asks = series.map((one) => {
      const { from, to } = liveWindow({ ...one, watermark }, now)!;
      return { series: one, period: one.period, from, to };
    });
    const calls = packCalls(asks);
    let points = 0;
    const cpuMs = await cpuMsOf(async () => {
      points = await collectBare(calls, target, database.metrics, fence);
    });
    measures.push({ cpuMs, points });
    watermark = asks[0].to;
  }
  return measures;
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

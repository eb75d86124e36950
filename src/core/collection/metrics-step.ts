import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { ResourceType } from '../../plugins/contract';
import type { Account } from '../accounts/account';
import type { Clock } from '../clock';
import type { CredentialBroker } from '../credentials/credential-broker';
import { FairLimit } from '../fair-limit';
import type { Resource } from '../inventory/resource';
import type { Bus, MetricsStored } from '../live/bus';
import type { MetricStore, SeriesPoints } from '../metrics/metric-store';
import type { SeriesCatalog } from '../metrics/series';
import type { SeriesStates } from '../metrics/series-state';
import { settleAll } from '../settle-all';
import { StaleLeaseError, type Fence } from './leases';
import { fetchMetricData } from './metric-fetcher';
import { packCalls, profileOf, seriesOf, USD_PER_METRIC_REQUESTED, type PlannedCall } from './planner';
import type { RunRecorder, StepTally } from './run-recorder';

/** What a run has stored so far, and what kept it from storing more. */
interface Stored {
  changes: MetricsStored['series'];
  points: number;
  failure: unknown;
}

/** PLAN, FETCH, STORE and PUBLISH: from the resources that are there to points that are told of. */
export class MetricsStep {
  constructor(
    private readonly options: {
      broker: CredentialBroker;
      catalog: SeriesCatalog;
      states: SeriesStates;
      store: MetricStore;
      declarations: { resourceType(type: string): { declaration: ResourceType } | null };
      bus: Bus;
      clock: Clock;
      /** GetMetricData calls of one account at work at once. */
      concurrency: number;
      /** Between two collections of an account. */
      intervalMs: number;
    },
  ) {}

  /** @throws StaleLeaseError */
  async run(
    account: Account,
    fence: Fence,
    resources: readonly Resource[],
    recorder: RunRecorder,
    signal: AbortSignal,
  ): Promise<void> {
    const calls = await recorder.step('PLAN', {}, () => this.plan(account, fence, resources));
    if (!calls || calls.length === 0) return;
    const stored: Stored = { changes: [], points: 0, failure: null };
    try {
      await this.fetchAll(account, fence, calls, recorder, signal, stored);
    } finally {
      // What was stored is told of, even when the run was cut short after it.
      try {
        await recorder.step('STORE', {}, async (tally) => {
          tally.pointsStored = stored.points;
          if (stored.failure) throw stored.failure;
        });
      } finally {
        await recorder.step('PUBLISH', {}, async () => this.publish(account, stored.changes));
      }
    }
  }

  private async plan(account: Account, fence: Fence, resources: readonly Resource[]): Promise<PlannedCall[]> {
    const specs = resources.flatMap((resource) => {
      const declared = this.options.declarations.resourceType(resource.type);
      return declared ? seriesOf(resource, declared.declaration, profileOf(account, resource.plugin)) : [];
    });
    const series = await this.options.catalog.ensure(fence, account.tenantId, specs);
    return packCalls(series, await this.options.states.statesOf(series), this.options.clock.now());
  }

  /** Regions side by side, in turn; each is one FETCH step. Answers are stored as they come, so that memory stays bounded. */
  private async fetchAll(
    account: Account,
    fence: Fence,
    calls: readonly PlannedCall[],
    recorder: RunRecorder,
    signal: AbortSignal,
    stored: Stored,
  ): Promise<void> {
    const limit = new FairLimit(this.options.concurrency);
    const regions = [...new Set(calls.map(({ region }) => region))];
    await settleAll(
      regions.map((region, index) =>
        recorder.step('FETCH', { region, done: index + 1, total: regions.length }, async (tally) => {
          const ofRegion = calls.filter((call) => call.region === region);
          const outcomes = await Promise.allSettled(
            ofRegion.map((call) =>
              limit.run(region, async () => {
                signal.throwIfAborted();
                const points = await this.fetch(account, call, recorder, signal, tally);
                await this.store(account, fence, points, recorder, stored);
              }),
            ),
          );
          settle(outcomes, tally, recorder);
        }),
      ),
    );
  }

  private async fetch(
    account: Account,
    call: PlannedCall,
    recorder: RunRecorder,
    signal: AbortSignal,
    tally: StepTally,
  ): Promise<SeriesPoints[]> {
    recorder.run.costUsd += call.series.length * USD_PER_METRIC_REQUESTED;
    const fetched = await this.options.broker.use(account, 'collect', signal, (session) => {
      const client = session.client(CloudWatchClient, { region: call.region, calls: tally });
      return fetchMetricData(client, call);
    });
    signal.throwIfAborted();
    tally.seriesCollected += fetched.points.length;
    if (fetched.forbidden.length > 0) tally.note(partialAnswer('Forbidden', fetched.forbidden.length, call));
    if (fetched.incomplete.length > 0)
      tally.note(partialAnswer('PartialData', fetched.incomplete.length, call));
    return fetched.points;
  }

  /** The watermarks stay when it fails, so that the next run asks again. @throws StaleLeaseError */
  private async store(
    account: Account,
    fence: Fence,
    points: SeriesPoints[],
    recorder: RunRecorder,
    stored: Stored,
  ): Promise<void> {
    // CloudWatch may have refused every metric of the call.
    if (points.length === 0) return;
    try {
      const periodMs = points[0]!.series.period * 1000;
      const lastCycle = recorder.run.startedAt! - this.options.intervalMs;
      // What ended before the last cycle it could have had. The first look at an account recovers nothing.
      const isRecovered = (timestamp: number) =>
        account.lastCollectedAt !== null && timestamp + periodMs <= lastCycle;
      const { added, revised, recovered, changes } = await this.options.store.append(fence, points, {
        isRecovered,
      });
      stored.points += added + revised;
      recorder.run.pointsBackfilled += recovered;
      stored.changes.push(...changes);
    } catch (error) {
      stored.failure ??= error;
      if (error instanceof StaleLeaseError) throw error;
    }
  }

  private publish({ id, tenantId }: Account, series: MetricsStored['series']): void {
    if (series.length === 0) return;
    const { bus, clock } = this.options;
    bus.publish({
      kind: 'metricsStored',
      tenantId,
      accountId: id,
      collectedAt: clock.now(),
      merged: 0,
      series,
    });
  }
}

/** A Region whose every call failed has failed; else it goes on, with the first failure noted. */
function settle(outcomes: PromiseSettledResult<void>[], tally: StepTally, recorder: RunRecorder): void {
  const failures = outcomes.flatMap((outcome) =>
    outcome.status === 'rejected' ? [outcome.reason as unknown] : [],
  );
  if (failures.length > 0 && failures.length === outcomes.length) throw failures[0];
  failures.forEach((failure) => tally.note(recorder.describe(failure)));
}

function partialAnswer(code: 'Forbidden' | 'PartialData', count: number, { series, region }: PlannedCall) {
  const message = `CloudWatch answered ${code} for ${count} of ${series.length} metrics in ${region}`;
  const missingActions = code === 'Forbidden' ? ['cloudwatch:GetMetricData'] : [];
  return { code, message, retryable: code === 'PartialData', missingActions };
}

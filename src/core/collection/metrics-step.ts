import type { Account } from '../accounts/account';
import type { Resource } from '../inventory/resource';
import type { MetricPublisher } from '../live/metric-publisher';
import type { SeriesCatalog } from '../metrics/series';
import { leftOutOf } from '../metrics/series-health';
import type { SeriesStates } from '../metrics/series-state';
import { seriesOfAccount } from './account-series';
import type { CollectionError } from './collection-run';
import type { Lease } from './leases';
import { storeAbsence, type BeforeRun, type Unanswered } from './live-answers';
import { LiveFetch, type Collected, type LiveFetchOptions } from './live-fetch';
import type { LivePlan, LivePlanner } from './live-plan';
import { oldestKept } from './retention-tiers';
import type { RunRecorder, StepTally } from './run-recorder';
import type { SettleTimes } from './settle-times';
import { BUDGET_USED_UP } from './spending';
import { troubleOfCredentials } from './trouble';

const DAY_MS = 86_400_000;

const BUDGET_EXCEEDED: CollectionError = {
  code: 'BUDGET_EXCEEDED',
  message: BUDGET_USED_UP,
  retryable: false,
  missingActions: [],
};

/** PLAN, FETCH, STORE and PUBLISH: from the resources that are there to points that are told of. */
export class MetricsStep {
  constructor(
    private readonly options: LiveFetchOptions & {
      planner: LivePlanner;
      catalog: SeriesCatalog;
      states: SeriesStates;
      settleTimes: SettleTimes;
      publisher: Pick<MetricPublisher, 'publish'>;
      /** Days of history of a series that is new; 0: none. */
      backfillDays: number;
    },
  ) {}

  /** @throws StaleLeaseError */
  async run(
    account: Account,
    lease: Lease,
    resources: readonly Resource[],
    recorder: RunRecorder,
    signal: AbortSignal,
  ): Promise<void> {
    const plan = await recorder.step('PLAN', {}, (tally) =>
      this.options.planner.plan(account, lease, resources, tally, signal),
    );
    if (!plan) return;
    if (plan.isHeld) recorder.skip('FETCH', BUDGET_EXCEEDED);
    const { unasked, calls } = plan;
    if (calls.length === 0 && unasked.length === 0) return;
    const before = this.before(account, lease, plan.states);
    const fetch = new LiveFetch(this.options, { account, lease, before, recorder, signal }, unasked);
    const { collected } = fetch;
    try {
      await fetch.all(calls);
    } finally {
      // What was stored is told of, even when the run was cut short after it.
      try {
        await recorder.step('STORE', {}, (tally) => this.conclude(lease, collected, before, tally));
      } finally {
        await recorder.step('PUBLISH', {}, () =>
          this.options.publisher.publish(account, lease, collected.changes),
        );
      }
    }
  }

  /** Without a session nothing of the account is asked: every series of it that is collected says so. @throws StaleLeaseError */
  async noteWithoutSession(account: Account, lease: Lease, error: CollectionError): Promise<void> {
    const { catalog, states, clock } = this.options;
    const at = clock.now();
    const trouble = troubleOfCredentials(error, at);
    const troubles: Unanswered[] = [];
    for await (const page of seriesOfAccount(catalog, account)) {
      const known = await states.statesOf(page);
      const before = this.before(account, lease, new Map(page.map(({ id }, index) => [id, known[index]!])));
      // What was collected no more before says why already, and is not to be had.
      const ofPage = page
        .filter((series, index) => !leftOutOf(series, known[index]!, account))
        .map((series) => ({ series, trouble }));
      await storeAbsence(this.options.store, lease, ofPage, before);
      troubles.push(...ofPage);
    }
    if (troubles.length > 0) await states.note(lease, troubles, at);
  }

  private before(account: Account, lease: Lease, states: LivePlan['states']): BeforeRun {
    const { clock, intervalMs, backfillDays, settleTimes } = this.options;
    const now = clock.now();
    const { dueAt } = lease;
    const historyFrom = backfillDays > 0 ? Math.max(now - backfillDays * DAY_MS, oldestKept(now)) : null;
    const settleSecondsOf: BeforeRun['settleSecondsOf'] = (series) => settleTimes.secondsOf(series);
    const { lastCollectedAt } = account;
    return { now, states, dueAt, lastCollectedAt, intervalMs, historyFrom, settleSecondsOf };
  }

  /** What belongs to the whole run rather than to one answer. @throws StaleLeaseError */
  private async conclude(
    lease: Lease,
    collected: Collected,
    before: BeforeRun,
    tally: StepTally,
  ): Promise<void> {
    const { store, states, settleTimes, clock } = this.options;
    tally.pointsStored = collected.points;
    await storeAbsence(store, lease, [...collected.unanswered, ...collected.partial], before);
    if (collected.unanswered.length > 0) await states.note(lease, collected.unanswered, clock.now());
    await settleTimes.observe(collected.late);
    if (collected.failure) throw collected.failure;
  }
}

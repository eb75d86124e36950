import type { Account } from '../accounts/account';
import type { Clock } from '../clock';
import { FairLimit } from '../fair-limit';
import type { Resource } from '../inventory/resource';
import type { ChangedPoints } from '../live/bus';
import type { MetricPublisher } from '../live/metric-publisher';
import type { MetricStore } from '../metrics/metric-store';
import type { SeriesCatalog } from '../metrics/series';
import { leftOutOf } from '../metrics/series-health';
import type { SeriesStates } from '../metrics/series-state';
import { settleAll } from '../settle-all';
import { seriesOfAccount } from './account-series';
import type { AnswerRoom } from './answer-room';
import type { Backoff } from './backoff';
import type { CallOutcome } from './bisection';
import type { CollectionError } from './collection-run';
import { StaleLeaseError, type Lease } from './leases';
import {
  storeAbsence,
  storeAnswer,
  unansweredOf,
  type BeforeRun,
  type LatePoint,
  type Unanswered,
} from './live-answers';
import type { LivePlan, LivePlanner } from './live-plan';
import { noteAnswers } from './call-notes';
import type { MetricCalls } from './metric-calls';
import type { PlannedCall } from './planner';
import { oldestKept } from './retention-tiers';
import type { RunRecorder, StepTally } from './run-recorder';
import type { SettleTimes } from './settle-times';
import { BUDGET_USED_UP } from './spending';
import { troubleOfCall, troubleOfCredentials } from './trouble';

const DAY_MS = 86_400_000;

const BUDGET_EXCEEDED: CollectionError = {
  code: 'BUDGET_EXCEEDED',
  message: BUDGET_USED_UP,
  retryable: false,
  missingActions: [],
};

/** What a run has stored so far, what kept it from storing more, and what it saw. */
interface Collected {
  changes: ChangedPoints[];
  points: number;
  failure: unknown;
  unanswered: Unanswered[];
  /** Answered in part: what kept them from a whole answer is stored with what came. */
  partial: Unanswered[];
  late: LatePoint[];
}

/** PLAN, FETCH, STORE and PUBLISH: from the resources that are there to points that are told of. */
export class MetricsStep {
  constructor(
    private readonly options: {
      planner: LivePlanner;
      calls: MetricCalls;
      catalog: SeriesCatalog;
      store: MetricStore;
      states: SeriesStates;
      settleTimes: SettleTimes;
      /** Series whose query CloudWatch refused. */
      refused: Backoff;
      publisher: Pick<MetricPublisher, 'publish'>;
      room: AnswerRoom;
      clock: Clock;
      /** GetMetricData calls of one account at work at once. */
      concurrency: number;
      /** Between two collections of an account. */
      intervalMs: number;
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
    const collected: Collected = {
      changes: [],
      points: 0,
      failure: null,
      unanswered: [...unasked],
      partial: [],
      late: [],
    };
    const before = this.before(account, lease, plan.states);
    try {
      await this.fetchAll(account, lease, calls, before, recorder, signal, collected);
    } finally {
      // What was stored is told of, even when the run was cut short after it.
      try {
        if (calls.length > 0 || unasked.length > 0) {
          await recorder.step('STORE', {}, (tally) => this.conclude(lease, collected, before, tally));
        }
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

  /** Regions side by side, in turn; each is one FETCH step. Answers are stored as they come, so that memory stays bounded. */
  private async fetchAll(
    account: Account,
    lease: Lease,
    calls: readonly PlannedCall[],
    before: BeforeRun,
    recorder: RunRecorder,
    signal: AbortSignal,
    collected: Collected,
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
                const leave = await this.enter(account, call, signal, collected);
                try {
                  const outcome = await this.ask(account, call, recorder, signal, tally, collected);
                  await this.store(account, lease, outcome, before, recorder, collected);
                  // Nothing of it was answered: the call has failed.
                  if (outcome.fetched.length === 0 && outcome.failed.length > 0)
                    throw outcome.failed[0]!.error;
                } finally {
                  leave();
                }
              }),
            ),
          );
          settle(outcomes, tally, recorder);
        }),
      ),
    );
  }

  /** Waits until there is room for the answer. @returns what gives it free */
  private async enter(
    account: Account,
    call: PlannedCall,
    signal: AbortSignal,
    { unanswered }: Collected,
  ): Promise<() => void> {
    const { room, clock } = this.options;
    try {
      return await room.enter(account.tenantId, [call], signal);
    } catch (error) {
      const trouble = troubleOfCall(error, call.region, clock.now());
      unanswered.push(...call.series.map((series) => ({ series, trouble })));
      throw error;
    }
  }

  private async ask(
    account: Account,
    call: PlannedCall,
    recorder: RunRecorder,
    signal: AbortSignal,
    tally: StepTally,
    { unanswered }: Collected,
  ): Promise<CallOutcome> {
    const { calls, refused, clock } = this.options;
    const { region } = call;
    try {
      signal.throwIfAborted();
      const outcome = await calls.ask(account, call, recorder, signal, tally);
      const now = clock.now();
      for (const { series } of outcome.refused) refused.failed(series.id, now);
      unanswered.push(...unansweredOf(outcome, region, now));
      noteAnswers(outcome, call, tally, recorder);
      return outcome;
    } catch (error) {
      const trouble = troubleOfCall(error, region, clock.now());
      unanswered.push(...call.series.map((series) => ({ series, trouble })));
      throw error;
    }
  }

  /** The watermarks stay when it fails, so that the next run asks again. @throws StaleLeaseError */
  private async store(
    account: Account,
    lease: Lease,
    { fetched }: CallOutcome,
    before: BeforeRun,
    recorder: RunRecorder,
    collected: Collected,
  ): Promise<void> {
    const lastCycle = recorder.run.startedAt! - this.options.intervalMs;
    for (const answer of fetched) {
      const periodMs = answer.call.period * 1000;
      // What ended before the last cycle it could have had. The first look at an account recovers nothing.
      const isRecovered = (timestamp: number) =>
        account.lastCollectedAt !== null && timestamp + periodMs <= lastCycle;
      try {
        const { result, late, partial } = await storeAnswer(this.options.store, lease, answer, before, {
          isRecovered,
        });
        collected.points += result.added + result.revised;
        recorder.run.pointsBackfilled += result.recovered;
        collected.changes.push(...result.changes);
        collected.late.push(...late);
        collected.partial.push(...partial);
        for (const { series } of answer.answers) this.options.refused.succeeded(series.id);
      } catch (error) {
        collected.failure ??= error;
        if (error instanceof StaleLeaseError) throw error;
      }
    }
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

/** A Region whose every call failed has failed; else it goes on, with the first failure noted. */
function settle(outcomes: PromiseSettledResult<void>[], tally: StepTally, recorder: RunRecorder): void {
  const failures = outcomes.flatMap((outcome) =>
    outcome.status === 'rejected' ? [outcome.reason as unknown] : [],
  );
  if (failures.length > 0 && failures.length === outcomes.length) throw failures[0];
  failures.forEach((failure) => tally.note(recorder.describe(failure)));
}

import type { Account } from '../accounts/account';
import type { Clock } from '../clock';
import { FairLimit } from '../fair-limit';
import type { ChangedPoints } from '../live/bus';
import type { MetricStore } from '../metrics/metric-store';
import { settleAll } from '../settle-all';
import type { AnswerRoom } from './answer-room';
import type { Backoff } from './backoff';
import type { CallOutcome } from './bisection';
import { noteAnswers } from './call-notes';
import { StaleLeaseError, type Lease } from './leases';
import { storeAnswer, unansweredOf, type BeforeRun, type Unanswered } from './live-answers';
import type { MetricCalls } from './metric-calls';
import type { PlannedCall } from './planner';
import type { RunRecorder, StepTally } from './run-recorder';
import type { LatePoint } from './settle-times';
import { troubleOfCall } from './trouble';

/** What a run has stored so far, what kept it from storing more, and what it saw. */
export interface Collected {
  changes: ChangedPoints[];
  points: number;
  failure: unknown;
  unanswered: Unanswered[];
  /** Answered in part: what kept them from a whole answer is stored with what came. */
  partial: Unanswered[];
  late: LatePoint[];
}

export interface LiveFetchOptions {
  calls: MetricCalls;
  store: MetricStore;
  /** Series whose query CloudWatch refused. */
  refused: Backoff;
  room: AnswerRoom;
  clock: Clock;
  /** GetMetricData calls of one account at work at once. */
  concurrency: number;
  /** Between two collections of an account. */
  intervalMs: number;
}

/** FETCH of one run: asks the planned calls, and stores their answers as they come, so that memory stays bounded. */
export class LiveFetch {
  readonly collected: Collected;

  constructor(
    private readonly options: LiveFetchOptions,
    private readonly run: {
      account: Account;
      lease: Lease;
      before: BeforeRun;
      recorder: RunRecorder;
      signal: AbortSignal;
    },
    unasked: readonly Unanswered[],
  ) {
    const unanswered = [...unasked];
    this.collected = { changes: [], points: 0, failure: null, unanswered, partial: [], late: [] };
  }

  /** Regions side by side, in turn; each is one FETCH step. @throws StaleLeaseError */
  async all(calls: readonly PlannedCall[]): Promise<void> {
    const { recorder } = this.run;
    const limit = new FairLimit(this.options.concurrency);
    const regions = [...new Set(calls.map(({ region }) => region))];
    await settleAll(
      regions.map((region, index) =>
        recorder.step('FETCH', { region, done: index + 1, total: regions.length }, async (tally) => {
          const ofRegion = calls.filter((call) => call.region === region);
          const outcomes = await Promise.allSettled(
            ofRegion.map((call) => limit.run(region, () => this.one(call, tally))),
          );
          settle(outcomes, tally, recorder);
        }),
      ),
    );
  }

  private async one(call: PlannedCall, tally: StepTally): Promise<void> {
    const leave = await this.enter(call);
    try {
      const outcome = await this.ask(call, tally);
      await this.store(outcome);
      // Nothing of it was answered: the call has failed.
      if (outcome.fetched.length === 0 && outcome.failed.length > 0) throw outcome.failed[0]!.error;
    } finally {
      leave();
    }
  }

  /** Waits until there is room for the answer. @returns what gives it free */
  private async enter(call: PlannedCall): Promise<() => void> {
    const { account, signal } = this.run;
    try {
      return await this.options.room.enter(account.tenantId, [call], signal);
    } catch (error) {
      this.failed(call, error);
      throw error;
    }
  }

  private async ask(call: PlannedCall, tally: StepTally): Promise<CallOutcome> {
    const { calls, refused, clock } = this.options;
    const { account, recorder, signal } = this.run;
    try {
      signal.throwIfAborted();
      const outcome = await calls.ask(account, call, recorder, signal, tally);
      const now = clock.now();
      for (const { series } of outcome.refused) refused.failed(series.id, now);
      this.collected.unanswered.push(...unansweredOf(outcome, call.region, now));
      noteAnswers(outcome, call, tally, recorder);
      return outcome;
    } catch (error) {
      this.failed(call, error);
      throw error;
    }
  }

  private failed({ region, series }: PlannedCall, error: unknown): void {
    const trouble = troubleOfCall(error, region, this.options.clock.now());
    this.collected.unanswered.push(...series.map((one) => ({ series: one, trouble })));
  }

  /** The watermarks stay when it fails, so that the next run asks again. @throws StaleLeaseError */
  private async store({ fetched }: CallOutcome): Promise<void> {
    const { store, refused, intervalMs } = this.options;
    const { account, lease, before, recorder } = this.run;
    const { collected } = this;
    const lastCycle = recorder.run.startedAt! - intervalMs;
    for (const answer of fetched) {
      const periodMs = answer.call.period * 1000;
      // What ended before the last cycle it could have had. The first look at an account recovers nothing.
      const isRecovered = (timestamp: number) =>
        account.lastCollectedAt !== null && timestamp + periodMs <= lastCycle;
      try {
        const { result, late, partial } = await storeAnswer(store, lease, answer, before, {
          isRecovered,
        });
        collected.points += result.added + result.revised;
        recorder.run.pointsBackfilled += result.recovered;
        collected.changes.push(...result.changes);
        collected.late.push(...late);
        collected.partial.push(...partial);
        for (const { series } of answer.answers) refused.succeeded(series.id);
      } catch (error) {
        collected.failure ??= error;
        if (error instanceof StaleLeaseError) throw error;
      }
    }
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

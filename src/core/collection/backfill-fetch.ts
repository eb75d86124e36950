import type { Account } from '../accounts/account';
import type { Clock } from '../clock';
import type { MetricPublisher } from '../live/metric-publisher';
import type { MetricStore, SeriesHours, SeriesPoints } from '../metrics/metric-store';
import type { AnswerRoom } from './answer-room';
import { leftOf, type BackfillRound } from './backfill-plan';
import type { Backoff } from './backoff';
import type { CallOutcome } from './bisection';
import { noteAnswers } from './call-notes';
import { coarseHours } from './coarse-hours';
import type { Lease } from './leases';
import type { MetricCalls } from './metric-calls';
import type { FetchedCall } from './metric-fetcher';
import type { RunRecorder, StepTally } from './run-recorder';

export interface BackfillFetchOptions {
  calls: MetricCalls;
  store: MetricStore;
  publisher: Pick<MetricPublisher, 'publish'>;
  room: AnswerRoom;
  /** Series that could not be had. */
  failed: Backoff;
  clock: Clock;
}

/** What became of one round. */
interface FilledRound {
  outcomes: CallOutcome[];
  /** `points` that were stored; whether a gap became smaller. */
  stored: { points: number; isSmaller: boolean };
}

/** Asks the rounds of one backfill run, and stores what is answered. */
export class BackfillFetch {
  constructor(
    private readonly options: BackfillFetchOptions,
    private readonly run: { account: Account; lease: Lease; recorder: RunRecorder; signal: AbortSignal },
  ) {}

  /** With room for the answers; null when it was cut short while it waited for that. @throws StaleLeaseError */
  async fill(round: BackfillRound, tally: StepTally): Promise<FilledRound | null> {
    const { account, signal } = this.run;
    const leave = await this.options.room.enter(account.tenantId, round.calls, signal).catch((error) => {
      if (signal.aborted) return null;
      throw error;
    });
    if (!leave) return null;
    try {
      const outcomes = await this.ask(round, tally);
      return { outcomes, stored: await this.store(round, outcomes) };
    } finally {
      leave();
    }
  }

  /** What fails waits; what was cut short does not, for it is nobody's fault. */
  private ask({ calls }: BackfillRound, tally: StepTally): Promise<CallOutcome[]> {
    const { failed, clock } = this.options;
    const { account, recorder, signal } = this.run;
    return Promise.all(
      calls.map(async (call): Promise<CallOutcome> => {
        try {
          const outcome = await this.options.calls.ask(account, call, recorder, signal, tally);
          noteAnswers(outcome, call, tally, recorder);
          const lost = [
            ...outcome.refused.map(({ series }) => series),
            ...outcome.failed.flatMap((one) => one.call.series),
          ];
          for (const { id } of lost) failed.failed(id, clock.now());
          return outcome;
        } catch (error) {
          return { fetched: [], refused: [], failed: [{ call, error }] };
        }
      }),
    );
  }

  /** Points and what is left of the gaps, in one transaction. @throws StaleLeaseError */
  private async store(
    round: BackfillRound,
    outcomes: readonly CallOutcome[],
  ): Promise<{ points: number; isSmaller: boolean }> {
    const { account, lease } = this.run;
    const { store, publisher, failed, clock } = this.options;
    const answered = new Set<number>();
    const batch: SeriesPoints[] = [];
    const hourly: SeriesHours[] = [];
    for (const answer of outcomes.flatMap(({ fetched }) => fetched)) {
      takeAnswer(answer, { answered, batch, hourly });
      for (const { series, status } of answer.answers) {
        if (status === 'Complete') failed.succeeded(series.id);
        else failed.failed(series.id, clock.now());
      }
    }
    const removed: number[] = [];
    const added = round.gaps.flatMap((planned) => {
      const left = leftOf(planned, answered);
      if (left) removed.push(planned.gap.id);
      return left ?? [];
    });
    if (batch.length === 0 && hourly.length === 0 && removed.length === 0)
      return { points: 0, isSmaller: false };
    const result = await store.append(lease, batch, {
      ...{ isRecovered: () => true, hourly, gaps: { removed, added } },
    });
    await publisher.publish(account, lease, result.changes);
    const hours = hourly.reduce((total, one) => total + one.hours.length, 0);
    return { points: result.added + result.revised + hours, isSmaller: removed.length > 0 };
  }
}

function takeAnswer(
  { call, answers }: FetchedCall,
  into: { answered: Set<number>; batch: SeriesPoints[]; hourly: SeriesHours[] },
): void {
  for (const { series, points, status } of answers) {
    const isWhole = status === 'Complete';
    if (isWhole) into.answered.add(series.id);
    if (points.timestamps.length === 0) continue;
    const { timestamps, values } = points;
    if (call.period === series.period) into.batch.push({ series, timestamps, values, watermark: null });
    // A part of an hour would be taken for the whole of it.
    else if (isWhole) {
      into.hourly.push({ series, ...coarseHours(points, series.statistic, call.period / series.period) });
    }
  }
}

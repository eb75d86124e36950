import type { Account } from '../accounts/account';
import type { Clock } from '../clock';
import type { Gaps } from '../metrics/gap';
import type { AppendResult, MetricStore, SeriesHours, SeriesPoints } from '../metrics/metric-store';
import type { Series, SeriesCatalog } from '../metrics/series';
import { seriesOfAccount } from './account-series';
import type { AnswerRoom } from './answer-room';
import { leftOf, planRound, type BackfillRound } from './backfill-plan';
import type { Backoff } from './backoff';
import type { CallOutcome } from './bisection';
import { noteAnswers } from './call-notes';
import { coarseHours } from './coarse-hours';
import type { Lease } from './leases';
import type { MetricCalls } from './metric-calls';
import type { FetchedCall } from './metric-fetcher';
import type { MetricPublisher } from '../live/metric-publisher';
import type { RunRecorder, StepTally } from './run-recorder';

/** Gaps that one round looks at: rows of up to 1,000 series each. */
const GAPS_AT_ONCE = 500;
/** Calls of one run: with a tenth of a second each it is over within a few seconds. */
const MOST_CALLS = 60;
/** More slots than a block has. */
const SLOTS = 4_096;

/** Series by block and slot. */
export type SeriesIndex = ReadonlyMap<number, Series>;

/** What a run has done so far. */
interface Done {
  calls: number;
  points: number;
  hasProgress: boolean;
}

/** FETCH and STORE of a backfill: the newest gaps of an account first, a few calls at a time. */
export class BackfillStep {
  constructor(
    private readonly options: {
      calls: MetricCalls;
      catalog: SeriesCatalog;
      gaps: Gaps;
      store: MetricStore;
      publisher: Pick<MetricPublisher, 'publish'>;
      room: AnswerRoom;
      /** Series that could not be had. */
      failed: Backoff;
      clock: Clock;
      /** GetMetricData calls at work at once. */
      concurrency: number;
    },
  ) {}

  /** What there is to do for an account now; null when there is nothing, or what there is waits. */
  async look(account: Account): Promise<SeriesIndex | null> {
    const index = new Map<number, Series>();
    for await (const page of seriesOfAccount(this.options.catalog, account)) {
      for (const series of page) {
        if (isChosen(account, series)) index.set(series.block * SLOTS + series.slot, series);
      }
    }
    const { gaps } = await this.plan(account, index);
    return gaps.length > 0 ? index : null;
  }

  /**
   * Asks until nothing is left, the calls of a run are spent, or time is up.
   * @param index what `look` found
   * @param until epoch ms
   * @returns whether a gap became smaller
   * @throws StaleLeaseError
   */
  async run(
    account: Account,
    lease: Lease,
    index: SeriesIndex,
    until: number,
    recorder: RunRecorder,
    signal: AbortSignal,
  ): Promise<boolean> {
    const done: Done = { calls: 0, points: 0, hasProgress: false };
    await recorder.step('FETCH', {}, async (tally) => {
      while (done.calls < MOST_CALLS && this.options.clock.now() < until && !signal.aborted) {
        const round = await this.plan(account, index);
        if (round.gaps.length === 0) return;
        done.calls += round.calls.length;
        const answer = await this.askAndStore(account, lease, round, recorder, signal, tally);
        if (!answer) return;
        const { outcomes, stored } = answer;
        done.points += stored.points;
        recorder.run.pointsBackfilled += stored.points;
        done.hasProgress ||= stored.isSmaller;
        // One that gives way has not failed: the next one asks for what it left.
        if (signal.aborted) return;
        const lost = outcomes.find(({ fetched, failed }) => fetched.length === 0 && failed.length > 0);
        if (lost && !done.hasProgress) throw lost.failed[0]!.error;
        if (lost) tally.note(recorder.describe(lost.failed[0]!.error));
        // What is in trouble is not pressed.
        if (lost || !stored.isSmaller) return;
      }
    });
    await recorder.step('STORE', {}, async (tally) => {
      tally.pointsStored = done.points;
    });
    return done.hasProgress;
  }

  /** With room for the answers; null when it was cut short while it waited for that. @throws StaleLeaseError */
  private async askAndStore(
    account: Account,
    lease: Lease,
    round: BackfillRound,
    recorder: RunRecorder,
    signal: AbortSignal,
    tally: StepTally,
  ) {
    const leave = await this.options.room.enter(account.tenantId, round.calls, signal).catch((error) => {
      if (signal.aborted) return null;
      throw error;
    });
    if (!leave) return null;
    try {
      const outcomes = await this.ask(account, round, recorder, signal, tally);
      return { outcomes, stored: await this.store(account, lease, round, outcomes) };
    } finally {
      leave();
    }
  }

  private async plan(account: Account, index: SeriesIndex): Promise<BackfillRound> {
    const { gaps, failed, clock, concurrency: mostCalls } = this.options;
    const now = clock.now();
    const open = await gaps.recoverable(account.id, GAPS_AT_ONCE);
    const seriesAt = (block: number, slot: number) => {
      const series = index.get(block * SLOTS + slot);
      return series && !failed.isWaiting(series.id, now) ? series : null;
    };
    return planRound(open, seriesAt, { now, mostCalls });
  }

  /** What fails waits; what was cut short does not, for it is nobody's fault. */
  private ask(
    account: Account,
    { calls }: BackfillRound,
    recorder: RunRecorder,
    signal: AbortSignal,
    tally: StepTally,
  ): Promise<CallOutcome[]> {
    const { failed, clock } = this.options;
    return Promise.all(
      calls.map(async (call): Promise<CallOutcome> => {
        try {
          const outcome = await this.options.calls.ask(account, call, recorder, signal, tally);
          noteAnswers(outcome, call, tally, recorder);
          const late = [
            ...outcome.refused.map(({ series }) => series),
            ...outcome.failed.flatMap((one) => one.call.series),
          ];
          for (const { id } of late) failed.failed(id, clock.now());
          return outcome;
        } catch (error) {
          return { fetched: [], refused: [], failed: [{ call, error }] };
        }
      }),
    );
  }

  /** Points and what is left of the gaps, in one transaction. @throws StaleLeaseError */
  private async store(
    account: Account,
    lease: Lease,
    round: BackfillRound,
    outcomes: readonly CallOutcome[],
  ): Promise<{ points: number; isSmaller: boolean }> {
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
    const result: AppendResult = await store.append(lease, batch, {
      ...{ isRecovered: () => true, hourly, gaps: { removed, added } },
    });
    await publisher.publish(account, lease, result.changes);
    const hours = hourly.reduce((total, one) => total + one.hours.length, 0);
    return { points: result.added + result.revised + hours, isSmaller: removed.length > 0 };
  }
}

/** Gaps of a plugin or Region that the account has no more stay as they are: nobody wants to pay for them now. */
function isChosen({ plugins, regions }: Account, { plugin, region }: Series): boolean {
  return (
    (plugins.length === 0 || plugins.includes(plugin)) && (regions.length === 0 || regions.includes(region))
  );
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

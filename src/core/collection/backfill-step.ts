import type { Account } from '../accounts/account';
import type { Gaps } from '../metrics/gap';
import type { Series, SeriesCatalog } from '../metrics/series';
import { seriesOfAccount } from './account-series';
import { BackfillFetch, type BackfillFetchOptions } from './backfill-fetch';
import { planRound, type BackfillRound } from './backfill-plan';
import type { Lease } from './leases';
import type { RunRecorder } from './run-recorder';

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
    private readonly options: BackfillFetchOptions & {
      catalog: SeriesCatalog;
      gaps: Gaps;
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
    const fetch = new BackfillFetch(this.options, { account, lease, recorder, signal });
    await recorder.step('FETCH', {}, async (tally) => {
      while (done.calls < MOST_CALLS && this.options.clock.now() < until && !signal.aborted) {
        const round = await this.plan(account, index);
        if (round.gaps.length === 0) return;
        done.calls += round.calls.length;
        const answer = await fetch.fill(round, tally);
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
}

/** Gaps of a plugin or Region that the account has no more stay as they are: nobody wants to pay for them now. */
function isChosen({ plugins, regions }: Account, { plugin, region }: Series): boolean {
  return (
    (plugins.length === 0 || plugins.includes(plugin)) && (regions.length === 0 || regions.includes(region))
  );
}

import type { AppendOptions, AppendResult, MetricStore, SeriesPoints } from '../metrics/metric-store';
import type { Trouble } from '../metrics/no-data';
import type { Series } from '../metrics/series';
import type { SeriesState } from '../metrics/series-state';
import type { CallOutcome } from './bisection';
import type { Fence } from './leases';
import type { FetchedCall } from './metric-fetcher';
import { gapsBefore, type AbsenceFacts } from './missed-gaps';
import { troubleOfAnswer, troubleOfCall } from './trouble';
import { lastClosed } from './windows';

/** A series that went without an answer, and why. */
export interface Unanswered {
  series: Series;
  trouble: Trouble;
}

/** A point of a series that was there before with another value, or was not, though it had been asked for. */
export interface LatePoint {
  series: Series;
  /** Since the end of its period. */
  ageMs: number;
}

/** What a run knows of its series from before. */
export interface BeforeRun extends AbsenceFacts {
  states: ReadonlyMap<number, SeriesState>;
  settleSecondsOf: (series: Series) => number;
}

/** Stores one answer: points, watermarks, states and the gaps that the watermarks leave behind, in one transaction. @throws StaleLeaseError */
export async function storeAnswer(
  store: MetricStore,
  fence: Fence,
  { call, answers, answeredAt }: FetchedCall,
  before: BeforeRun,
  options: Pick<AppendOptions, 'isRecovered'>,
): Promise<{ result: AppendResult; late: LatePoint[] }> {
  // By AWS's clock: a period that has not ended there is not answered, however far ahead ours is.
  const answered = answeredAt === null ? call.to : Math.min(call.to, lastClosed(call.period, answeredAt));
  const batch = answers.map(({ series, points, status }): SeriesPoints => {
    const trouble = troubleOfAnswer(status, call.region, before.now);
    const { timestamps, values } = points;
    return { series, timestamps, values, watermark: trouble ? null : answered, trouble };
  });
  const whole = batch.filter(({ watermark }) => watermark !== null);
  const added = gapsBefore(
    whole.map(({ series }) => ({
      series: series as Series,
      from: call.from,
      state: before.states.get(series.id)!,
    })),
    before,
  );
  const result = await store.append(fence, batch, {
    ...options,
    askedAt: before.now,
    ...(added.length > 0 && { gaps: { removed: [], added } }),
  });
  return {
    result,
    late: lateOf(
      answers.map(({ series }) => series),
      result,
      before,
    ),
  };
}

/**
 * The points that came late or were revised, among those that were looked at because they may be. Where asks were further
 * apart than usual, nobody can tell when it happened.
 */
function lateOf(series: readonly Series[], { changes }: AppendResult, before: BeforeRun): LatePoint[] {
  const { now, states, intervalMs, settleSecondsOf } = before;
  const byId = new Map(series.map((one) => [one.id, one]));
  const late: LatePoint[] = [];
  for (const { seriesId, timestamps } of changes) {
    const one = byId.get(seriesId)!;
    const { watermark, askedAt } = states.get(seriesId)!;
    if (watermark === null || askedAt === null || now - askedAt > 2 * intervalMs) continue;
    const periodMs = one.period * 1000;
    const oldest = now - settleSecondsOf(one) * 1000 - 2 * periodMs;
    // The first is the oldest.
    const first = timestamps.find((timestamp) => timestamp >= oldest);
    if (first !== undefined && first + periodMs <= watermark)
      late.push({ series: one, ageMs: now - first - periodMs });
  }
  return late;
}

/** The series of a call that went without any answer. @param at epoch ms */
export function unansweredOf({ refused, failed }: CallOutcome, region: string, at: number): Unanswered[] {
  return [
    ...refused.map(({ series, error }) => ({ series, trouble: troubleOfCall(error, region, at) })),
    ...failed.flatMap(({ call, error }) => {
      const trouble = troubleOfCall(error, region, at);
      return call.series.map((series) => ({ series, trouble }));
    }),
  ];
}

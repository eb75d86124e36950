import type { AppendOptions, AppendResult, MetricStore, SeriesPoints } from '../metrics/metric-store';
import type { Trouble } from '../metrics/no-data';
import type { Series } from '../metrics/series';
import type { SeriesState } from '../metrics/series-state';
import type { CallOutcome } from './bisection';
import type { Fence } from './leases';
import type { FetchedCall } from './metric-fetcher';
import { gapsBefore, normalPause, type AbsenceFacts } from './missed-gaps';
import type { LatePoint } from './settle-times';
import { troubleOfAnswer, troubleOfCall } from './trouble';
import { furthestBack, isSparse, lastClosed, patienceOf } from './windows';

const LATE_LOOK_EVERY_MS = 3_600_000;

/** A series that went without an answer, and why. */
export interface Unanswered {
  series: Series;
  trouble: Trouble;
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
): Promise<{ result: AppendResult; late: LatePoint[]; partial: Unanswered[] }> {
  // By AWS's clock: a period that has not ended there is not answered, however far ahead ours is.
  const answered = answeredAt === null ? call.to : Math.min(call.to, lastClosed(call.period, answeredAt));
  const batch = answers.map(({ series, points, status }): SeriesPoints => {
    const trouble = troubleOfAnswer(status, call.region, before.now);
    const { timestamps, values } = points;
    const watermark = trouble ? null : watermarkOf(series, points, answered, before);
    return { series, timestamps, values, watermark, trouble };
  });
  const whole = batch.filter(({ watermark }) => watermark !== null);
  const added = gapsBefore(
    whole.map(({ series }) => ({
      series: series as Series,
      // A clock of ours that is far ahead begins after what AWS's has reached.
      from: Math.min(call.from, answered),
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
    partial: batch.flatMap(({ series, trouble }) => (trouble ? [{ series: series as Series, trouble }] : [])),
    late: lateOf(
      answers.map(({ series }) => series),
      result,
      before,
    ),
  };
}

/** A daily point that is not there as yet is asked for again, for some hours. */
function watermarkOf(
  series: Series,
  { timestamps }: Pick<SeriesPoints, 'timestamps'>,
  answered: number,
  { now, settleSecondsOf }: BeforeRun,
): number {
  if (!isSparse(series)) return answered;
  const last = answered - series.period * 1000;
  const { period } = series;
  const giveUpAt = answered + patienceOf({ period, settleSeconds: settleSecondsOf(series) });
  return now < giveUpAt && !((timestamps.at(-1) ?? -1) >= last) ? last : answered;
}

/**
 * What an absence left behind, of series that the first ask after it did not get an answer for: what no live call reaches any
 * more is a gap now, while it is known why nobody asked. Later it would be put down to what the ask met. @throws StaleLeaseError
 */
export async function storeAbsence(
  store: MetricStore,
  fence: Fence,
  unanswered: readonly Unanswered[],
  before: BeforeRun,
): Promise<void> {
  const { now, states, settleSecondsOf } = before;
  const behind = unanswered.flatMap(({ series, trouble }) => {
    const state = states.get(series.id);
    if (!state || state.watermark === null || state.askedAt === null) return [];
    if (now - state.askedAt <= normalPause(series, before)) return [];
    const { period } = series;
    const from = furthestBack({ period, settleSeconds: settleSecondsOf(series) }, now);
    return from > state.watermark ? [{ series, state, from, trouble }] : [];
  });
  if (behind.length === 0) return;
  const moved = behind.map(({ series, from: watermark, trouble }) => ({
    ...{ series, timestamps: [], values: [], watermark, trouble },
  }));
  await store.append(fence, moved, { gaps: { removed: [], added: gapsBefore(behind, before) } });
}

/**
 * The points that came late or were revised, among those that were looked at because they may be. Where answers were
 * further apart than usual, nobody can tell when it happened.
 */
function lateOf(series: readonly Series[], { changes }: AppendResult, before: BeforeRun): LatePoint[] {
  const { now, states, intervalMs, settleSecondsOf } = before;
  const byId = new Map(series.map((one) => [one.id, one]));
  const late: LatePoint[] = [];
  for (const { seriesId, timestamps } of changes) {
    const one = byId.get(seriesId)!;
    const { watermark, answeredAt } = states.get(seriesId)!;
    if (watermark === null || answeredAt === null || now - answeredAt > 2 * intervalMs) continue;
    const periodMs = one.period * 1000;
    const oldest = now - settleSecondsOf(one) * 1000 - 2 * periodMs;
    // The first is the oldest.
    const ageOf = (timestamp: number) => now - timestamp - periodMs;
    const first = timestamps.find((timestamp) => timestamp >= oldest);
    if (first !== undefined && first + periodMs <= watermark) late.push({ series: one, ageMs: ageOf(first) });
    const [straggler] = timestamps;
    if (straggler === undefined || straggler >= oldest || straggler + periodMs > watermark) continue;
    const ageMs = Math.max(ageOf(oldest), ageOf(straggler) - LATE_LOOK_EVERY_MS);
    late.push({ series: one, ageMs, isStraggler: true });
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

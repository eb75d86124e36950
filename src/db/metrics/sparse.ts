import type { SeriesLocation, SeriesPoints } from '../../core/metrics/metric-store';
import type { AppendLog } from './append-log';
import type { MetricTransaction, SparseRow } from './metric-tables';

/** Series with at least this period (seconds) have few points: they are plain rows, in no block's head. */
const HOUR_SECONDS = 3_600;

export function isSparse({ period }: SeriesLocation): boolean {
  return period >= HOUR_SECONDS;
}

/** Stores points of sparse series, those alone that are new or another value. */
export async function writeSparse(
  transaction: MetricTransaction,
  batch: readonly SeriesPoints[],
  log: AppendLog,
): Promise<void> {
  if (batch.length === 0) return;
  const ids = batch.map(({ series }) => series.id);
  const times = batch.flatMap(({ timestamps }) => timestamps);
  const [first, last] = times.reduce(
    ([low, high], at) => [Math.min(low, at), Math.max(high, at)],
    [Infinity, -Infinity],
  );
  const stored = new Map<string, number>();
  for (const { seriesId, at, value } of await transaction.sparse(ids, first, last + 1)) {
    stored.set(`${seriesId} ${at}`, value);
  }
  const rows: SparseRow[] = [];
  for (const { series, timestamps, values } of batch) {
    const changed = [...timestamps.keys()].filter((index) => {
      return stored.get(`${series.id} ${timestamps[index]!}`) !== values[index];
    });
    for (const index of changed) {
      const at = timestamps[index]!;
      rows.push({ seriesId: series.id, at, value: values[index]! });
      log.count(at, stored.get(`${series.id} ${at}`) ?? NaN);
      log.point(at, [series.id]);
    }
    if (changed.length === 0) continue;
    log.add(
      series.id,
      changed.map((index) => timestamps[index]!),
      changed.map((index) => values[index]!),
    );
  }
  await transaction.writeSparse(rows);
}

import type { AppendLog } from './append-log';
import type { BatchPart } from './append-batch';
import { HeadRow } from './head-layout';

/**
 * Puts the points of a part into its rows: `rows[place]` is the row of `part.timestamps[place]`, null for one that is not
 * to be written to. Rows that change are replaced by copies; those of which the points are there already stay.
 * @returns the places of the rows that changed.
 */
export function mergeIntoHeads(part: BatchPart, rows: (HeadRow | null)[], log: AppendLog): number[] {
  const changed: (number[] | null)[] = rows.map(() => null);
  for (const { series, timestamps, values, places } of part.entries) {
    const { id, slot } = series;
    let times: number[] | null = null;
    let revised: number[] | null = null;
    for (let index = 0; index < places.length; index++) {
      const place = places[index]!;
      const row = rows[place];
      if (!row) continue;
      const value = values[index]!;
      const before = row.get(slot);
      if (before === value) continue;
      const timestamp = timestamps[index]!;
      log.count(timestamp, before);
      let ids = changed[place];
      if (!ids) {
        changed[place] = ids = [];
        const copy = row.copy(part.lastSlot + 1);
        rows[place] = copy;
        copy.set(slot, value);
      } else row.set(slot, value);
      ids.push(id);
      if (times) {
        times.push(timestamp);
        revised!.push(value);
      } else {
        times = [timestamp];
        revised = [value];
      }
    }
    if (times) log.add(id, times, revised!);
  }
  const places: number[] = [];
  changed.forEach((ids, place) => {
    if (!ids) return;
    log.point(part.timestamps[place]!, ids);
    places.push(place);
  });
  return places;
}

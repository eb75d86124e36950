import { setImmediate as nextTurn } from 'node:timers/promises';
import type { DamagedBlob, MetricCheck } from '../../core/metrics/metric-maintenance';
import { openChunk, openRollup } from './chunk-layout';
import { decodeStates } from './blob-series-states';
import { DayPoints } from './codec/chunk';
import { RollupHours } from './codec/rollup';
import { blockOf, HeadRow, timestampOf } from './head-layout';
import type { BlobRow, BlobTable, MetricTables } from './metric-tables';

const BLOBS_AT_ONCE = 200;
const MINUTE = 60_000;

/** Reads every blob and compares its checksum, a page at a time. */
export class BlobCheck {
  readonly #damaged: DamagedBlob[] = [];
  readonly #points = new DayPoints();
  readonly #hours = new RollupHours();

  constructor(private readonly tables: MetricTables) {}

  /** @param onUnreadable told of a table that cannot be read to its end, in place of an error */
  async run(
    signal: AbortSignal,
    onUnreadable?: (table: BlobTable, error: Error) => void,
  ): Promise<MetricCheck> {
    let blobs = 0;
    for (const table of ['head', 'chunk', 'rollup', 'state'] as const) {
      try {
        for await (const rows of this.#pages(table, signal)) {
          for (const row of rows) await this.#check(table, row);
          blobs += rows.length;
        }
      } catch (error) {
        if (!onUnreadable || signal.aborted) throw error;
        onUnreadable(table, error as Error);
      }
    }
    return { blobs, damaged: this.#damaged };
  }

  async *#pages(table: BlobTable, signal: AbortSignal): AsyncGenerator<BlobRow[]> {
    for (let after = -1; ; await nextTurn()) {
      signal.throwIfAborted();
      const rows = await this.tables.blobsAfter(table, after, BLOBS_AT_ONCE);
      if (rows.length === 0) return;
      yield rows;
      const last = rows.at(-1)!.id;
      // A damaged page may give ids in any order.
      if (!(last > after)) throw new Error('ids are out of order');
      after = last;
    }
  }

  async #check(table: BlobTable, row: BlobRow): Promise<void> {
    const note = (blob: DamagedBlob) => void this.#damaged.push(blob);
    switch (table) {
      case 'chunk':
        openChunk(row, this.#points, note);
        return;
      case 'rollup':
        openRollup(row, this.#hours, note);
        return;
      case 'state': {
        const before = this.#damaged.length;
        decodeStates([row], note);
        if (this.#damaged.length > before)
          this.#damaged.at(-1)!.seriesIds = await this.#seriesOf(row.id, Infinity);
        return;
      }
      case 'head': {
        const head = new HeadRow(row.data);
        if (head.isIntact) return;
        const from = timestampOf(row.id);
        const seriesIds = await this.#seriesOf(blockOf(row.id), head.length || Infinity);
        note({ kind: 'head', seriesIds, from, to: from + MINUTE, problem: 'The checksum does not match' });
      }
    }
  }

  async #seriesOf(block: number, slots: number): Promise<number[]> {
    const series = await this.tables.seriesOfBlock(block);
    return series.filter(({ slot }) => slot < slots).map(({ id }) => id);
  }
}

import { setImmediate as nextTurn } from 'node:timers/promises';
import { chunkId, DAY, firstPeriod } from './chunk-layout';
import { DayPoints, encodeChunk } from './codec/chunk';
import { encodeSlots } from './codec/slot-set';
import type { DamageLog } from './damage';
import { dayId, headIds, HeadRow, timestampOf } from './head-layout';
import type { BlobRow, BlockRow, MetricTables, MetricTransaction } from './metric-tables';
import { RollupChanges } from './rollup-changes';

/** Points that are worked on before other work has its turn: less than 5 ms. */
const POINTS_AT_ONCE = 20_000;

const LOST = {
  reason: 'NOT_DUE',
  evidence: 'What was stored is damaged (its checksum does not match), and is asked for again',
  recoverable: true,
} as const;

interface SeriesOfBlock {
  id: number;
  slot: number;
}

/** Turns a day of a block from head rows into chunks and rollups, in one transaction. */
export class DaySealer {
  readonly #points = new DayPoints();

  constructor(
    private readonly tables: MetricTables,
    private readonly onDamage: DamageLog,
  ) {}

  /** @returns how many points went into chunks; 0 for a day that is gone or sealed by now. */
  seal(block: number, day: number): Promise<number> {
    const work = async (transaction: MetricTransaction) => {
      const [held] = await transaction.lockBlocks([block]);
      const [state] = await transaction.days([dayId(block, day)]);
      if (!state || state.sealed) return 0;
      await transaction.sealDay(state.id);
      if (!held) return 0;
      const { period } = held;
      const rows = await transaction.blobs('head', headIds(block, period, day * DAY, (day + 1) * DAY));
      rows.sort((a, b) => a.id - b.id);
      const series = await transaction.seriesOfBlock(block);
      const intact = await this.#intactRows(transaction, rows, series, held);
      return this.#writeChunks(transaction, series, intact, day, period);
    };
    return this.tables.transaction(work, { long: true });
  }

  /** A damaged row is told of and left out. CloudWatch may still have its points, so it becomes a gap. */
  async #intactRows(
    transaction: MetricTransaction,
    rows: readonly BlobRow[],
    series: readonly SeriesOfBlock[],
    { id: block, accountId, period }: BlockRow,
  ): Promise<{ id: number; row: HeadRow }[]> {
    const intact: { id: number; row: HeadRow }[] = [];
    for (const [index, { id, data }] of rows.entries()) {
      const row = new HeadRow(data);
      if (row.isIntact) intact.push({ id, row });
      else {
        const from = timestampOf(id);
        const range = { from, to: from + period * 1_000 };
        const lost = series.filter(({ slot }) => slot < (row.length || Infinity));
        const seriesIds = lost.map((one) => one.id);
        this.onDamage({ kind: 'head', seriesIds, ...range, problem: 'The checksum does not match' });
        const slots = encodeSlots(lost.map(({ slot }) => slot));
        await transaction.addGaps([{ accountId, block, ...range, ...LOST, slots }]);
      }
      if (index % 256 === 255) await nextTurn();
    }
    return intact;
  }

  async #writeChunks(
    transaction: MetricTransaction,
    series: readonly SeriesOfBlock[],
    rows: readonly { id: number; row: HeadRow }[],
    day: number,
    period: number,
  ): Promise<number> {
    const first = firstPeriod(day, period);
    const places = rows.map(({ id }) => timestampOf(id) / (period * 1_000) - first);
    const atOnce = Math.max(1, Math.floor(POINTS_AT_ONCE / Math.max(1, rows.length)));
    const chunks: BlobRow[] = [];
    let sealed = 0;
    const rollups = new RollupChanges(transaction, this.onDamage);
    await rollups.load(series.map(({ id, slot }) => ({ series: { id, slot, period, block: 0 }, day })));
    for (let start = 0; start < series.length; start += atOnce) {
      for (const { id, slot } of series.slice(start, start + atOnce)) {
        this.#take(slot, rows, places);
        if (this.#points.count === 0) continue;
        sealed += this.#points.count;
        chunks.push({ id: chunkId(id, day), data: encodeChunk(this.#points) });
        rollups.setDay(id, day, period, this.#points);
      }
      await nextTurn();
    }
    chunks.sort((a, b) => a.id - b.id);
    await transaction.writeBlobs('chunk', chunks);
    await rollups.write();
    return sealed;
  }

  #take(slot: number, rows: readonly { row: HeadRow }[], places: readonly number[]): void {
    const points = this.#points;
    points.count = 0;
    for (let index = 0; index < rows.length; index++) {
      const value = rows[index]!.row.get(slot);
      if (!Number.isNaN(value)) points.push(places[index]!, value);
    }
  }
}

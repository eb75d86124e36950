import type { Fence } from '../../core/collection/leases';
import type { AppendOptions, AppendResult, SeriesPoints } from '../../core/metrics/metric-store';
import type { AppendBatch, BatchPart } from './append-batch';
import { mergeIntoHeads } from './append-heads';
import { LatePoints, writeCoarse } from './append-late';
import { AppendLog } from './append-log';
import { changeGaps } from './blob-gaps';
import { blocksOf, decodeStates, noteAnswers, requireOwn, writeStates } from './blob-series-states';
import type { DamageLog } from './damage';
import { blockOf, dayId, dayOf, headId, HeadRow, timestampOf } from './head-layout';
import type { AppendRows, BlobRow, MetricTransaction } from './metric-tables';
import { writeSparse } from './sparse';

/** Head rows that are read, merged and written together: at most 2 MB. */
const ROWS_AT_ONCE = 256;

/** One append inside its transaction. */
export class Append {
  readonly #log: AppendLog;

  constructor(
    private readonly transaction: MetricTransaction,
    private readonly onDamage: DamageLog,
    private readonly fence: Fence,
    private readonly options: AppendOptions,
  ) {
    this.#log = new AppendLog(options.isRecovered);
  }

  /** `points` are those of the batch. */
  async run(batch: readonly SeriesPoints[], points: AppendBatch): Promise<AppendResult> {
    const { gaps, hourly = [] } = this.options;
    const { accountId } = this.fence;
    const blocks = blocksOf([...[...batch, ...hourly].map(({ series }) => series), ...(gaps?.added ?? [])]);
    const heads = points.parts.flatMap(headsOf);
    const rows = await this.transaction.loadForAppend({
      fence: this.fence,
      blocks,
      days: points.parts.flatMap(daysOf),
      heads: heads.slice(0, ROWS_AT_ONCE),
    });
    requireOwn(rows.blocks, accountId, blocks);
    await this.#openDays(points.parts, rows);
    const sealed = new Set(rows.days.filter((day) => day.sealed).map(({ id }) => id));
    await this.#writeHeads(points.parts, heads, rows.heads, sealed);
    if (sealed.size > 0) {
      const late = new LatePoints(this.transaction, this.onDamage, this.#log);
      for (const part of points.parts) await late.write(part, (day) => sealed.has(dayId(part.block, day)));
    }
    await writeSparse(this.transaction, points.sparse, this.#log);
    await writeCoarse(this.transaction, this.onDamage, hourly);
    const states = decodeStates(rows.states, this.onDamage);
    noteAnswers(states, batch, this.options.askedAt);
    await writeStates(this.transaction, states);
    if (gaps) await changeGaps(this.transaction, accountId, gaps);
    const changes = this.#log.encodeChanges();
    if (changes) await this.transaction.addChange(accountId, changes);
    return this.#log.result;
  }

  async #openDays(parts: readonly BatchPart[], rows: AppendRows): Promise<void> {
    const known = new Set(rows.days.map(({ id }) => id));
    const missing = new Set(parts.flatMap(daysOf).filter((id) => !known.has(id)));
    await this.transaction.openDays([...missing]);
  }

  async #writeHeads(
    parts: readonly BatchPart[],
    heads: readonly number[],
    loaded: readonly BlobRow[],
    sealed: ReadonlySet<number>,
  ): Promise<void> {
    let held = new Map(loaded.map((row) => [row.id, row.data]));
    for (let start = 0; start < heads.length; start += ROWS_AT_ONCE) {
      const slice = heads.slice(start, start + ROWS_AT_ONCE);
      if (start > 0) {
        held = new Map((await this.transaction.blobs('head', slice)).map((row) => [row.id, row.data]));
      }
      const wanted = new Set(sealed.size === 0 ? slice : slice.filter((id) => !sealed.has(dayOfHead(id))));
      const changed = parts.flatMap((part) => this.#merge(part, wanted, held));
      await this.transaction.writeBlobs('head', changed);
    }
  }

  #merge(part: BatchPart, wanted: ReadonlySet<number>, held: ReadonlyMap<number, Buffer>): BlobRow[] {
    const ids = headsOf(part);
    const rows = ids.map((id) => (wanted.has(id) ? this.#rowOf(id, part, held.get(id)) : null));
    return mergeIntoHeads(part, rows, this.#log).map((place) => ({
      id: ids[place]!,
      data: rows[place]!.finish(),
    }));
  }

  /** A damaged row counts as empty: what CloudWatch answers now goes into it. */
  #rowOf(id: number, { entries, period }: BatchPart, data: Buffer = Buffer.alloc(0)): HeadRow {
    const row = new HeadRow(data);
    if (row.isIntact) return row;
    const from = timestampOf(id);
    this.onDamage({
      kind: 'head',
      seriesIds: entries.map(({ series }) => series.id),
      from,
      to: from + period * 1_000,
      problem: 'The checksum does not match',
    });
    return new HeadRow(Buffer.alloc(0));
  }
}

/** The day that a head row belongs to. */
function dayOfHead(id: number): number {
  return dayId(blockOf(id), dayOf(timestampOf(id)));
}

function headsOf({ block, timestamps }: BatchPart): number[] {
  return timestamps.map((timestamp) => headId(block, timestamp));
}

function daysOf({ block, timestamps }: BatchPart): number[] {
  return [...new Set(timestamps.map((timestamp) => dayId(block, dayOf(timestamp))))];
}

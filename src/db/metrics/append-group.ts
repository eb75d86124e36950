import { setImmediate as nextTurn } from 'node:timers/promises';
import { StaleLeaseError, type Fence } from '../../core/collection/leases';
import type { AppendOptions, AppendResult, SeriesPoints } from '../../core/metrics/metric-store';
import { batchOf, type AppendBatch, type BatchPart } from './append-batch';
import { mergeIntoHeads } from './append-heads';
import { LatePoints, writeCoarse } from './append-late';
import { AppendLog } from './append-log';
import { changeGaps } from './blob-gaps';
import { decodeStates, noteAnswers, requireOwn } from './blob-series-states';
import type { BlockState } from './codec/block-state';
import type { DamageLog } from './damage';
import { DAY } from './chunk-layout';
import { blockOf, dayId, dayOf, dayOfId, headId, HeadRow, timestampOf } from './head-layout';
import type { AppendRows, MetricTransaction } from './metric-tables';
import { writeSparse } from './sparse';
import type { Outcome } from './transaction-queue';

/** A day whose first points are asked for so long after its end is not kept open for more. */
const HISTORY_AFTER_MS = 6 * 3_600_000;
/** Head rows that are held at once: at most 2 MB. */
export const ROWS_AT_ONCE = 256;

/** One append that waits, and what became of it. */
export interface AppendJob {
  fence: Fence;
  batch: readonly SeriesPoints[];
  /** Those of the batch. */
  points: AppendBatch;
  options: AppendOptions;
  /** The rows that `points` go to, and the blocks of everything. */
  heads: number[];
  blocks: number[];
}

/**
 * Appends that share a transaction: what they need is read at once, and written at once, each row once. One whose fence
 * is old, or whose series are another account's, is left out; the others go on.
 */
export class AppendGroup {
  readonly #heads = new Map<number, HeadRow>();
  readonly #changedHeads = new Set<number>();
  #states = new Map<number, BlockState>();

  constructor(
    private readonly transaction: MetricTransaction,
    private readonly onDamage: DamageLog,
  ) {}

  /** In the order of `jobs`. One with more rows than ROWS_AT_ONCE comes alone. */
  async run(jobs: readonly AppendJob[]): Promise<Outcome<AppendResult>[]> {
    const heads = new Set(jobs.flatMap((job) => job.heads));
    const rows = await this.transaction.loadForAppend({
      fences: jobs.map(({ fence }) => fence),
      blocks: [...new Set(jobs.flatMap(({ blocks }) => blocks))],
      days: [...new Set(jobs.flatMap(({ points }) => points.parts.flatMap(daysOf)))],
      heads: heads.size > ROWS_AT_ONCE ? [] : [...heads],
    });
    for (const { id, data } of rows.heads) this.#heads.set(id, new HeadRow(data));
    this.#states = decodeStates(rows.states, this.onDamage);
    const refusals = jobs.map((job) => refusalOf(job, rows));
    const sealed = new Set(rows.days.filter((day) => day.sealed).map(({ id }) => id));
    await this.#openDays(
      jobs.filter((_, index) => refusals[index] === null),
      rows,
      sealed,
    );
    const outcomes: Outcome<AppendResult>[] = [];
    for (const [index, job] of jobs.entries()) {
      const error = refusals[index];
      outcomes.push(error ? { error } : { result: await this.#append(job, sealed) });
    }
    await this.#flushHeads();
    await this.transaction.writeBlobs(
      'state',
      [...this.#states].map(([id, state]) => ({ id, data: state.encode() })),
    );
    return outcomes;
  }

  async #append({ fence, batch, points, options, heads }: AppendJob, sealed: ReadonlySet<number>) {
    const log = new AppendLog(options.isRecovered);
    for (let start = 0; start < heads.length; start += ROWS_AT_ONCE) {
      const slice = heads.slice(start, start + ROWS_AT_ONCE);
      if (heads.length > ROWS_AT_ONCE) await this.#loadSlice(slice);
      const wanted = new Set(sealed.size === 0 ? slice : slice.filter((id) => !sealed.has(dayOfHead(id))));
      for (const part of points.parts) this.#merge(part, wanted, log);
      if (heads.length > ROWS_AT_ONCE) await this.#flushHeads();
    }
    if (sealed.size > 0) {
      const late = new LatePoints(this.transaction, this.onDamage, log);
      for (const part of points.parts) await late.write(part, (day) => sealed.has(dayId(part.block, day)));
    }
    await writeSparse(this.transaction, points.sparse, log);
    await writeCoarse(this.transaction, this.onDamage, options.hourly ?? []);
    noteAnswers(this.#states, batch, options.askedAt);
    if (options.gaps) await changeGaps(this.transaction, fence.accountId, options.gaps);
    const changes = log.encodeChanges();
    if (changes) await this.transaction.addChange(fence.accountId, changes, batch[0]!.series.block);
    // Others of the event loop have their turn between two answers.
    await nextTurn();
    return log.result(sealed.size > 0 || heads.length > ROWS_AT_ONCE);
  }

  /**
   * Days that have no point as yet. What is history when it is asked for goes into chunks at once: a backfill asks for
   * few series and many days, each of which would be head rows written anew with every answer.
   */
  async #openDays(jobs: readonly AppendJob[], rows: AppendRows, sealed: Set<number>): Promise<void> {
    const known = new Set(rows.days.map(({ id }) => id));
    const opened = new Set<number>();
    const history = new Set<number>();
    for (const { points, options } of jobs) {
      for (const id of points.parts.flatMap(daysOf)) {
        if (known.has(id)) continue;
        opened.add(id);
        const end = (dayOfId(id).day + 1) * DAY;
        if (options.askedAt !== undefined && end + HISTORY_AFTER_MS <= options.askedAt) history.add(id);
      }
    }
    await this.transaction.openDays([...opened]);
    for (const id of history) {
      await this.transaction.sealDay(id);
      sealed.add(id);
    }
  }

  async #loadSlice(ids: readonly number[]): Promise<void> {
    this.#heads.clear();
    for (const { id, data } of await this.transaction.blobs('head', ids))
      this.#heads.set(id, new HeadRow(data));
  }

  async #flushHeads(): Promise<void> {
    const rows = [...this.#changedHeads].map((id) => ({ id, data: this.#heads.get(id)!.finish() }));
    this.#changedHeads.clear();
    await this.transaction.writeBlobs('head', rows);
  }

  #merge(part: BatchPart, wanted: ReadonlySet<number>, log: AppendLog): void {
    const ids = headsOf(part);
    const rows = ids.map((id) => (wanted.has(id) ? this.#rowOf(id, part) : null));
    for (const place of mergeIntoHeads(part, rows, log)) {
      this.#heads.set(ids[place]!, rows[place]!);
      this.#changedHeads.add(ids[place]!);
    }
  }

  /** A damaged row counts as empty: what CloudWatch answers now goes into it. */
  #rowOf(id: number, { entries, period }: BatchPart): HeadRow {
    const row = this.#heads.get(id) ?? new HeadRow(Buffer.alloc(0));
    if (this.#changedHeads.has(id) || row.isIntact) return row;
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

/** An append that is checked as far as that needs no database. @throws RangeError */
export function appendJob(fence: Fence, batch: readonly SeriesPoints[], options: AppendOptions): AppendJob {
  const points = batchOf(batch);
  const { gaps, hourly = [] } = options;
  const blocks = new Set<number>();
  for (const { series } of batch) blocks.add(series.block);
  for (const { series } of hourly) blocks.add(series.block);
  for (const { block } of gaps?.added ?? []) blocks.add(block);
  return { fence, batch, points, options, heads: points.parts.flatMap(headsOf), blocks: [...blocks] };
}

/** Whether the fence is among those that are still good. */
export function isHeld({ accountId, token }: Fence, held: readonly Fence[]): boolean {
  return held.some((other) => other.accountId === accountId && other.token === token);
}

/** Why a job is left out; null when it is not. */
function refusalOf(job: AppendJob, rows: AppendRows): Error | null {
  const { fence } = job;
  if (!isHeld(fence, rows.held)) return new StaleLeaseError(fence);
  const blocks = new Set(job.blocks);
  try {
    requireOwn(
      rows.blocks.filter(({ id }) => blocks.has(id)),
      fence.accountId,
      job.blocks,
    );
    return null;
  } catch (error) {
    return error as Error;
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

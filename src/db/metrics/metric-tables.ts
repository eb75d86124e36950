import type { Fence } from '../../core/collection/leases';
import type { Gap } from '../../core/metrics/gap';

/**
 * What the metric store needs of a database: the statements, and nothing that is not one. Layout, codec and order of
 * work are the same for every engine and lie in the classes that use these tables.
 *
 * head      id = minutes since the epoch × 2^20 + block: float64 a slot (head-layout.ts)
 * day       id = day × 2^20 + block: a UTC day of a block that has points, and whether they went into chunks
 * chunk     id = day × 2^32 + series: the points of a sealed day (codec/chunk.ts)
 * rollup    id = (day ÷ ROLLUP_DAYS) × 2^32 + series: hourly values (codec/rollup.ts)
 * state     id = block: the states of its series (codec/block-state.ts)
 * sparse    (series, at): points of series with a period of an hour or more
 */
export type BlobTable = 'head' | 'chunk' | 'rollup' | 'state';

/** The SQL names of the blob tables and of their keys. */
export const TABLE_NAMES: Record<BlobTable, { table: string; key: string }> = {
  head: { table: 'head', key: 'id' },
  chunk: { table: 'chunk', key: 'id' },
  rollup: { table: 'rollup', key: 'id' },
  state: { table: 'block_state', key: 'block' },
};

export interface BlobRow {
  id: number;
  data: Buffer;
}

export interface DayRow {
  id: number;
  sealed: boolean;
}

export interface BlockRow {
  id: number;
  accountId: number;
  /** Seconds. */
  period: number;
}

export interface SparseRow {
  seriesId: number;
  /** Epoch ms. */
  at: number;
  value: number;
}

/** A gap as it is stored: its slots as a bitmap (codec/slot-set.ts). */
export type GapRow = Omit<Gap, 'slots'> & { slots: Buffer };
export type NewGapRow = Omit<GapRow, 'id' | 'region' | 'period'>;

/** One append's changes (codec/changed-points.ts) of a numbered event; an event may have several. */
export interface ChangeRow {
  sequence: number;
  accountId: number;
  at: number;
  data: Buffer;
}

/** What an account's appends changed, now with a number. */
export interface PublishedChanges {
  accountId: number;
  sequence: number;
  changes: Buffer[];
}

/** Bytes of a blob: `length` from `start` on, or as many as there are. */
export interface Cut {
  start: number;
  length: number;
}

/** The first or the last ids that there are; null in an empty table. */
export interface TableBounds {
  firstDay: number | null;
  lastDay: number | null;
  newestHead: number | null;
  firstRollup: number | null;
  lastRollup: number | null;
}

/** Reads. Each call sees one state of the database; two calls may see two. Ids that are not there are left out. */
export interface MetricTableReads {
  /** Whole blobs, or the same part of each. In any order. */
  blobs(table: BlobTable, ids: readonly number[], cut?: Cut): Promise<BlobRow[]>;
  days(ids: readonly number[]): Promise<DayRow[]>;
  bounds(): Promise<TableBounds>;
  /** `from` ≤ at < `to`; ascending by at. */
  sparse(seriesIds: readonly number[], from: number, to: number): Promise<SparseRow[]>;
  /** The newest of each that is not before `since`. */
  newestSparse(seriesIds: readonly number[], since: number): Promise<SparseRow[]>;
  /** The series of a block with their slots. */
  seriesOfBlock(block: number): Promise<{ id: number; slot: number }[]>;
}

/** What appends that go together read before they write. */
export interface AppendRequest {
  fences: readonly Fence[];
  /** Those that the append writes to: their rows, and their states. */
  blocks: readonly number[];
  days: readonly number[];
  heads: readonly number[];
}

export interface AppendRows {
  /** Those of the fences that are still good. */
  held: Fence[];
  blocks: BlockRow[];
  states: BlobRow[];
  days: DayRow[];
  heads: BlobRow[];
}

/** One write transaction. Of two that touch the same block, one waits for the other. */
export interface MetricTransaction extends MetricTableReads {
  /** Locks the blocks and reads all that appends need, at once. */
  loadForAppend(request: AppendRequest): Promise<AppendRows>;
  /** @throws StaleLeaseError */
  requireLease(fence: Fence): Promise<void>;
  /** Those of these blocks that there are; no other transaction writes to them until this one ends. */
  lockBlocks(ids: readonly number[]): Promise<BlockRow[]>;
  /** Adds blobs or replaces those that are there. */
  writeBlobs(table: BlobTable, rows: readonly BlobRow[]): Promise<void>;
  /** Adds days that are not there, as not sealed. */
  openDays(ids: readonly number[]): Promise<void>;
  sealDay(id: number): Promise<void>;
  writeSparse(rows: readonly SparseRow[]): Promise<void>;
  addGaps(rows: readonly NewGapRow[]): Promise<void>;
  /** Of this account alone. */
  removeGaps(accountId: number, ids: readonly number[]): Promise<void>;
  /**
   * Writes down what an append of the account changed, without a number as yet. The state of `block` is written by the
   * same transaction: both may lie in one row.
   */
  addChange(accountId: number, data: Buffer, block: number): Promise<void>;
  /**
   * Gives the changes of each account that have no number the next one, in this order. Accounts without any are left out
   * of the answer; none comes twice.
   */
  publishChanges(accounts: readonly { accountId: number; at: number }[]): Promise<PublishedChanges[]>;
}

/** Deletes whole ranges of keys: ids below each limit, instants (epoch ms) before each other one. */
export interface PruneLimits {
  headBelow: number;
  dayBelow: number;
  chunkBelow: number;
  rollupBelow: number;
  sparseBefore: number;
  gapsBefore: number;
  /** Of numbered changes alone. */
  changesBefore: number;
}

export interface MetricTables extends MetricTableReads {
  /**
   * Commits when `work` resolves; rolls back when it rejects. Several may share a commit unless one takes `long`, and
   * `work` may be run anew when another one failed: it does nothing but read and write here.
   */
  transaction<T>(
    work: (transaction: MetricTransaction) => Promise<T>,
    options?: { long: boolean },
  ): Promise<T>;
  /** The recoverable gaps of the account, the newest (by `to`) first. */
  recoverableGaps(accountId: number, limit: number): Promise<GapRow[]>;
  /** Those that touch [from, to), oldest first. */
  gapsOfAccount(accountId: number, from: number, to: number): Promise<GapRow[]>;
  gapsOfBlock(block: number, from: number, to: number): Promise<GapRow[]>;
  /** The lowest number that is kept (0 when none is) and the highest ever given (0 before the first). */
  changeBounds(): Promise<{ oldest: number; newest: number }>;
  /** The changes of the first `limit` events with `after` < sequence ≤ `upTo` of these accounts (null: all), ascending. */
  changes(
    accountIds: readonly number[] | null,
    after: number,
    upTo: number,
    limit: number,
  ): Promise<ChangeRow[]>;
  /** Ids of days below `below` that are not sealed, ascending. */
  unsealedDays(below: number, limit: number): Promise<number[]>;
  /** Deletes rows of `head` with ids below this whose days are sealed (or gone). */
  deleteSealedHeads(below: number): Promise<void>;
  /** The newest change may stay, so that its number is not given again. */
  prune(limits: PruneLimits): Promise<void>;
  /** The next blobs behind `after`, ascending by id: for a walk through all of them. */
  blobsAfter(table: BlobTable, after: number, limit: number): Promise<BlobRow[]>;
}

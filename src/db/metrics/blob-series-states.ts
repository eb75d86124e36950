import type { Fence } from '../../core/collection/leases';
import type { SeriesLocation, SeriesPoints } from '../../core/metrics/metric-store';
import type { Trouble } from '../../core/metrics/no-data';
import type { SeriesState, SeriesStates } from '../../core/metrics/series-state';
import { BlockState } from './codec/block-state';
import { DamagedBlobError } from './codec/bytes';
import type { DamageLog } from './damage';
import type { BlobRow, BlockRow, MetricTables, MetricTransaction } from './metric-tables';

/** The states of series, a blob a block. */
export class BlobSeriesStates implements SeriesStates {
  constructor(
    private readonly tables: MetricTables,
    private readonly onDamage: DamageLog,
  ) {}

  async statesOf(series: readonly SeriesLocation[]): Promise<SeriesState[]> {
    const blocks = blocksOf(series.map(({ block }) => ({ block })));
    const states = decodeStates(await this.tables.blobs('state', blocks), this.onDamage);
    const none = new BlockState();
    return series.map(({ block, slot }) => (states.get(block) ?? none).get(slot));
  }

  note(
    fence: Fence,
    troubles: readonly { series: SeriesLocation; trouble: Trouble }[],
    at: number,
  ): Promise<void> {
    return this.tables.transaction(async (transaction) => {
      await transaction.requireLease(fence);
      const blocks = blocksOf(troubles.map(({ series }) => series));
      requireOwn(await transaction.lockBlocks(blocks), fence.accountId, blocks);
      const states = decodeStates(await transaction.blobs('state', blocks), this.onDamage);
      for (const { series, trouble } of troubles) {
        const state = stateOf(states, series.block);
        state.setInstant('askedAt', series.slot, at);
        state.setTrouble(series.slot, trouble);
      }
      await writeStates(transaction, states);
    });
  }
}

/** The states of the blobs, by block. A damaged one counts as empty: its series are asked for as new ones are. */
export function decodeStates(rows: readonly BlobRow[], onDamage: DamageLog): Map<number, BlockState> {
  const states = new Map<number, BlockState>();
  for (const { id, data } of rows) {
    try {
      states.set(id, BlockState.decode(data));
    } catch (error) {
      if (!(error instanceof DamagedBlobError)) throw error;
      onDamage({ kind: 'state', seriesIds: [], from: 0, to: 0, problem: `Block ${id}: ${error.message}` });
    }
  }
  return states;
}

/**
 * What an answer tells of its series: it was asked for, it was answered whole where the watermark moves, and it held
 * points. A whole answer ends a trouble unless it names one itself.
 */
export function noteAnswers(
  states: Map<number, BlockState>,
  batch: readonly SeriesPoints[],
  askedAt: number | undefined,
): void {
  for (const { series, timestamps, watermark, trouble } of batch) {
    const { block, slot } = series;
    const state = stateOf(states, block);
    if (watermark !== null && watermark > (state.instant('watermark', slot) ?? -Infinity)) {
      state.setInstant('watermark', slot, watermark);
    }
    if (trouble !== undefined) state.setTrouble(slot, trouble);
    else if (watermark !== null) state.setTrouble(slot, null);
    if (askedAt === undefined) continue;
    state.setInstant('askedAt', slot, askedAt);
    if (watermark !== null) state.setInstant('answeredAt', slot, askedAt);
    if (timestamps.length > 0) state.setInstant('receivedAt', slot, askedAt);
  }
}

export async function writeStates(
  transaction: MetricTransaction,
  states: ReadonlyMap<number, BlockState>,
): Promise<void> {
  await transaction.writeBlobs(
    'state',
    [...states].map(([id, state]) => ({ id, data: state.encode() })),
  );
}

/** A location from another account would write into its rows. */
export function requireOwn(rows: readonly BlockRow[], accountId: number, blocks: readonly number[]): void {
  const own = rows.filter((row) => row.accountId === accountId);
  if (own.length !== blocks.length)
    throw new Error(`Points of series that account ${accountId} does not have`);
}

/** Each block once. */
export function blocksOf(places: readonly { block: number }[]): number[] {
  return [...new Set(places.map(({ block }) => block))];
}

function stateOf(states: Map<number, BlockState>, block: number): BlockState {
  let state = states.get(block);
  if (!state) states.set(block, (state = new BlockState()));
  return state;
}

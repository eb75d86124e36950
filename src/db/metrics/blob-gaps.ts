import type { Gap, GapChange, Gaps } from '../../core/metrics/gap';
import { decodeSlots, encodeSlots, hasSlot } from './codec/slot-set';
import type { GapRow, MetricTables, MetricTransaction } from './metric-tables';

/** The holes that are known: a row for each block, its series as a bitmap. */
export class BlobGaps implements Gaps {
  constructor(private readonly tables: MetricTables) {}

  async recoverable(accountId: number, limit: number): Promise<Gap[]> {
    return (await this.tables.recoverableGaps(accountId, limit)).map(gapOf);
  }

  async ofSeries({ block, slot }: { block: number; slot: number }, from: number, to: number): Promise<Gap[]> {
    const rows = await this.tables.gapsOfBlock(block, from, to);
    return rows.filter(({ slots }) => hasSlot(slots, slot)).map(gapOf);
  }

  async ofAccount(accountId: number, from: number, to: number): Promise<Gap[]> {
    return (await this.tables.gapsOfAccount(accountId, from, to)).map(gapOf);
  }
}

/** Inside an append, whose blocks are checked. */
export async function changeGaps(
  transaction: MetricTransaction,
  accountId: number,
  { removed, added }: GapChange,
): Promise<void> {
  await transaction.removeGaps(accountId, removed);
  await transaction.addGaps(added.map((gap) => ({ ...gap, accountId, slots: encodeSlots(gap.slots) })));
}

function gapOf(row: GapRow): Gap {
  return { ...row, slots: decodeSlots(row.slots) };
}

/**
 * How points lie in the table `head`: one row per block and timestamp, its id made of both, its data a float64
 * (little-endian) per slot. NaN is a missing point, and a row may end before the block's last slot.
 */

/** Room for the block in a head id; the table `block` holds ids below it. */
const BLOCKS = 2 ** 20;
const MINUTE = 60_000;
const SLOT_BYTES = 8;
const NAN_BYTES = Buffer.from([0, 0, 0, 0, 0, 0, 0xf8, 0x7f]);

/** Series that share a block. */
export const SLOTS_PER_BLOCK = 1_000;

/** Distance of two head ids of one block, one minute apart. */
export const HEAD_IDS_PER_MINUTE = BLOCKS;

/** The id of the row that holds `block` at `timestamp`, which is a whole minute (epoch ms). Stays below 2^53. */
export function headId(block: number, timestamp: number): number {
  return (timestamp / MINUTE) * BLOCKS + block;
}

/** The timestamp (epoch ms) of a row. */
export function timestampOf(id: number): number {
  return Math.floor(id / BLOCKS) * MINUTE;
}

/** The first timestamp of a period's grid that is not before `instant`. */
export function gridCeil(instant: number, periodSeconds: number): number {
  const step = periodSeconds * 1_000;
  return Math.ceil(instant / step) * step;
}

/** A row's data, to read and write slots. (A DataView states the byte order and is as fast as an array.) */
export class HeadRow {
  readonly #view: DataView;

  constructor(readonly data: Buffer) {
    this.#view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  }

  /** Number of slots that the row holds. */
  get length(): number {
    return this.data.length / SLOT_BYTES;
  }

  /** The value in a slot; NaN where there is none. */
  get(slot: number): number {
    return slot < this.length ? this.#view.getFloat64(slot * SLOT_BYTES, true) : NaN;
  }

  /** `slot` is below `length`. */
  set(slot: number, value: number): void {
    this.#view.setFloat64(slot * SLOT_BYTES, value, true);
  }

  /** A copy with room for at least `length` slots; those beyond this row's are missing points. */
  copy(length: number): HeadRow {
    const data = Buffer.allocUnsafe(Math.max(length, this.length) * SLOT_BYTES);
    this.data.copy(data);
    data.fill(NAN_BYTES, this.data.length);
    return new HeadRow(data);
  }
}

/** SQL that cuts the slots `first` to `last` out of `column`. */
export function slotsExpression(column: string, first: number, last: number): string {
  return `substr(${column}, ${first * SLOT_BYTES + 1}, ${(last - first + 1) * SLOT_BYTES})`;
}

import { crc32 } from 'node:zlib';

/**
 * How points lie in the table `head`: one row per block and timestamp, its id made of both, its data a float64
 * (little-endian) per slot, and behind them their checksum (CRC-32, little-endian). NaN is a missing point, and a row may
 * end before the block's last slot. Rows of the first release have no checksum.
 */

/** Room for the block in a head id; the table `block` holds ids below it. */
const BLOCKS = 2 ** 20;
const MINUTE = 60_000;
const DAY = 86_400_000;
const SLOT_BYTES = 8;
const CHECKSUM_BYTES = 4;
/** In place of what is no blob, as SQLite may read from a damaged page: no row of ours. */
const UNREADABLE = Buffer.alloc(1);
const NAN_BYTES = Buffer.from([0, 0, 0, 0, 0, 0, 0xf8, 0x7f]);

/** Series that share a block. */
export const SLOTS_PER_BLOCK = 1_000;

/** Distance of two head ids of one block, one minute apart. */
export const HEAD_IDS_PER_MINUTE = BLOCKS;

/** And one day apart. */
export const HEAD_IDS_PER_DAY = HEAD_IDS_PER_MINUTE * (DAY / MINUTE);

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

/** The UTC day (counted from the epoch) of an instant. */
export function dayOf(instant: number): number {
  return Math.floor(instant / DAY);
}

/** The id of a block's day. */
export function dayId(block: number, day: number): number {
  return day * BLOCKS + block;
}

/** The block and the day of such an id. */
export function dayOfId(id: number): { block: number; day: number } {
  return { block: id % BLOCKS, day: Math.floor(id / BLOCKS) };
}

/** The block of a row. */
export function blockOf(id: number): number {
  return id % BLOCKS;
}

/** Every id that a row of the block may have from `from` on up to, not including, `to` (epoch ms). */
export function headIds(block: number, periodSeconds: number, from: number, to: number): number[] {
  const ids: number[] = [];
  const last = headId(block, to);
  const step = (periodSeconds / 60) * BLOCKS;
  for (let id = headId(block, gridCeil(from, periodSeconds)); id < last; id += step) ids.push(id);
  return ids;
}

/** Which bytes of a row are the slots `first` to `last`. */
export function slotsCut(first: number, last: number): { start: number; length: number } {
  return { start: first * SLOT_BYTES, length: (last - first + 1) * SLOT_BYTES };
}

/** A row's data, to read and write slots. (A DataView states the byte order and is as fast as an array.) */
export class HeadRow {
  readonly #view: DataView;
  /** Number of slots that the row holds. */
  readonly length: number;
  readonly data: Buffer;

  constructor(stored: Buffer) {
    const data = Buffer.isBuffer(stored) ? stored : UNREADABLE;
    this.data = data;
    this.#view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    this.length = Math.floor(data.length / SLOT_BYTES);
  }

  /** Whether the row is what was written. */
  get isIntact(): boolean {
    const end = this.length * SLOT_BYTES;
    if (this.data.length === end) return true;
    return (
      this.data.length === end + CHECKSUM_BYTES &&
      this.data.readUInt32LE(end) === crc32(this.data.subarray(0, end))
    );
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
    const slots = Math.max(length, this.length);
    const data = Buffer.allocUnsafe(slots * SLOT_BYTES + CHECKSUM_BYTES);
    const copied = this.data.copy(data, 0, 0, this.length * SLOT_BYTES);
    data.fill(NAN_BYTES, copied, slots * SLOT_BYTES);
    return new HeadRow(data);
  }

  /** The data with the checksum of what the slots hold now; of a copy alone. */
  finish(): Buffer {
    const end = this.length * SLOT_BYTES;
    this.data.writeUInt32LE(crc32(this.data.subarray(0, end)), end);
    return this.data;
  }
}

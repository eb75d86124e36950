import type { ByteReader, ByteWriter } from './bytes';

/** Bits of the widest value: two marks, 5 for leading zeros, 6 for the length, 64. */
const MAX_VALUE_BITS = 77;

const float = new Float64Array(1);
/** The two halves of `float` on a little-endian machine: low, high. */
const halves = new Uint32Array(float.buffer);
const isLittleEndian = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;
const LOW = isLittleEndian ? 0 : 1;
const HIGH = 1 - LOW;

let buffer = new Uint8Array(1_440 * 10);
let length = 0;
let held = 0;
let free = 8;

/**
 * Any doubles, each as the bits in which it differs from the one before (T. Pelkonen et al., Gorilla, 2015): 0 for none;
 * 10 and the bits, where they lie inside those of the difference before; 11, 5 bits for the zeros before them, 6 for how
 * many they are, and the bits.
 */
export function writeXor(writer: ByteWriter, values: Float64Array, count: number): void {
  const most = Math.ceil((count * MAX_VALUE_BITS) / 8) + 8;
  if (buffer.length < most) buffer = new Uint8Array(most);
  length = 0;
  held = 0;
  free = 8;
  let [low, high] = [0, 0];
  let [leading, trailing] = [64, 64];
  for (let index = 0; index < count; index++) {
    float[0] = values[index]!;
    const differLow = (halves[LOW]! ^ low) >>> 0;
    const differHigh = (halves[HIGH]! ^ high) >>> 0;
    low = halves[LOW]!;
    high = halves[HIGH]!;
    if (differLow === 0 && differHigh === 0) {
      put(0, 1);
      continue;
    }
    const zerosBefore = Math.min(31, differHigh !== 0 ? Math.clz32(differHigh) : 32 + Math.clz32(differLow));
    const zerosBehind = differLow !== 0 ? trailingZeros(differLow) : 32 + trailingZeros(differHigh);
    if (zerosBefore >= leading && zerosBehind >= trailing) put(2, 2);
    else {
      [leading, trailing] = [zerosBefore, zerosBehind];
      put(3, 2);
      put(leading, 5);
      put(64 - leading - trailing - 1, 6);
    }
    putBits(differHigh, differLow, leading, trailing);
  }
  if (free < 8) buffer[length++] = held << free;
  writer.append(buffer.subarray(0, length));
}

/** Reads `count` values into `into`. @throws RangeError beyond the end of the data. */
export function readXor(reader: ByteReader, into: Float64Array, count: number): void {
  const bits = new BitReader(reader);
  let [low, high] = [0, 0];
  let [leading, trailing] = [64, 64];
  for (let index = 0; index < count; index++) {
    if (bits.take(1) === 1) {
      if (bits.take(1) === 1) {
        leading = bits.take(5);
        trailing = 64 - leading - (bits.take(6) + 1);
        if (trailing < 0) throw new RangeError('More than 64 bits');
      }
      const meaningful = 64 - leading - trailing;
      if (meaningful <= 0) throw new RangeError('No bits before this');
      const upper = meaningful > 32 ? bits.take(meaningful - 32) : 0;
      const lower = bits.take(Math.min(32, meaningful));
      // upper:lower moved up by `trailing`.
      if (trailing >= 32) high ^= lower << (trailing - 32);
      else if (trailing === 0) {
        high ^= upper;
        low ^= lower;
      } else {
        high ^= (upper << trailing) | (lower >>> (32 - trailing));
        low ^= lower << trailing;
      }
    }
    halves[LOW] = low;
    halves[HIGH] = high;
    into[index] = float[0]!;
  }
}

/** The bits of high:low between `leading` and `trailing` zeros. */
function putBits(high: number, low: number, leading: number, trailing: number): void {
  const meaningful = 64 - leading - trailing;
  if (trailing >= 32) {
    put(high >>> (trailing - 32), meaningful);
    return;
  }
  const lower = trailing === 0 ? low : ((low >>> trailing) | (high << (32 - trailing))) >>> 0;
  if (meaningful > 32) {
    put(high >>> trailing, meaningful - 32);
    put(lower, 32);
  } else put(meaningful === 32 ? lower : lower & ((1 << meaningful) - 1), meaningful);
}

function put(value: number, bits: number): void {
  let rest = bits;
  while (rest > 0) {
    const taken = rest < free ? rest : free;
    rest -= taken;
    held = (held << taken) | ((value >>> rest) & ((1 << taken) - 1));
    free -= taken;
    if (free === 0) {
      buffer[length++] = held;
      held = 0;
      free = 8;
    }
  }
}

function trailingZeros(value: number): number {
  return 31 - Math.clz32(value & -value);
}

class BitReader {
  #held = 0;
  #left = 0;

  constructor(private readonly reader: ByteReader) {}

  /** The next 1 to 32 bits, unsigned. */
  take(bits: number): number {
    let value = 0;
    let rest = bits;
    while (rest > 0) {
      if (this.#left === 0) {
        this.#held = this.reader.byte();
        this.#left = 8;
      }
      const taken = rest < this.#left ? rest : this.#left;
      this.#left -= taken;
      rest -= taken;
      value = (value << taken) | ((this.#held >>> this.#left) & ((1 << taken) - 1));
    }
    return value >>> 0;
  }
}

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
  begin(count);
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
  end(writer);
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
      if (leading + trailing >= 64) throw new RangeError('No bits before this');
      const [upper, lower] = bits.between(leading, trailing);
      high ^= upper;
      low ^= lower;
    }
    halves[LOW] = low;
    halves[HIGH] = high;
    into[index] = float[0]!;
  }
}

/**
 * Any doubles: the first, and the bits in which each differs from the one before, all in the same width. Where values
 * have every bit in use, the marks of `writeXor` are a waste. The zeros before and behind, each a byte, and the bits.
 * @param count at least 1.
 */
export function writeFixedXor(writer: ByteWriter, values: Float64Array, count: number): void {
  const { leading, trailing } = zerosOf(values, count);
  writer.byte(leading);
  writer.byte(trailing);
  begin(count);
  float[0] = values[0]!;
  let [low, high] = [halves[LOW]!, halves[HIGH]!];
  put(high, 32);
  put(low, 32);
  for (let index = 1; index < count && leading + trailing < 64; index++) {
    float[0] = values[index]!;
    putBits((halves[HIGH]! ^ high) >>> 0, (halves[LOW]! ^ low) >>> 0, leading, trailing);
    low = halves[LOW]!;
    high = halves[HIGH]!;
  }
  end(writer);
}

/** How many bytes `writeFixedXor` takes. */
export function fixedXorBytes(values: Float64Array, count: number): number {
  if (count === 0) return Infinity;
  const { leading, trailing } = zerosOf(values, count);
  return 10 + Math.ceil((Math.max(0, 64 - leading - trailing) * (count - 1)) / 8);
}

/** Reads `count` values into `into`. @throws RangeError for what `writeFixedXor` never writes. */
export function readFixedXor(reader: ByteReader, into: Float64Array, count: number): void {
  const [leading, trailing] = [reader.byte(), reader.byte()];
  if (leading > 64 || trailing > 64) throw new RangeError('More than 64 bits');
  const bits = new BitReader(reader);
  let [high, low] = [bits.take(32), bits.take(32)];
  for (let index = 0; index < count; index++) {
    if (index > 0 && leading + trailing < 64) {
      const [upper, lower] = bits.between(leading, trailing);
      high ^= upper;
      low ^= lower;
    }
    halves[LOW] = low;
    halves[HIGH] = high;
    into[index] = float[0]!;
  }
}

/** The zeros that all differences have before and behind. */
function zerosOf(values: Float64Array, count: number): { leading: number; trailing: number } {
  float[0] = values[0]!;
  let [low, high] = [halves[LOW]!, halves[HIGH]!];
  let [anyLow, anyHigh] = [0, 0];
  for (let index = 1; index < count; index++) {
    float[0] = values[index]!;
    anyLow |= halves[LOW]! ^ low;
    anyHigh |= halves[HIGH]! ^ high;
    low = halves[LOW]!;
    high = halves[HIGH]!;
  }
  return {
    leading: anyHigh !== 0 ? Math.clz32(anyHigh) : 32 + Math.clz32(anyLow),
    trailing: anyLow !== 0 ? trailingZeros(anyLow) : 32 + (anyHigh !== 0 ? trailingZeros(anyHigh) : 32),
  };
}

function begin(count: number): void {
  const most = Math.ceil((count * MAX_VALUE_BITS) / 8) + 8;
  if (buffer.length < most) buffer = new Uint8Array(most);
  length = 0;
  held = 0;
  free = 8;
}

function end(writer: ByteWriter): void {
  if (free < 8) buffer[length++] = held << free;
  writer.append(buffer.subarray(0, length));
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

  /** 64 bits, high and low, of which `leading` and `trailing` are zeros and the others the next ones. */
  between(leading: number, trailing: number): [high: number, low: number] {
    const meaningful = 64 - leading - trailing;
    const upper = meaningful > 32 ? this.take(meaningful - 32) : 0;
    const lower = this.take(Math.min(32, meaningful));
    if (trailing >= 32) return [lower << (trailing - 32), 0];
    if (trailing === 0) return [upper, lower];
    return [(upper << trailing) | (lower >>> (32 - trailing)), lower << trailing];
  }
}

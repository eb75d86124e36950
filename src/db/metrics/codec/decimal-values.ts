import type { ByteReader, ByteWriter } from './bytes';

/** 10^0 to 10^12: all of them, and all whole numbers below MAX_WHOLE, are exact doubles. */
const POWERS = Array.from({ length: 13 }, (_, exponent) => 10 ** exponent);
/** Differences of such numbers still have room for a sign and a mark in 53 bits. */
const MAX_WHOLE = 2 ** 49;

let scratch = new Float64Array(1_440);

/**
 * Values with few decimals as whole numbers: the difference from the one before, and how often it comes again. Each as
 * varint(2 × zigzag(difference) + mark), and behind a marked one varint(times − 2).
 * @returns whether all values are such decimals; nothing is written when not.
 */
export function writeDecimals(writer: ByteWriter, values: Float64Array, count: number): boolean {
  if (scratch.length < count) scratch = new Float64Array(count);
  const wholes = scratch;
  const exponent = exponentOf(values, count);
  if (exponent === null) return false;
  const power = POWERS[exponent]!;
  for (let index = 0; index < count; index++) {
    const whole = Math.round(values[index]! * power);
    if (whole > MAX_WHOLE || whole < -MAX_WHOLE) return false;
    wholes[index] = whole;
  }
  writer.byte(exponent);
  let before = 0;
  for (let index = 0; index < count;) {
    const difference = wholes[index]! - before;
    let end = index + 1;
    while (end < count && wholes[end]! - wholes[end - 1]! === difference) end++;
    const zigzag = difference < 0 ? -2 * difference - 1 : 2 * difference;
    const times = end - index;
    if (times === 1) writer.varint(2 * zigzag);
    else {
      writer.varint(2 * zigzag + 1);
      writer.varint(times - 2);
    }
    before = wholes[end - 1]!;
    index = end;
  }
  return true;
}

/** Reads `count` values into `into`. @throws RangeError for what `writeDecimals` never writes. */
export function readDecimals(reader: ByteReader, into: Float64Array, count: number): void {
  const power = POWERS[reader.byte()];
  if (power === undefined) throw new RangeError('There is no such exponent');
  let whole = 0;
  for (let index = 0; index < count;) {
    const code = reader.varint();
    const isRepeated = code % 2 === 1;
    const zigzag = isRepeated ? (code - 1) / 2 : code / 2;
    const difference = zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2;
    const end = index + (isRepeated ? reader.varint() + 2 : 1);
    if (end > count) throw new RangeError(`${end} values in place of ${count}`);
    for (; index < end; index++) into[index] = (whole += difference) / power;
  }
}

/** The least exponent that makes all values whole; null when there is none, or one is −0. */
function exponentOf(values: Float64Array, count: number): number | null {
  let exponent = 0;
  let power = 1;
  for (let index = 0; index < count; index++) {
    const value = values[index]!;
    // A decimal stays one with a higher exponent, so those before need no second look.
    while (Math.round(value * power) / power !== value) {
      if (++exponent === POWERS.length) return null;
      power = POWERS[exponent]!;
    }
    if (value === 0 && Object.is(value, -0)) return null;
  }
  return exponent;
}

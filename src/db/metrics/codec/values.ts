import { ByteWriter, type ByteReader } from './bytes';
import { readDecimals, writeDecimals } from './decimal-values';
import { fixedXorBytes, readFixedXor, readXor, writeFixedXor, writeXor } from './xor-values';

const DECIMALS = 0;
const XOR = 1;
const FIXED_XOR = 2;
/** Decimals that take no more bytes a value than this are not worth a second try. */
const SMALL_ENOUGH = 0.8;

const attempt = new ByteWriter(4_096);
const other = new ByteWriter(4_096);

/** The first `count` values, every bit of each, in whichever form is smaller. Finite values alone. */
export function writeValues(writer: ByteWriter, values: Float64Array, count: number): void {
  attempt.clear();
  const areDecimals = writeDecimals(attempt, values, count);
  if (!areDecimals || attempt.length > count * SMALL_ENOUGH + 2) {
    other.clear();
    writeXor(other, values, count);
    const best = Math.min(other.length, areDecimals ? attempt.length : Infinity);
    if (fixedXorBytes(values, count) < best) {
      writer.byte(FIXED_XOR);
      writeFixedXor(writer, values, count);
      return;
    }
    if (best === other.length) {
      writer.byte(XOR);
      writer.append(other.bytes());
      return;
    }
  }
  writer.byte(DECIMALS);
  writer.append(attempt.bytes());
}

/** Reads `count` values into `into`. @throws RangeError for what `writeValues` never writes. */
export function readValues(reader: ByteReader, into: Float64Array, count: number): void {
  const form = reader.byte();
  if (form === DECIMALS) readDecimals(reader, into, count);
  else if (form === XOR) readXor(reader, into, count);
  else if (form === FIXED_XOR) readFixedXor(reader, into, count);
  else throw new RangeError(`There is no form ${form}`);
}

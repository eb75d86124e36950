import { ByteReader, ByteWriter, DamagedBlobError, openBlob, sealBlob } from './bytes';
import { readPlaces, writePlaces } from './presence';
import { readValues, writeValues } from './values';

const VERSION = 1;
/**
 * Days that share a rollup. Every sealed day rewrites one: with thirty, rollups alone would write more to the disk than
 * the points (measured).
 */
export const ROLLUP_DAYS = 10;
const HOURS = ROLLUP_DAYS * 24;

const writer = new ByteWriter(8_192);
const places = new Uint16Array(HOURS);
const coarse = new Uint16Array(HOURS);
const column = new Float64Array(HOURS);
const COLUMNS = ['minimum', 'maximum', 'sum', 'count'] as const;

/** Hourly values of a series, by the hour counted from the start of its days. An hour without points has a count of 0. */
export class RollupHours {
  readonly minimum = new Float64Array(HOURS);
  readonly maximum = new Float64Array(HOURS);
  readonly sum = new Float64Array(HOURS);
  readonly count = new Float64Array(HOURS);
  /** 1 for an hour of which CloudWatch had but a coarse value. */
  readonly isCoarse = new Uint8Array(HOURS);

  clear(): void {
    this.count.fill(0);
    this.isCoarse.fill(0);
  }

  /** Adds a fine point. */
  add(hour: number, value: number): void {
    if (this.count[hour] === 0) {
      this.minimum[hour] = value;
      this.maximum[hour] = value;
      this.sum[hour] = value;
    } else {
      if (value < this.minimum[hour]!) this.minimum[hour] = value;
      if (value > this.maximum[hour]!) this.maximum[hour] = value;
      this.sum[hour]! += value;
    }
    this.count[hour]! += 1;
  }

  /** Makes an hour one without points. */
  clearHour(hour: number): void {
    this.count[hour] = 0;
    this.isCoarse[hour] = 0;
  }
}

/** One rollup: version and checksum, which hours there are, which of them are coarse, and the four columns. */
export function encodeRollup(hours: RollupHours): Buffer {
  let taken = 0;
  let coarseTaken = 0;
  for (let hour = 0; hour < HOURS; hour++) {
    if (hours.count[hour] === 0) continue;
    places[taken++] = hour;
    if (hours.isCoarse[hour]) coarse[coarseTaken++] = hour;
  }
  writer.clear();
  writePlaces(writer, places, taken);
  writePlaces(writer, coarse, coarseTaken);
  for (const name of COLUMNS) {
    for (let index = 0; index < taken; index++) column[index] = hours[name][places[index]!]!;
    writeValues(writer, column, taken);
  }
  return sealBlob(VERSION, writer.bytes());
}

/** Reads a rollup into `into`, whatever that held. @throws DamagedBlobError */
export function decodeRollup(blob: Buffer, into: RollupHours): void {
  const reader = new ByteReader(openBlob(VERSION, blob));
  into.clear();
  try {
    const taken = readPlaces(reader, places);
    const coarseTaken = readPlaces(reader, coarse);
    for (const name of COLUMNS) {
      readValues(reader, column, taken);
      for (let index = 0; index < taken; index++) into[name][places[index]!] = column[index]!;
    }
    for (let index = 0; index < coarseTaken; index++) into.isCoarse[coarse[index]!] = 1;
  } catch (error) {
    throw new DamagedBlobError(error instanceof Error ? error.message : String(error));
  }
}

import { ByteReader, ByteWriter, DamagedBlobError, openBlob, sealBlob } from './bytes';
import { readPlaces, writePlaces } from './presence';
import { readValues, writeValues } from './values';

const VERSION = 1;
/** Periods of a minute in a day. */
const MAX_PLACES = 1_440;

const writer = new ByteWriter(4_096);

/** The points of a series on one UTC day: `places` counts periods from the first that starts in it. */
export class DayPoints {
  count = 0;
  readonly places = new Uint16Array(MAX_PLACES);
  readonly values = new Float64Array(MAX_PLACES);

  push(place: number, value: number): void {
    this.places[this.count] = place;
    this.values[this.count] = value;
    this.count += 1;
  }
}

/** One chunk: version and checksum, which places are taken, and their values. */
export function encodeChunk({ count, places, values }: DayPoints): Buffer {
  writer.clear();
  writePlaces(writer, places, count);
  writeValues(writer, values, count);
  return sealBlob(VERSION, writer.bytes());
}

/** Reads a chunk into `into`, whatever that held. @throws DamagedBlobError */
export function decodeChunk(blob: Buffer, into: DayPoints): void {
  const reader = new ByteReader(openBlob(VERSION, blob));
  into.count = 0;
  try {
    const count = readPlaces(reader, into.places);
    readValues(reader, into.values, count);
    into.count = count;
  } catch (error) {
    throw new DamagedBlobError(error instanceof Error ? error.message : String(error));
  }
}

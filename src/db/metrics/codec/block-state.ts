import type { NoDataReason, Trouble } from '../../../core/metrics/no-data';
import type { SeriesState } from '../../../core/metrics/series-state';
import { ByteReader, ByteWriter, DamagedBlobError, openBlob, sealBlob } from './bytes';

const VERSION = 1;

/** The instants of a state, in the order in which they are stored. */
const INSTANTS = ['watermark', 'askedAt', 'answeredAt', 'receivedAt'] as const;
type Instant = (typeof INSTANTS)[number];

/**
 * The states of the series of one block, by slot. Stored as one blob: each instant of all slots as runs of equal values,
 * for the series of one call share them; troubles as runs of places in a list of those that there are.
 */
export class BlockState {
  readonly #instants: Record<Instant, number[]> = {
    watermark: [],
    askedAt: [],
    answeredAt: [],
    receivedAt: [],
  };
  readonly #troubles: (Trouble | null)[] = [];

  /** @throws DamagedBlobError */
  static decode(blob: Buffer): BlockState {
    const reader = new ByteReader(openBlob(VERSION, blob));
    const state = new BlockState();
    try {
      const length = reader.varint();
      for (const instant of INSTANTS) readRuns(reader, length, state.#instants[instant], readInstant());
      const list = Array.from({ length: reader.varint() }, () => {
        return { reason: reader.text() as NoDataReason, evidence: reader.text() };
      });
      readRuns(reader, length, state.#troubles, (from) => list[from.varint() - 1] ?? null);
    } catch (error) {
      throw new DamagedBlobError(error instanceof Error ? error.message : String(error));
    }
    return state;
  }

  /** How many slots it has something of. */
  get length(): number {
    return this.#troubles.length;
  }

  get(slot: number): SeriesState {
    return {
      watermark: this.instant('watermark', slot),
      askedAt: this.instant('askedAt', slot),
      answeredAt: this.instant('answeredAt', slot),
      receivedAt: this.instant('receivedAt', slot),
      trouble: this.#troubles[slot] ?? null,
    };
  }

  instant(instant: Instant, slot: number): number | null {
    const value = this.#instants[instant][slot];
    return value === undefined || Number.isNaN(value) ? null : value;
  }

  setInstant(instant: Instant, slot: number, value: number): void {
    this.#fill(slot);
    this.#instants[instant][slot] = value;
  }

  setTrouble(slot: number, trouble: Trouble | null): void {
    this.#fill(slot);
    this.#troubles[slot] = trouble;
  }

  encode(): Buffer {
    const writer = new ByteWriter();
    writer.varint(this.length);
    for (const instant of INSTANTS) writeRuns(writer, this.#instants[instant], Object.is, writeInstant());
    const list = new Map<string, number>();
    const places = this.#troubles.map((trouble) => (trouble ? placeIn(list, trouble) : 0));
    writer.varint(list.size);
    for (const key of list.keys()) {
      const [reason, evidence] = JSON.parse(key) as [string, string];
      writer.text(reason);
      writer.text(evidence);
    }
    writeRuns(writer, places, Object.is, (to, place) => to.varint(place));
    return sealBlob(VERSION, writer.bytes());
  }

  #fill(slot: number): void {
    while (this.length <= slot) {
      for (const instant of INSTANTS) this.#instants[instant].push(NaN);
      this.#troubles.push(null);
    }
  }
}

function placeIn(list: Map<string, number>, { reason, evidence }: Trouble): number {
  const key = JSON.stringify([reason, evidence]);
  let place = list.get(key);
  if (place === undefined) list.set(key, (place = list.size + 1));
  return place;
}

/** An instant as its distance from the one before; 0 is none, and the distances make room for it. */
function writeInstant(): (writer: ByteWriter, value: number) => void {
  let before = 0;
  return (writer, value) => {
    if (Number.isNaN(value)) return writer.varint(0);
    const distance = value - before;
    before = value;
    return writer.varint(distance < 0 ? -2 * distance : 2 * distance + 1);
  };
}

function readInstant(): (reader: ByteReader) => number {
  let before = 0;
  return (reader) => {
    const code = reader.varint();
    if (code === 0) return NaN;
    before += code % 2 === 0 ? -code / 2 : (code - 1) / 2;
    return before;
  };
}

function writeRuns<T>(
  writer: ByteWriter,
  values: readonly T[],
  same: (a: T, b: T) => boolean,
  write: (writer: ByteWriter, value: T) => void,
): void {
  for (let start = 0; start < values.length;) {
    let end = start + 1;
    while (end < values.length && same(values[end]!, values[start]!)) end++;
    writer.varint(end - start);
    write(writer, values[start]!);
    start = end;
  }
}

function readRuns<T>(reader: ByteReader, length: number, into: T[], read: (reader: ByteReader) => T): void {
  while (into.length < length) {
    const run = reader.varint();
    if (run === 0 || into.length + run > length) throw new RangeError(`A run of ${run} in ${length}`);
    const value = read(reader);
    for (let count = 0; count < run; count++) into.push(value);
  }
}

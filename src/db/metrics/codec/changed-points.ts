import { ByteReader, ByteWriter } from './bytes';

const VERSION = 1;
const MINUTE = 60_000;

/** Which series have a new value at a timestamp. */
export interface ChangedRow {
  /** Epoch ms, whole minutes. */
  timestamp: number;
  seriesIds: number[];
}

/**
 * Pointers to what one append changed. Rows that follow each other and name the same series share one list of runs of
 * neighbouring ids, so that a cycle of 500 series costs some ten bytes.
 */
export function encodeChanges(rows: readonly ChangedRow[]): Buffer {
  const writer = new ByteWriter(64);
  writer.byte(VERSION);
  let before = 0;
  for (let start = 0; start < rows.length;) {
    const ids = ascending(rows[start]!.seriesIds);
    let end = start + 1;
    while (end < rows.length && equals(ids, ascending(rows[end]!.seriesIds))) end++;
    writer.varint(end - start);
    for (; start < end; start++) {
      const minute = rows[start]!.timestamp / MINUTE;
      writer.signed(minute - before);
      before = minute;
    }
    writeIds(writer, ids);
  }
  return Buffer.from(writer.bytes());
}

/** What `encodeChanges` was given; the ids of each row ascending. */
export function decodeChanges(data: Buffer): ChangedRow[] {
  const reader = new ByteReader(data);
  if (reader.byte() !== VERSION) throw new Error(`Changes have version ${data[0]}`);
  const rows: ChangedRow[] = [];
  let minute = 0;
  while (reader.position < data.length) {
    const timestamps = Array.from({ length: reader.varint() }, () => (minute += reader.signed()) * MINUTE);
    const seriesIds = readIds(reader);
    for (const timestamp of timestamps) rows.push({ timestamp, seriesIds });
  }
  return rows;
}

/** How many points `encodeChanges` was given, without a list of them. */
export function countChanges(data: Buffer): number {
  const reader = new ByteReader(data, 1);
  let points = 0;
  while (reader.position < data.length) {
    const timestamps = reader.varint();
    for (let index = 0; index < timestamps; index++) reader.varint();
    for (let run = reader.varint(); run > 0; run = reader.varint()) {
      points += run * timestamps;
      reader.varint();
    }
  }
  return points;
}

/** As pairs: how many ids are passed over, and how many follow each other. Ends with a run of none. */
function writeIds(writer: ByteWriter, ids: readonly number[]): void {
  let next = 0;
  for (let start = 0; start < ids.length;) {
    let end = start + 1;
    while (end < ids.length && ids[end] === ids[end - 1]! + 1) end++;
    writer.varint(end - start);
    writer.varint(ids[start]! - next);
    next = ids[end - 1]! + 1;
    start = end;
  }
  writer.varint(0);
}

function readIds(reader: ByteReader): number[] {
  const ids: number[] = [];
  let next = 0;
  for (let run = reader.varint(); run > 0; run = reader.varint()) {
    next += reader.varint();
    for (let count = 0; count < run; count++) ids.push(next++);
  }
  return ids;
}

function ascending(ids: number[]): number[] {
  for (let index = 1; index < ids.length; index++) {
    if (ids[index]! < ids[index - 1]!) return [...ids].sort((a, b) => a - b);
  }
  return ids;
}

function equals(a: readonly number[], b: readonly number[]): boolean {
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index++) if (a[index] !== b[index]) return false;
  return true;
}

import type { ByteReader, ByteWriter } from './bytes';

/**
 * Which places are taken: ascending whole numbers. As pairs (how many are left out, how many follow each other), or as a
 * bitmap where that is shorter: varint(2 × pairs) and the pairs, or varint(2 × bytes + 1) and the bytes.
 */
export function writePlaces(writer: ByteWriter, places: Uint16Array, count: number): void {
  let runs = 0;
  for (let index = 0; index < count; index++) {
    if (index === 0 || places[index] !== places[index - 1]! + 1) runs++;
  }
  const bytes = count === 0 ? 0 : (places[count - 1]! >> 3) + 1;
  if (runs * 2 > bytes) {
    writer.varint(2 * bytes + 1);
    const bitmap = Buffer.alloc(bytes);
    for (let index = 0; index < count; index++) bitmap[places[index]! >> 3]! |= 1 << (places[index]! & 7);
    writer.append(bitmap);
    return;
  }
  writer.varint(2 * runs);
  let next = 0;
  for (let start = 0; start < count;) {
    let end = start + 1;
    while (end < count && places[end] === places[end - 1]! + 1) end++;
    writer.varint(places[start]! - next);
    writer.varint(end - start);
    next = places[end - 1]! + 1;
    start = end;
  }
}

/** Reads places into `into`. @returns how many. @throws RangeError for a place that does not fit. */
export function readPlaces(reader: ByteReader, into: Uint16Array): number {
  const head = reader.varint();
  let count = 0;
  const take = (place: number) => {
    if (place >= into.length) throw new RangeError(`There is no place ${place}`);
    into[count++] = place;
  };
  if (head % 2 === 1) {
    const bitmap = reader.take((head - 1) / 2);
    bitmap.forEach((byte, index) => {
      for (let bit = 0; bit < 8; bit++) if (byte & (1 << bit)) take(index * 8 + bit);
    });
    return count;
  }
  let next = 0;
  for (let run = 0; run < head / 2; run++) {
    next += reader.varint();
    const end = next + reader.varint();
    for (; next < end; next++) take(next);
  }
  return count;
}

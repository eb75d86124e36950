/** Blobs that are joined by the database, each behind its length (32 bits, little-endian). */
export function frame(data: Buffer): Buffer {
  const framed = Buffer.allocUnsafe(4 + data.length);
  framed.writeUInt32LE(data.length, 0);
  data.copy(framed, 4);
  return framed;
}

export function unframe(joined: Buffer): Buffer[] {
  const parts: Buffer[] = [];
  for (let at = 0; at < joined.length;) {
    const end = at + 4 + joined.readUInt32LE(at);
    parts.push(joined.subarray(at + 4, end));
    at = end;
  }
  return parts;
}

import { crc32 } from 'node:zlib';

/** Writes small numbers into as few bytes as they need. Grows as it is written. */
export class ByteWriter {
  #bytes: Buffer;
  #length = 0;

  constructor(capacity = 256) {
    this.#bytes = Buffer.allocUnsafe(capacity);
  }

  get length(): number {
    return this.#length;
  }

  byte(value: number): void {
    if (this.#length === this.#bytes.length) this.#grow(1);
    this.#bytes[this.#length++] = value;
  }

  /** A whole number from 0 to 2^53 − 1: seven bits a byte, the lowest first. */
  varint(value: number): void {
    if (this.#length + 8 > this.#bytes.length) this.#grow(8);
    let rest = value;
    while (rest >= 0x80000000) {
      this.#bytes[this.#length++] = (rest % 128) | 0x80;
      rest = Math.floor(rest / 128);
    }
    while (rest >= 0x80) {
      this.#bytes[this.#length++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.#bytes[this.#length++] = rest;
  }

  /** A whole number from −2^52 to 2^52. */
  signed(value: number): void {
    this.varint(value < 0 ? -2 * value - 1 : 2 * value);
  }

  text(value: string): void {
    const bytes = Buffer.from(value, 'utf8');
    this.varint(bytes.length);
    this.append(bytes);
  }

  append(bytes: Uint8Array): void {
    if (this.#length + bytes.length > this.#bytes.length) this.#grow(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** Begins anew; what `bytes` answered before is overwritten. */
  clear(): void {
    this.#length = 0;
  }

  /** What was written, not copied. */
  bytes(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  #grow(by: number): void {
    const grown = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#length + by));
    this.#bytes.copy(grown, 0, 0, this.#length);
    this.#bytes = grown;
  }
}

/** Reads what a `ByteWriter` wrote. @throws RangeError beyond the end. */
export class ByteReader {
  #at: number;

  constructor(
    private readonly data: Uint8Array,
    start = 0,
  ) {
    this.#at = start;
  }

  get position(): number {
    return this.#at;
  }

  byte(): number {
    if (this.#at >= this.data.length) throw new RangeError('The data ends too early');
    return this.data[this.#at++]!;
  }

  varint(): number {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 128;
    }
  }

  signed(): number {
    const value = this.varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  text(): string {
    return Buffer.from(this.take(this.varint())).toString('utf8');
  }

  /** The next `length` bytes, not copied. */
  take(length: number): Uint8Array {
    if (this.#at + length > this.data.length) throw new RangeError('The data ends too early');
    this.#at += length;
    return this.data.subarray(this.#at - length, this.#at);
  }
}

/** A blob is not what was written. */
export class DamagedBlobError extends Error {
  override readonly name = 'DamagedBlobError';
}

/** The version byte, the checksum (CRC-32, little-endian) of what follows, and what follows. */
const HEADER_BYTES = 5;

/** A blob of its own: `payload` behind its version and its checksum. */
export function sealBlob(version: number, payload: Uint8Array): Buffer {
  const blob = Buffer.allocUnsafe(HEADER_BYTES + payload.length);
  blob[0] = version;
  blob.writeUInt32LE(crc32(payload), 1);
  blob.set(payload, HEADER_BYTES);
  return blob;
}

/** The payload of a blob. @throws DamagedBlobError */
export function openBlob(version: number, blob: Buffer): Buffer {
  if (blob.length < HEADER_BYTES) throw new DamagedBlobError(`The blob has ${blob.length} bytes`);
  if (blob[0] !== version) throw new DamagedBlobError(`The blob has version ${blob[0]}, not ${version}`);
  const payload = blob.subarray(HEADER_BYTES);
  if (crc32(payload) !== blob.readUInt32LE(1)) throw new DamagedBlobError('The checksum does not match');
  return payload;
}

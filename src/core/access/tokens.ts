import { createHash, timingSafeEqual } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** As node:crypto's randomBytes. */
export type RandomBytes = (size: number) => Buffer;

/** An API token in its two halves: the public one, by which its row is found, and the secret. */
interface TokenParts {
  /** 12 base62 characters. */
  lookupId: string;
  /** 256 bits as 43 base62 characters. */
  secret: string;
}

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const LOOKUP_ID_LENGTH = 12;
/** The fewest base62 characters that hold 256 bits: 62^43 > 2^256. */
const SECRET_LENGTH = 43;
/** 62^6 > 2^32. */
const CHECKSUM_LENGTH = 6;
const PREFIX = 'rcl_';
const TOKEN = new RegExp(
  `^(${PREFIX}([0-9A-Za-z]{${LOOKUP_ID_LENGTH}})_([0-9A-Za-z]{${SECRET_LENGTH}}))([0-9A-Za-z]{${CHECKSUM_LENGTH}})$`,
);

/** Whether the text means to be a token of ours, right or wrong. */
export function isTokenLike(text: string): boolean {
  return text.startsWith(PREFIX);
}

/** A new secret, and a lookup id where none is given. */
export function generateToken(randomBytes: RandomBytes, lookupId?: string): TokenParts {
  return {
    lookupId: lookupId ?? base62(randomBytes(16), LOOKUP_ID_LENGTH),
    secret: base62(randomBytes(32), SECRET_LENGTH),
  };
}

/**
 * `rcl_<lookup id>_<secret><checksum>`: one word for a double-click, and known to secret scanners by prefix
 * and checksum.
 */
export function formatToken({ lookupId, secret }: TokenParts): string {
  const body = `${PREFIX}${lookupId}_${secret}`;
  return body + checksum(body);
}

/** The public part as it is shown: enough to know a token by, and nothing to sign in with. */
export function tokenPrefix(lookupId: string): string {
  return PREFIX + lookupId;
}

/**
 * @returns null when it is no token of ours, or was mistyped or cut: the checksum tells without a look into
 * the database.
 */
export function parseToken(text: string): TokenParts | null {
  const match = TOKEN.exec(text);
  if (!match) return null;
  const [, body, lookupId, secret, sum] = match;
  return checksum(body) === sum ? { lookupId, secret } : null;
}

/** SHA-256, hex. A slow hash would add nothing to 256 random bits and cost every request. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** In constant time. @param hash of hashSecret. */
export function secretMatches(secret: string, hash: string): boolean {
  return timingSafeEqual(Buffer.from(hashSecret(secret), 'hex'), Buffer.from(hash, 'hex'));
}

function checksum(body: string): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(body));
  return base62(bytes, CHECKSUM_LENGTH);
}

/** The lowest `length` base62 digits of the number that the bytes are. */
function base62(bytes: Buffer, length: number): string {
  let rest = BigInt(`0x${bytes.toString('hex')}`);
  let digits = '';
  while (digits.length < length) {
    digits = BASE62[Number(rest % 62n)] + digits;
    rest /= 62n;
  }
  return digits;
}

import { createHash, randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

const KEY_BYTES = 32;

/** The encryption key that is configured cannot be used. The message says why, and never shows the key. */
export class EncryptionKeyError extends Error {
  override readonly name = 'EncryptionKeyError';
}

/** Where the key comes from. */
interface EncryptionKeySource {
  /** ROLECALL_ENCRYPTION_KEY: 32 bytes as 64 hexadecimal or 44 base64 characters. It goes before the file. */
  value?: string;
  /** Read when there is no value; made, with a random key, when it is missing. Holds the key in base64. */
  file: string;
}

/**
 * The key of 32 bytes. @throws EncryptionKeyError when value or file do not hold one, or when others than
 * its owner may read the file.
 */
export function loadEncryptionKey({ value, file }: EncryptionKeySource): Buffer {
  return value === undefined ? readKeyFile(file) : decodeKey(value, 'ROLECALL_ENCRYPTION_KEY');
}

/**
 * A public name of the key, by which a sealed text tells which one it needs: the same key has the same, on
 * any machine.
 */
export function encryptionKeyId(key: Buffer): string {
  return createHash('sha256').update('rolecall|key-id|').update(key).digest('hex').slice(0, 8);
}

function readKeyFile(file: string): Buffer {
  const mode = fileMode(file) ?? makeKeyFile(file);
  if ((mode & 0o077) !== 0) {
    throw new EncryptionKeyError(
      `The key file ${file} can be read by others (mode ${(mode & 0o777).toString(8)}): run chmod 600 on it`,
    );
  }
  return decodeKey(readFileSync(file, 'utf8').trim(), `The key file ${file}`);
}

/** @returns null when there is no such file. */
function fileMode(file: string): number | null {
  return statSync(file, { throwIfNoEntry: false })?.mode ?? null;
}

/**
 * Makes it whole under another name and then links it, so that no reader ever sees half a key, and of two
 * processes that start at once both use the one that came first. @returns its mode.
 */
function makeKeyFile(file: string): number {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  writeFileSync(draft, `${randomBytes(KEY_BYTES).toString('base64')}\n`, {
    mode: 0o600,
    flag: 'wx',
    flush: true,
  });
  try {
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft);
  }
  return statSync(file).mode;
}

function decodeKey(text: string, source: string): Buffer {
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, 'hex');
  if (/^[0-9a-z+/]{43}=$/i.test(text)) return Buffer.from(text, 'base64');
  throw new EncryptionKeyError(
    `${source} must be ${KEY_BYTES} bytes as 64 hexadecimal or 44 base64 characters; it has ${text.length} characters`,
  );
}

import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Of every key that Rolecall makes or is given. */
export const SECRET_KEY_BYTES = 32;

/** The file of a key cannot be used. The message says why, and never shows a key. */
export class KeyFileError extends Error {
  override readonly name = 'KeyFileError';
}

/**
 * Its lines, one key each; a file with a random key is made when it is missing.
 * @throws KeyFileError when others than its owner may read it, or it cannot be made.
 */
export function readKeyFile(file: string): string[] {
  const mode = fileMode(file) ?? makeKeyFileOrTell(file);
  if ((mode & 0o077) !== 0) {
    throw new KeyFileError(
      `The key file ${file} can be read by others (mode ${(mode & 0o777).toString(8)}): run chmod 600 on it`,
    );
  }
  return readFileSync(file, 'utf8').trim().split('\n');
}

export function isKeyFileThere(file: string): boolean {
  return fileMode(file) !== null;
}

/** The 32 bytes that 64 hexadecimal or 44 base64 characters stand for; null for anything else. */
export function decodeKeyBytes(text: string): Buffer | null {
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, 'hex');
  if (/^[0-9a-z+/]{43}=$/i.test(text)) return Buffer.from(text, 'base64');
  return null;
}

/** @returns null when there is no such file. */
function fileMode(file: string): number | null {
  return statSync(file, { throwIfNoEntry: false })?.mode ?? null;
}

function makeKeyFileOrTell(file: string): number {
  try {
    return makeKeyFile(file);
  } catch (error) {
    throw new KeyFileError(`The key file ${file} cannot be made: ${(error as Error).message}`);
  }
}

/**
 * Makes it whole under another name and then links it, so that no reader ever sees half a key, and of two
 * processes that start at once both use the one that came first. @returns its mode.
 */
function makeKeyFile(file: string): number {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  writeFileSync(draft, `${randomBytes(SECRET_KEY_BYTES).toString('base64')}\n`, {
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

import { ConflictError } from '../../errors';
import type { Encrypted } from './aes-gcm';

/** `v2`: the secret under a data key of its own, and that key wrapped by a key-encryption key. */
interface EnvelopeText extends Encrypted {
  version: 'v2';
  /** Of the key-encryption key. */
  keyId: string;
  wrappedKey: Buffer;
}

/** `v1`, of the first release: the secret under the encryption key itself. It is read, and never made any more. */
interface DirectText extends Encrypted {
  version: 'v1';
  keyId: string;
}

/**
 * What a sealed text holds. It is written `v2.<keyId>.<wrappedKey>.<iv>.<ciphertext>.<tag>` or
 * `v1.<keyId>.<iv>.<ciphertext>.<tag>`, the bytes in base64url.
 */
export type SealedText = EnvelopeText | DirectText;

export function formatSealedText({ version, keyId, wrappedKey, iv, ciphertext, tag }: EnvelopeText): string {
  const bytes = [wrappedKey, iv, ciphertext, tag].map((part) => part.toString('base64url'));
  return [version, keyId, ...bytes].join('.');
}

/** @throws ConflictError RC_SECRET_UNREADABLE when it has no known form. */
export function parseSealedText(text: string): SealedText {
  const [version, keyId, ...parts] = text.split('.');
  const bytes = parts.map((part) => Buffer.from(part, 'base64url'));
  if (version === 'v2' && bytes.length === 4) {
    const [wrappedKey, iv, ciphertext, tag] = bytes;
    return { version, keyId, wrappedKey, iv, ciphertext, tag };
  }
  if (version === 'v1' && bytes.length === 3) {
    const [iv, ciphertext, tag] = bytes;
    return { version, keyId, iv, ciphertext, tag };
  }
  throw unreadable('has a form that this version does not know');
}

/** The typed answer for a sealed text that does not open. */
export function unreadable(what: string, cause?: unknown): ConflictError {
  return new ConflictError('RC_SECRET_UNREADABLE', `The stored secret ${what}.`, { cause });
}

/** That it does not open because it was moved, changed, or sealed by another key: which of them, nobody can tell. */
export function notBelonging(cause: unknown): ConflictError {
  return unreadable('does not belong to this key and this account, or was changed', cause);
}

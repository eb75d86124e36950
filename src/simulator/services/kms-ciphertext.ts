import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { KmsKey } from '../world/build-kms-key';

/** A blob is: format, length of the key id, key id, nonce, tag, ciphertext. */
const format = 1;
const nonceBytes = 12;
const tagBytes = 16;
const algorithm = 'aes-256-gcm';

/** Encrypts with AES-256-GCM; key id and encryption context are bound to the ciphertext. */
export function encryptBlob(key: KmsKey, plaintext: Buffer, context: Record<string, string>): Buffer {
  const header = headerOf(key.KeyId);
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv(algorithm, key.material, nonce, { authTagLength: tagBytes });
  cipher.setAAD(Buffer.concat([header, bytesOf(context)]));
  const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  return Buffer.concat([header, nonce, cipher.getAuthTag(), ciphertext]);
}

/** The plaintext; undefined for a blob that was changed, cut, or made under another context. */
export function decryptBlob(key: KmsKey, blob: Buffer, context: Record<string, string>): Buffer | undefined {
  const header = headerOf(key.KeyId);
  const nonceEnd = header.length + nonceBytes;
  const tagEnd = nonceEnd + tagBytes;
  if (blob.length < tagEnd) return undefined;
  const nonce = blob.subarray(header.length, nonceEnd);
  const decipher = createDecipheriv(algorithm, key.material, nonce, { authTagLength: tagBytes });
  decipher.setAAD(Buffer.concat([header, bytesOf(context)]));
  decipher.setAuthTag(blob.subarray(nonceEnd, tagEnd));
  try {
    return Buffer.concat([decipher.update(blob.subarray(tagEnd)), decipher.final()]);
  } catch {
    return undefined;
  }
}

/** The id of the key that a blob was made with; undefined when it is none of ours. */
export function keyIdOfBlob(blob: Buffer): string | undefined {
  const end = 2 + (blob[1] ?? 0);
  return blob[0] === format && end > 2 && blob.length > end ? blob.toString('utf8', 2, end) : undefined;
}

function headerOf(keyId: string): Buffer {
  const id = Buffer.from(keyId);
  return Buffer.concat([Buffer.from([format, id.length]), id]);
}

/** The same bytes for the same pairs, in whatever order they come. */
function bytesOf(context: Record<string, string>): Buffer {
  const pairs = Object.entries(context).sort(([a], [b]) => (a < b ? -1 : 1));
  return Buffer.from(JSON.stringify(pairs));
}

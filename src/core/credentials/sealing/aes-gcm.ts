import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** What AES-256-GCM makes of a plain text. */
export interface Encrypted {
  iv: Buffer;
  ciphertext: Buffer;
  tag: Buffer;
}

const ALGORITHM = 'aes-256-gcm';
export const KEY_BYTES = 32;
/** 96 bits, drawn at random for each text: NIST SP 800-38D allows 2^32 of them for one key. */
export const IV_BYTES = 12;
/** Named on both sides: Node would else take a tag of 4 bytes. */
export const TAG_BYTES = 16;

/** @param key 32 bytes. @param additionalData what the text belongs to: it opens for nothing else. */
export function encrypt(key: Buffer, plain: Buffer, additionalData: Buffer): Encrypted {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, iv, { authTagLength: TAG_BYTES });
  cipher.setAAD(additionalData);
  const ciphertext = Buffer.concat([cipher.update(plain), cipher.final()]);
  return { iv, ciphertext, tag: cipher.getAuthTag() };
}

/** @throws Error when key, additional data, or any bit of the text are not those of the encryption. */
export function decrypt(key: Buffer, { iv, ciphertext, tag }: Encrypted, additionalData: Buffer): Buffer {
  if (iv.length !== IV_BYTES || tag.length !== TAG_BYTES) throw new Error('The IV or the tag was cut');
  const decipher = createDecipheriv(ALGORITHM, key, iv, { authTagLength: TAG_BYTES });
  decipher.setAAD(additionalData);
  decipher.setAuthTag(tag);
  return Buffer.concat([decipher.update(ciphertext), decipher.final()]);
}

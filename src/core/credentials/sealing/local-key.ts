import { createHash } from 'node:crypto';
import { decrypt, encrypt, IV_BYTES, KEY_BYTES, TAG_BYTES, type Encrypted } from './aes-gcm';
import type { KeyEncryptionKey } from './key-encryption-keys';
import { additionalData, type SealContext } from './seal-context';
import { notBelonging } from './sealed-text';

/** A key-encryption key that this process holds: of the environment or of a file. */
export class LocalKey implements KeyEncryptionKey {
  /** Public: tells nothing of the key, and is the same for the same key on any machine. */
  readonly id: string;

  /** @param key 32 bytes. */
  constructor(private readonly key: Buffer) {
    if (key.length !== KEY_BYTES) throw new Error(`The encryption key must have ${KEY_BYTES} bytes`);
    this.id = createHash('sha256').update('rolecall|key-id|').update(key).digest('hex').slice(0, 8);
  }

  async wrap(dataKey: Buffer, context: SealContext): Promise<Buffer> {
    const { iv, ciphertext, tag } = encrypt(this.key, dataKey, this.wrapping(context));
    return Buffer.concat([iv, ciphertext, tag]);
  }

  async unwrap(wrappedKey: Buffer, context: SealContext): Promise<Buffer> {
    const tagAt = wrappedKey.length - TAG_BYTES;
    if (tagAt !== IV_BYTES + KEY_BYTES) throw notBelonging(new Error('The wrapped key was cut'));
    const encrypted = {
      iv: wrappedKey.subarray(0, IV_BYTES),
      ciphertext: wrappedKey.subarray(IV_BYTES, tagAt),
      tag: wrappedKey.subarray(tagAt),
    };
    return this.open(encrypted, this.wrapping(context));
  }

  /** Opens a secret of `v1`, which lies under this key itself. @throws ConflictError RC_SECRET_UNREADABLE */
  openDirectly(secret: Encrypted, context: SealContext): Buffer {
    return this.open(secret, additionalData('v1', context));
  }

  private open(encrypted: Encrypted, belonging: Buffer): Buffer {
    try {
      return decrypt(this.key, encrypted, belonging);
    } catch (cause) {
      throw notBelonging(cause);
    }
  }

  /** The id too: a text that names another key than the one that wrapped it does not open. */
  private wrapping(context: SealContext): Buffer {
    return additionalData(`v2|key:${this.id}`, context);
  }
}

import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { ConflictError } from '../errors';

/**
 * What a sealed text belongs to. It opens for nothing else, so that a row moved to another account is of no
 * use.
 */
interface SealContext {
  tenantId: number;
  accountId: number;
  /** The field's name, for example `accessKey`. */
  field: string;
}

const ALGORITHM = 'aes-256-gcm';
const VERSION = 'v1';
const KEY_BYTES = 32;
/** 96 bits, drawn at random for each text: NIST SP 800-38D allows 2^32 of them for one key. */
const IV_BYTES = 12;
/** Named on both sides: Node would else take a tag of 4 bytes. */
const TAG_BYTES = 16;

/**
 * Encrypts secrets for the database. A sealed text is `v1.<keyId>.<iv>.<ciphertext>.<tag>`, the last three
 * in base64url.
 */
export class Sealer {
  private readonly key: Buffer;
  private readonly keyId: string;

  /**
   * @param options.key 32 bytes. @param options.keyId names the key in each text: letters, digits, _ and -.
   */
  constructor(options: { key: Buffer; keyId: string }) {
    if (options.key.length !== KEY_BYTES) throw new Error(`The encryption key must have ${KEY_BYTES} bytes`);
    if (!/^[\w-]+$/.test(options.keyId)) throw new Error('The key id may have letters, digits, _ and - only');
    this.key = options.key;
    this.keyId = options.keyId;
  }

  /** Two seals of one text differ. */
  seal(plain: string, context: SealContext): string {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.key, iv, { authTagLength: TAG_BYTES });
    cipher.setAAD(additionalData(context));
    const ciphertext = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
    const parts = [iv, ciphertext, cipher.getAuthTag()].map((part) => part.toString('base64url'));
    return [VERSION, this.keyId, ...parts].join('.');
  }

  /** @throws ConflictError RC_SECRET_UNREADABLE when key, context or text are not those of the seal. */
  open(sealed: string, context: SealContext): string {
    const [version, keyId, ...parts] = sealed.split('.');
    if (version !== VERSION || parts.length !== 3)
      throw unreadable('has a form that this version does not know');
    if (keyId !== this.keyId) throw unreadable(`was sealed with the key ${keyId}, not with ${this.keyId}`);
    const [iv, ciphertext, tag] = parts.map((part) => Buffer.from(part, 'base64url'));
    if (iv.length !== IV_BYTES || tag.length !== TAG_BYTES) throw unreadable('was cut');
    try {
      const decipher = createDecipheriv(ALGORITHM, this.key, iv, { authTagLength: TAG_BYTES });
      decipher.setAAD(additionalData(context));
      decipher.setAuthTag(tag);
      return Buffer.concat([decipher.update(ciphertext), decipher.final()]).toString('utf8');
    } catch (cause) {
      throw unreadable('does not belong to this key and this account, or was changed', cause);
    }
  }
}

function additionalData({ tenantId, accountId, field }: SealContext): Buffer {
  return Buffer.from(`rolecall|${VERSION}|tenant:${tenantId}|account:${accountId}|${field}`);
}

function unreadable(what: string, cause?: unknown): ConflictError {
  return new ConflictError('RC_SECRET_UNREADABLE', `The stored secret ${what}.`, { cause });
}

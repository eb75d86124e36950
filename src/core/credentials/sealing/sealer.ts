import { randomBytes } from 'node:crypto';
import { decrypt, encrypt, KEY_BYTES } from './aes-gcm';
import type { KeyEncryptionKeys } from './key-encryption-keys';
import { LocalKey } from './local-key';
import { additionalData, type SealContext } from './seal-context';
import { formatSealedText, notBelonging, parseSealedText, unreadable, type SealedText } from './sealed-text';

/**
 * Encrypts secrets for the database, in envelopes: each lies under a data key of its own, which is stored beside it,
 * wrapped by the first key-encryption key. To change that key only the data keys are wrapped anew. The secret is bound
 * to its context; the wrapping to its context and to the id of the key-encryption key.
 */
export class Sealer {
  constructor(private readonly keys: KeyEncryptionKeys) {}

  /** Of the keys that this gateway has; the first seals. */
  get keyIds(): readonly string[] {
    return this.keys.ids;
  }

  /** Two seals of one text differ. @throws AwsCallFailedError */
  async seal(plain: string, context: SealContext): Promise<string> {
    const { first } = this.keys;
    return withDataKey(randomBytes(KEY_BYTES), async (dataKey) =>
      formatSealedText({
        version: 'v2',
        keyId: first.id,
        wrappedKey: await first.wrap(dataKey, context),
        ...encrypt(dataKey, Buffer.from(plain), additionalData('v2', context)),
      }),
    );
  }

  /**
   * @throws ConflictError RC_SECRET_UNREADABLE when context or text are not those of the seal, RC_SECRET_KEY_UNKNOWN
   * when this gateway does not have its key; AwsCallFailedError
   */
  async open(sealed: string, context: SealContext): Promise<string> {
    const text = parseSealedText(sealed);
    if (text.version === 'v1') return this.localKey(text).openDirectly(text, context).toString();
    return withDataKey(await this.keys.find(text.keyId).unwrap(text.wrappedKey, context), async (dataKey) => {
      try {
        return decrypt(dataKey, text, additionalData('v2', context)).toString();
      } catch (cause) {
        throw notBelonging(cause);
      }
    });
  }

  /**
   * The same secret under the first key-encryption key. Of a `v2` text only the data key is touched; a `v1` text, which
   * has none, is sealed anew. @returns `sealed` itself when it is so already. @throws as `open`
   */
  async rewrap(sealed: string, context: SealContext): Promise<string> {
    const { first } = this.keys;
    const text = parseSealedText(sealed);
    if (text.version === 'v1') return this.seal(await this.open(sealed, context), context);
    if (text.keyId === first.id) return sealed;
    return withDataKey(await this.keys.find(text.keyId).unwrap(text.wrappedKey, context), async (dataKey) =>
      formatSealedText({ ...text, keyId: first.id, wrappedKey: await first.wrap(dataKey, context) }),
    );
  }

  /** The id of the key that a text needs. @throws ConflictError RC_SECRET_UNREADABLE when it has no known form. */
  keyIdOf(sealed: string): string {
    return parseSealedText(sealed).keyId;
  }

  private localKey({ keyId }: SealedText): LocalKey {
    const key = this.keys.find(keyId);
    if (key instanceof LocalKey) return key;
    throw unreadable(`has a form that the key ${keyId} never made`);
  }
}

/** Lets a data key live no longer than its use. */
async function withDataKey<T>(dataKey: Buffer, use: (dataKey: Buffer) => Promise<T>): Promise<T> {
  try {
    return await use(dataKey);
  } finally {
    dataKey.fill(0);
  }
}

import { ConflictError } from '../../errors';
import type { SealContext } from './seal-context';

/** Wraps the data keys under which secrets lie. What it is itself never leaves its place. */
export interface KeyEncryptionKey {
  /** Names it in every sealed text: letters, digits, _ and -. The same key has the same id on any machine. */
  readonly id: string;
  /** @throws AwsCallFailedError when the key is kept by AWS, which does not answer as needed. */
  wrap(dataKey: Buffer, context: SealContext): Promise<Buffer>;
  /**
   * Opens for the context of the wrapping alone.
   * @throws ConflictError RC_SECRET_UNREADABLE when context, key or bytes are others; AwsCallFailedError as `wrap`
   */
  unwrap(wrappedKey: Buffer, context: SealContext): Promise<Buffer>;
}

/** The key-encryption keys that a gateway has: the first seals, all of them open. */
export class KeyEncryptionKeys {
  private readonly byId: ReadonlyMap<string, KeyEncryptionKey>;
  /** In their order. */
  readonly ids: readonly string[];

  /** @param keys At least one; what stands twice counts once. */
  constructor(keys: readonly KeyEncryptionKey[]) {
    if (keys.length === 0) throw new Error('There is no key-encryption key');
    const misnamed = keys.find(({ id }) => !/^[\w-]+$/.test(id));
    if (misnamed) throw new Error(`The key id ${misnamed.id} has other than letters, digits, _ and -`);
    this.byId = new Map(keys.map((key) => [key.id, key]));
    this.ids = [...this.byId.keys()];
  }

  get first(): KeyEncryptionKey {
    return this.find(this.ids[0]);
  }

  /** @throws ConflictError RC_SECRET_KEY_UNKNOWN */
  find(id: string): KeyEncryptionKey {
    const key = this.byId.get(id);
    if (key) return key;
    throw new ConflictError(
      'RC_SECRET_KEY_UNKNOWN',
      `The stored secret was sealed with the key ${id}, which this gateway does not have.`,
    );
  }
}

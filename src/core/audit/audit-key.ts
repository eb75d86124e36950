import { createHash, createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { decodeKeyBytes, isKeyFileThere, KeyFileError, readKeyFile } from '../key-file';
import { signedBytes, type AuditCheckpoint } from './audit-checkpoint';

/** What stands before the 32 bytes of a private Ed25519 key in PKCS #8 (RFC 8410). */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

/** The Ed25519 key that signs checkpoints. It is kept outside the database: who can write there cannot sign. */
export class AuditKey {
  private readonly privateKey: KeyObject;
  /** 32 bytes, base64url: what an auditor elsewhere needs. */
  readonly publicKey: string;
  readonly id: string;

  /** @param seed 32 secret bytes. */
  constructor(seed: Buffer) {
    this.privateKey = createPrivateKey({
      key: Buffer.concat([PKCS8_PREFIX, seed]),
      format: 'der',
      type: 'pkcs8',
    });
    this.publicKey = createPublicKey(this.privateKey).export({ format: 'jwk' }).x!;
    this.id = keyId(this.publicKey);
  }

  sign(statement: Omit<AuditCheckpoint, 'keyId' | 'signature'>): AuditCheckpoint {
    const signed = { ...statement, keyId: this.id };
    return { ...signed, signature: sign(null, signedBytes(signed), this.privateKey).toString('base64url') };
  }
}

/** Where the keys come from. */
interface AuditKeySource {
  /** ROLECALL_AUDIT_KEY: keys separated by commas. They go before the file's. */
  value?: string;
  /** A key a line. Made, with a random one, when it is missing and there is no value. */
  file: string;
}

/**
 * The keys in their order: the first signs, the others stay good for what they signed before.
 * @throws KeyFileError when value or file hold anything else, or when others than its owner may read the file.
 */
export function loadAuditKeys({ value, file }: AuditKeySource): AuditKey[] {
  const given = value === undefined ? [] : decodeKeys(value.split(','), 'ROLECALL_AUDIT_KEY');
  if (given.length > 0 && !isKeyFileThere(file)) return given;
  return [...given, ...decodeKeys(readKeyFile(file), `The key file ${file}`)];
}

/** Whether it is what ROLECALL_AUDIT_KEY may be. */
export function areAuditKeys(value: string): boolean {
  return value.split(',').every((entry) => decodeKeyBytes(entry.trim()) !== null);
}

function decodeKeys(entries: string[], source: string): AuditKey[] {
  return entries.map((entry, index) => {
    const seed = decodeKeyBytes(entry.trim());
    if (seed) return new AuditKey(seed);
    throw new KeyFileError(
      `Key ${index + 1} of ${entries.length} in ${source} must be 32 bytes as 64 hexadecimal or 44 base64 characters`,
    );
  });
}

/** The public keys whose checkpoints count: the present one, and those before it. */
export class AuditPublicKeys {
  private readonly byId: ReadonlyMap<string, KeyObject>;

  /** @param publicKeys each 32 bytes in base64url. @throws Error when one is not. */
  constructor(publicKeys: readonly string[]) {
    this.byId = new Map(
      publicKeys.map((x) => [
        keyId(x),
        createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' }),
      ]),
    );
  }

  /** What is wrong with the signature; null: nothing. */
  faultOf(checkpoint: AuditCheckpoint): string | null {
    const key = this.byId.get(checkpoint.keyId);
    if (!key) return `is signed with a key that is not known here (${checkpoint.keyId})`;
    const signature = Buffer.from(checkpoint.signature, 'base64url');
    return verify(null, signedBytes(checkpoint), key, signature)
      ? null
      : 'has a signature that is not its own';
  }
}

function keyId(publicKey: string): string {
  return createHash('sha256').update(Buffer.from(publicKey, 'base64url')).digest('hex').slice(0, 16);
}

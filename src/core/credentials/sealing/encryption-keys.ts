import { decodeKeyBytes, isKeyFileThere, readKeyFile, SECRET_KEY_BYTES } from '../../key-file';

/** An ARN alone names one key for ever: an alias may be pointed elsewhere. Groups: its Region, and its id. */
export const KMS_KEY_ARN = /^arn:aws(?:-us-gov|-cn)?:kms:([a-z0-9-]+):\d{12}:key\/([\w-]+)$/;

/** The encryption keys that are configured cannot be used. The message says why, and never shows a key. */
export class EncryptionKeyError extends Error {
  override readonly name = 'EncryptionKeyError';
}

/** Where the keys come from. */
interface EncryptionKeySource {
  /** ROLECALL_ENCRYPTION_KEY: keys separated by commas. They go before the file's. */
  value?: string;
  /** A key a line. Made, with a random one, when it is missing and there is no value. */
  file: string;
}

/** A configured key: its 32 bytes, or the ARN of a key that AWS KMS keeps. */
export type EncryptionKey = { bytes: Buffer } | { kmsKeyArn: string };

/**
 * The keys in their order: the first seals, the others only open what they sealed before.
 * @throws EncryptionKeyError when value or file hold anything else; KeyFileError when others than its owner may read
 * the file.
 */
export function loadEncryptionKeys({ value, file }: EncryptionKeySource): EncryptionKey[] {
  const given = value === undefined ? [] : decodeKeys(value.split(','), 'ROLECALL_ENCRYPTION_KEY');
  if (given.length > 0 && !isKeyFileThere(file)) return given;
  return [...given, ...decodeKeys(readKeyFile(file), `The key file ${file}`)];
}

/** Whether it is what ROLECALL_ENCRYPTION_KEY may be. */
export function areEncryptionKeys(value: string): boolean {
  return value.split(',').every((entry) => decodeKey(entry.trim()) !== null);
}

function decodeKeys(entries: string[], source: string): EncryptionKey[] {
  return entries.map((entry, index) => {
    const key = decodeKey(entry.trim());
    if (key) return key;
    throw new EncryptionKeyError(
      `Key ${index + 1} of ${entries.length} in ${source} must be ${SECRET_KEY_BYTES} bytes as 64 hexadecimal or 44 base64 ` +
        `characters, or the ARN of a KMS key; it has ${entry.trim().length} characters`,
    );
  });
}

function decodeKey(text: string): EncryptionKey | null {
  if (KMS_KEY_ARN.test(text)) return { kmsKeyArn: text };
  const bytes = decodeKeyBytes(text);
  return bytes && { bytes };
}

import { AwsError } from '../protocol/aws-error';
import type { JsonParameters } from './service';

/** Bytes that Encrypt takes, and that a data key may have. */
const maxPlaintextBytes = 4_096;
const maxDataKeyBytes = 1_024;
const dataKeyBytes: Record<string, number> = { AES_256: 32, AES_128: 16 };

/** What would change the answer and is not simulated: better refused than ignored. */
const unsupported = ['GrantTokens', 'Recipient', 'DryRun'];

/** Throws ValidationException for grants, enclaves, dry runs and asymmetric algorithms. */
export function refuseUnsupported(parameters: JsonParameters): void {
  const { EncryptionAlgorithm: algorithm = 'SYMMETRIC_DEFAULT' } = parameters;
  const ignored = unsupported.find((name) => parameters[name] !== undefined);
  if (ignored !== undefined) throw invalid(`The simulator does not know ${ignored}`);
  if (algorithm !== 'SYMMETRIC_DEFAULT') throw invalid(`The simulator does not know ${String(algorithm)}`);
}

/** The plaintext of Encrypt. */
export function readPlaintext({ Plaintext }: JsonParameters): Buffer {
  const plaintext = readBlob('plaintext', Plaintext);
  if (plaintext.length > maxPlaintextBytes) {
    throw invalid(`Value at 'plaintext' must have length less than or equal to ${maxPlaintextBytes}`);
  }
  return plaintext;
}

/** The ciphertext of Decrypt. */
export function readCiphertext({ CiphertextBlob }: JsonParameters): Buffer {
  return readBlob('ciphertextBlob', CiphertextBlob);
}

/** The bytes of a data key, by KeySpec or NumberOfBytes: exactly one of them. */
export function readDataKeyLength({ KeySpec, NumberOfBytes }: JsonParameters): number {
  if ((KeySpec === undefined) === (NumberOfBytes === undefined)) {
    throw invalid('Please specify either number of bytes or key spec.');
  }
  const bytes = NumberOfBytes ?? dataKeyBytes[String(KeySpec)];
  if (!Number.isInteger(bytes) || Number(bytes) < 1 || Number(bytes) > maxDataKeyBytes) {
    throw invalid(`A data key has 1 to ${maxDataKeyBytes} bytes, or the KeySpec AES_256 or AES_128`);
  }
  return Number(bytes);
}

/** The encryption context; without one it is empty. */
export function readContext({ EncryptionContext = {} }: JsonParameters): Record<string, string> {
  const isMap = typeof EncryptionContext === 'object' && EncryptionContext !== null;
  if (!isMap || !Object.values(EncryptionContext).every((value) => typeof value === 'string')) {
    throw invalid('EncryptionContext must be a map of strings');
  }
  return EncryptionContext as Record<string, string>;
}

function readBlob(member: string, value: unknown): Buffer {
  const blob = typeof value === 'string' ? Buffer.from(value, 'base64') : Buffer.alloc(0);
  if (blob.length === 0) throw invalid(`Value at '${member}' must have length greater than or equal to 1`);
  return blob;
}

function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message);
}

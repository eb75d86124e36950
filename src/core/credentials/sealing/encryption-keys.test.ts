import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { areEncryptionKeys, EncryptionKeyError, loadEncryptionKeys } from './encryption-keys';

const KMS_KEY_ARN = 'arn:aws:kms:eu-central-1:210987654321:key/6b6e2c34-0f0a-4f5e-9d6c-3a0f2f1c7d11';

const UNUSABLE: [string, string][] = [
  ['nothing', ''],
  ['a passphrase', 'a passphrase of more than thirty-two characters'],
  ['16 bytes', 'ab'.repeat(16)],
  ['33 bytes', Buffer.alloc(33).toString('base64')],
  ['an alias, which may be pointed elsewhere', 'arn:aws:kms:eu-central-1:210987654321:alias/rolecall'],
  ['the id of a KMS key, which tells no Region', '6b6e2c34-0f0a-4f5e-9d6c-3a0f2f1c7d11'],
];

describe('loadEncryptionKeys', () => {
  const key = randomBytes(32);
  const other = randomBytes(32);
  let folder: string;
  let file: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'rolecall-key-'));
    file = join(folder, 'data', 'encryption.key');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('takes 64 hexadecimal or 44 base64 characters, and makes no file then', () => {
    for (const value of [key.toString('hex'), key.toString('hex').toUpperCase(), key.toString('base64')]) {
      expect(loadEncryptionKeys({ value, file })).toEqual([{ bytes: key }]);
      expect(areEncryptionKeys(value)).toBe(true);
    }
    expect(readdirSync(folder)).toEqual([]);
  });

  it('takes several of every kind, in their order', () => {
    const value = `${KMS_KEY_ARN}, ${key.toString('hex')},${other.toString('base64')}`;
    expect(areEncryptionKeys(value)).toBe(true);
    expect(loadEncryptionKeys({ value, file })).toEqual([
      { kmsKeyArn: KMS_KEY_ARN },
      { bytes: key },
      { bytes: other },
    ]);
  });

  it.each(UNUSABLE)('refuses %s without showing it', (_name, value) => {
    expect(areEncryptionKeys(value)).toBe(false);
    const load = () => loadEncryptionKeys({ value: `${key.toString('hex')},${value}`, file });
    expect(load).toThrow(EncryptionKeyError);
    expect(load).toThrow(`Key 2 of 2 in ROLECALL_ENCRYPTION_KEY must be`);
    expect(load).toThrow(new RegExp(`it has ${value.length} characters$`));
  });

  it('makes a file that only its owner may read, and reads it again', () => {
    const made = loadEncryptionKeys({ file });
    expect(made).toEqual([{ bytes: expect.any(Buffer) }]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(folder, 'data'))).toEqual(['encryption.key']);
    expect(loadEncryptionKeys({ file })).toEqual(made);
  });

  it('makes another key in another place', () => {
    expect(loadEncryptionKeys({ file })).not.toEqual(loadEncryptionKeys({ file: `${file}2` }));
  });

  it('reads a key a line, and opens with the file what was sealed before there was a value', () => {
    const [made] = loadEncryptionKeys({ file });
    writeFileSync(file, `${key.toString('base64')}\n${KMS_KEY_ARN}\n`);
    expect(loadEncryptionKeys({ file })).toEqual([{ bytes: key }, { kmsKeyArn: KMS_KEY_ARN }]);
    expect(loadEncryptionKeys({ value: other.toString('hex'), file })).toEqual([
      { bytes: other },
      { bytes: key },
      { kmsKeyArn: KMS_KEY_ARN },
    ]);
    expect(made).not.toEqual({ bytes: key });
  });

  it.each([0o640, 0o604, 0o644, 0o660])('refuses a file of mode %o, also beside a value', (mode) => {
    loadEncryptionKeys({ file });
    chmodSync(file, mode);
    expect(() => loadEncryptionKeys({ file })).toThrow('chmod 600');
    expect(() => loadEncryptionKeys({ value: key.toString('hex'), file })).toThrow('chmod 600');
  });

  it('refuses a file that holds no key', () => {
    loadEncryptionKeys({ file });
    for (const content of ['', 'nonsense', `${key.toString('hex')}\n\n${key.toString('hex')}`]) {
      writeFileSync(file, content);
      expect(() => loadEncryptionKeys({ file })).toThrow(EncryptionKeyError);
    }
  });
});

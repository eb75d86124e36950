import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encryptionKeyId, EncryptionKeyError, loadEncryptionKey } from './seal-key';

describe('loadEncryptionKey', () => {
  const key = randomBytes(32);
  let folder: string;
  let file: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'rolecall-key-'));
    file = join(folder, 'data', 'encryption.key');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('takes 64 hexadecimal or 44 base64 characters, and makes no file then', () => {
    for (const value of [key.toString('hex'), key.toString('hex').toUpperCase(), key.toString('base64')]) {
      expect(loadEncryptionKey({ value, file })).toEqual(key);
    }
    expect(readdirSync(folder)).toEqual([]);
  });

  it.each([
    ['nothing', ''],
    ['a passphrase', 'a passphrase of more than thirty-two characters'],
    ['16 bytes', 'ab'.repeat(16)],
    ['33 bytes', Buffer.alloc(33).toString('base64')],
    ['a line end', `${'ab'.repeat(32)}\n`],
  ])('refuses %s without showing it', (_name, value) => {
    const load = () => loadEncryptionKey({ value, file });
    expect(load).toThrow(EncryptionKeyError);
    expect(load).toThrow(`it has ${value.length} characters`);
  });

  it('makes a file that only its owner may read, and reads it again', () => {
    const made = loadEncryptionKey({ file });
    expect(made).toHaveLength(32);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(folder, 'data'))).toEqual(['encryption.key']);
    expect(loadEncryptionKey({ file })).toEqual(made);
  });

  it('makes another key in another place', () => {
    expect(loadEncryptionKey({ file })).not.toEqual(loadEncryptionKey({ file: `${file}2` }));
  });

  it.each([0o640, 0o604, 0o644, 0o660])('refuses a file of mode %o', (mode) => {
    loadEncryptionKey({ file });
    chmodSync(file, mode);
    expect(() => loadEncryptionKey({ file })).toThrow('chmod 600');
  });

  it('refuses a file that holds no key', () => {
    loadEncryptionKey({ file });
    writeFileSync(file, 'nonsense');
    expect(() => loadEncryptionKey({ file })).toThrow(EncryptionKeyError);
  });
});

describe('encryptionKeyId', () => {
  it('is the same for the same key, and another for another', () => {
    const key = randomBytes(32);
    expect(encryptionKeyId(key)).toBe(encryptionKeyId(Buffer.from(key)));
    expect(encryptionKeyId(key)).toMatch(/^[0-9a-f]{8}$/);
    expect(encryptionKeyId(key)).not.toBe(encryptionKeyId(randomBytes(32)));
  });
});

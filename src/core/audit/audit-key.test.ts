import { createPublicKey, verify } from 'node:crypto';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KeyFileError } from '../key-file';
import { signedBytes } from './audit-checkpoint';
import { areAuditKeys, AuditKey, loadAuditKeys } from './audit-key';

const STATEMENT = { tenantId: 1, sequence: 5, hash: 'ab'.repeat(32), at: 1_000, previous: null };

describe('an audit key', () => {
  it('signs so that its public key alone is needed to check it', () => {
    const key = new AuditKey(Buffer.alloc(32, 1));
    const checkpoint = key.sign(STATEMENT);
    const publicKey = createPublicKey({
      key: { kty: 'OKP', crv: 'Ed25519', x: key.publicKey },
      format: 'jwk',
    });
    const text =
      `rolecall|audit-checkpoint|v1|{"at":1000,"hash":"${STATEMENT.hash}","keyId":"${key.id}",` +
      '"previous":null,"sequence":5,"tenantId":1}';
    expect(signedBytes(checkpoint).toString()).toBe(text);
    const signature = Buffer.from(checkpoint.signature, 'base64url');
    expect(verify(null, Buffer.from(text), publicKey, signature)).toBe(true);
    expect(key.publicKey).not.toContain(Buffer.alloc(32, 1).toString('base64url'));
  });

  it('is the key of RFC 8032 that the bytes are', () => {
    const seed = '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60';
    const publicKey = 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a';
    expect(Buffer.from(new AuditKey(Buffer.from(seed, 'hex')).publicKey, 'base64url').toString('hex')).toBe(
      publicKey,
    );
  });
});

describe('loadAuditKeys', () => {
  const [one, two] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'rolecall-audit-'));
    file = join(folder, 'audit.key');
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const publicKeys = (source: Parameters<typeof loadAuditKeys>[0]) =>
    loadAuditKeys(source).map(({ publicKey }) => publicKey);
  const [publicOne, publicTwo] = [new AuditKey(one).publicKey, new AuditKey(two).publicKey];

  it('makes a file for its owner alone, and reads it again', () => {
    const made = publicKeys({ file });
    expect(made).toHaveLength(1);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(publicKeys({ file })).toEqual(made);
  });

  it('puts the given ones before those of the file, of which the first of all signs', () => {
    const value = `${one.toString('hex')}, ${two.toString('base64')}`;
    expect(areAuditKeys(value)).toBe(true);
    expect(publicKeys({ value, file })).toEqual([publicOne, publicTwo]);
    writeFileSync(file, `${two.toString('hex')}\n`, { mode: 0o600 });
    expect(publicKeys({ value: one.toString('hex'), file })).toEqual([publicOne, publicTwo]);
  });

  it('refuses what is no key, and never shows it', () => {
    for (const wrong of ['', 'a passphrase', 'ab'.repeat(31)]) {
      expect(areAuditKeys(wrong)).toBe(false);
      const load = () => loadAuditKeys({ value: wrong, file });
      expect(load).toThrow(KeyFileError);
      expect(load).toThrow(/^Key 1 of 1 in ROLECALL_AUDIT_KEY must be 32 bytes as [^"]*$/);
    }
  });
});

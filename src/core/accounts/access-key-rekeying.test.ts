import { randomBytes } from 'node:crypto';
import type { AuditRecord } from '../audit/audit-trail';
import { systemClock } from '../clock';
import { KeyEncryptionKeys, type KeyEncryptionKey } from '../credentials/sealing/key-encryption-keys';
import { LocalKey } from '../credentials/sealing/local-key';
import { Sealer } from '../credentials/sealing/sealer';
import { AwsCallFailedError } from '../errors';
import { AccessKeyRekeying } from './access-key-rekeying';
import { accessKeyContext } from './access-key-vault';
import type { SealedAccessKey, SealedKeyRepository } from './sealed-key-repository';

const [oldKey, newKey] = [new LocalKey(randomBytes(32)), new LocalKey(randomBytes(32))];
const sealerOf = (...keys: KeyEncryptionKey[]) => new Sealer(new KeyEncryptionKeys(keys));
const before = sealerOf(oldKey);
const both = sealerOf(newKey, oldKey);
const after = sealerOf(newKey);

/** Rows by account, and what was audited of them. `beforeReplace` runs when a row was read and its new text is about to be stored. */
class Rows implements SealedKeyRepository {
  readonly rows = new Map<number, SealedAccessKey>();
  readonly entries: AuditRecord[] = [];
  beforeReplace: (accountId: number) => Promise<void> = async () => {};

  async store(accountId: number, plain: string, sealer: Sealer): Promise<void> {
    const context = accessKeyContext({ id: accountId, tenantId: 1 });
    this.rows.set(accountId, { accountId, tenantId: 1, sealed: await sealer.seal(plain, context) });
  }

  async page(afterAccountId: number, limit: number): Promise<SealedAccessKey[]> {
    const behind = [...this.rows.values()].filter(({ accountId }) => accountId > afterAccountId);
    return behind.sort((a, b) => a.accountId - b.accountId).slice(0, limit);
  }

  async replace(accountId: number, from: string, to: string, audit: AuditRecord): Promise<boolean> {
    await this.beforeReplace(accountId);
    const row = this.rows.get(accountId);
    if (row?.sealed !== from) return false;
    this.rows.set(accountId, { ...row, sealed: to });
    this.entries.push(audit);
    return true;
  }

  open(accountId: number, sealer: Sealer): Promise<string> {
    const { tenantId, sealed } = this.rows.get(accountId)!;
    return sealer.open(sealed, accessKeyContext({ id: accountId, tenantId }));
  }
}

describe('AccessKeyRekeying', () => {
  let keys: Rows;
  const run = (sealer: Sealer) =>
    new AccessKeyRekeying({ keys, sealer, clock: systemClock, actor: 'command line' }).run();

  beforeEach(() => {
    keys = new Rows();
  });

  it('wraps every row of every page anew, once, and leaves a trace of each', async () => {
    for (let id = 1; id <= 450; id++) await keys.store(id, `key ${id}`, before);
    expect(await run(both)).toMatchObject({ rewrapped: 450, failures: [] });
    for (const id of [1, 200, 201, 450]) expect(await keys.open(id, after)).toBe(`key ${id}`);
    expect(keys.entries).toHaveLength(450);
    expect(keys.entries[0]).toEqual({
      tenantId: 1,
      actor: 'command line',
      action: 'secret.rewrapped',
      target: { type: 'Account', id: 1 },
      accountId: 1,
      detail: { what: 'access key', from: oldKey.id, to: newKey.id },
    });
    const { rewrapped, rowsByKeyId } = await run(both);
    expect([rewrapped, [...rowsByKeyId]]).toEqual([
      0,
      [
        [newKey.id, 450],
        [oldKey.id, 0],
      ],
    ]);
    expect(keys.entries).toHaveLength(450);
  });

  it('goes on where it was killed', async () => {
    for (const id of [1, 2, 3]) await keys.store(id, `key ${id}`, before);
    keys.beforeReplace = async (id) => {
      if (id === 2) throw new Error('killed');
    };
    await expect(run(both)).rejects.toThrow('killed');
    expect(await keys.open(1, after)).toBe('key 1');
    keys.beforeReplace = async () => {};
    expect(await run(both)).toMatchObject({ rewrapped: 2 });
    for (const id of [1, 2, 3]) expect(await keys.open(id, after)).toBe(`key ${id}`);
  });

  it('never overwrites a key that is stored meanwhile, and wraps that one too', async () => {
    for (const id of [1, 2, 3]) await keys.store(id, `key ${id}`, before);
    keys.beforeReplace = async (id) => {
      if (id !== 2) return;
      keys.beforeReplace = async () => {};
      await keys.store(2, 'a new key', before);
      keys.rows.delete(3);
    };
    expect(await run(both)).toMatchObject({ rewrapped: 2, failures: [] });
    expect(await keys.open(2, after)).toBe('a new key');
  });

  it('meets what is stored behind it', async () => {
    await keys.store(5, 'five', before);
    keys.beforeReplace = async () => {
      keys.beforeReplace = async () => {};
      await keys.store(1, 'one', before);
    };
    expect(await run(both)).toMatchObject({ rewrapped: 2 });
    expect(await keys.open(1, after)).toBe('one');
  });

  it('names what does not open, leaves it as it is, and does all the others', async () => {
    await keys.store(1, 'one', before);
    await keys.store(2, 'two', sealerOf(new LocalKey(randomBytes(32))));
    await keys.store(3, 'three', before);
    keys.rows.set(3, { ...keys.rows.get(3)!, tenantId: 2 });
    keys.rows.set(4, { accountId: 4, tenantId: 1, sealed: 'nonsense' });
    await keys.store(5, 'five', before);
    const strange = keys.rows.get(2)!.sealed;
    const { rewrapped, rowsByKeyId, failures } = await run(both);
    expect(rewrapped).toBe(2);
    expect(failures).toMatchObject([
      { accountId: 2, code: 'RC_SECRET_KEY_UNKNOWN' },
      { accountId: 3, code: 'RC_SECRET_UNREADABLE' },
      { accountId: 4, code: 'RC_SECRET_UNREADABLE' },
    ]);
    expect([...rowsByKeyId]).toEqual([
      [newKey.id, 2],
      [oldKey.id, 1],
      [before.keyIdOf(strange), 1],
    ]);
    expect(keys.rows.get(2)!.sealed).toBe(strange);
    expect(keys.entries.map(({ accountId }) => accountId)).toEqual([1, 5]);
  });

  it('stops when a key that AWS keeps cannot be used', async () => {
    await keys.store(1, 'one', before);
    const down = () => Promise.reject(new AwsCallFailedError('KMS is down', 'TimeoutError', true));
    const sealer = sealerOf({ id: 'kms-1', wrap: down, unwrap: down }, oldKey);
    await expect(run(sealer)).rejects.toThrow('KMS is down');
    expect(await keys.open(1, before)).toBe('one');
  });
});

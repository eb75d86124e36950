import { randomBytes } from 'node:crypto';
import { AccessKeyRekeying } from '../../src/core/accounts/access-key-rekeying';
import { AccessKeyVault } from '../../src/core/accounts/access-key-vault';
import type { Account } from '../../src/core/accounts/account';
import type { AuditRecord } from '../../src/core/audit/audit-trail';
import { systemClock } from '../../src/core/clock';
import { KeyEncryptionKeys } from '../../src/core/credentials/sealing/key-encryption-keys';
import { LocalKey } from '../../src/core/credentials/sealing/local-key';
import { Sealer } from '../../src/core/credentials/sealing/sealer';
import { SqliteConnection } from '../../src/db/sqlite-connection';
import { PASSED } from '../contracts/samples';
import { TemporaryDatabase } from '../db/temporary-database';
import { sealerOfAnyKey, sealerOfAnyTag, sealerWithoutAdditionalData } from './support/broken-sealers';
import { expectBoundToItsRow, expectNamedKeyAlone, expectWholeTags } from './support/sealing-guards';

/** Stored keys are bound to tenant and row, and go over to another encryption key while everything runs. */

const [first, second] = [new LocalKey(randomBytes(32)), new LocalKey(randomBytes(32))];
const sealer = new Sealer(new KeyEncryptionKeys([first, second]));

describe('a sealed text', () => {
  it('opens for its own row alone', () => expectBoundToItsRow(sealer));
  it('does not open with a tag of 4 bytes', () => expectWholeTags(sealer));
  it('is not tried with another key than the one that it names', () => expectNamedKeyAlone(sealer));
});

describe('mutation check: the assertions see', () => {
  const seen = (assertion: Promise<void>) => expect(assertion).rejects.toThrow('Received promise resolved');

  it('a sealer without additional data', () => seen(expectBoundToItsRow(sealerWithoutAdditionalData())));
  it('a sealer that takes a tag of any length', () => seen(expectWholeTags(sealerOfAnyTag())));
  it('a sealer that tries its own key on anything', () => seen(expectNamedKeyAlone(sealerOfAnyKey(sealer))));
  it('nothing else', async () => {
    for (const [broken, ...others] of [
      [sealerWithoutAdditionalData(), expectWholeTags, expectNamedKeyAlone],
      [sealerOfAnyTag(), expectBoundToItsRow, expectNamedKeyAlone],
    ] as const) {
      for (const assertion of others) await assertion(broken);
    }
  });
});

describe('a stored access key', () => {
  const KEY = {
    accessKeyId: 'AKIAEXAMPLE000000000',
    secretAccessKey: 'aSecretOfFortyCharacters+0123456789/abcd',
  };
  let temporary: TemporaryDatabase;
  let vault: AccessKeyVault;
  let entries: AuditRecord[];
  let accounts: [mine: Account, sibling: Account, foreign: Account];

  beforeEach(async () => {
    temporary = await TemporaryDatabase.open();
    entries = [];
    const audit = { record: async (entry: AuditRecord) => void entries.push(entry) };
    vault = new AccessKeyVault({ accounts: temporary.database.accounts, sealer, audit });
    const [one, other] = [await temporary.tenant(), await temporary.tenant()];
    accounts = [await connected(one, 'MINE'), await connected(one, 'SIBL'), await connected(other, 'FORE')];
  });
  afterEach(() => temporary.close());

  async function connected(tenantId: number, idEnding: string): Promise<Account> {
    const { accounts: repository } = temporary.database;
    const account = (await repository.load(await temporary.account(tenantId)))!;
    await repository.connect(account.id, ['AWAITING_ROLE'], {
      ...{ tenantId, awsAccountId: String(111111111111 + account.id), roleArn: null, waiver: null },
      sealedAccessKey: await vault.seal(account, { ...KEY, accessKeyId: `AKIAEXAMPLE00000${idEnding}` }),
      accessKey: { idEnding, storedAt: 5_000 },
      ...{ verification: PASSED, nextVerificationAt: 6_000, at: 5_000 },
    });
    return (await repository.load(account.id))!;
  }

  /** What somebody does who can write to the database and has no key. */
  async function tamper(sql: string, ...parameters: number[]): Promise<void> {
    const connection = await SqliteConnection.open(temporary.file, 'readwrite');
    await connection.run(sql, parameters);
    await connection.close();
  }

  const UNREADABLE = { kind: 'Conflict', code: 'RC_SECRET_UNREADABLE' };

  it('opens where it is, and each opening is audited', async () => {
    const [mine] = accounts;
    expect(await vault.open(mine)).toMatchObject({ accessKeyId: 'AKIAEXAMPLE00000MINE' });
    expect(entries).toEqual([expect.objectContaining({ action: 'secret.read', accountId: mine.id })]);
    expect(JSON.stringify(entries)).not.toContain('AKIA');
  });

  it.each([
    ['of the same tenant', 1],
    ['of another', 2],
  ])('does not open in the row of another account %s', async (_whose, index) => {
    const [mine] = accounts;
    await tamper(
      'UPDATE account SET sealed_access_key = (SELECT sealed_access_key FROM account WHERE id = ?) WHERE id = ?',
      accounts[index]!.id,
      mine.id,
    );
    await expect(vault.open(mine)).rejects.toMatchObject(UNREADABLE);
  });

  it('does not open once its row is another tenant’s', async () => {
    const [mine, , foreign] = accounts;
    await tamper('UPDATE account SET tenant_id = ? WHERE id = ?', foreign.tenantId, mine.id);
    const moved = (await temporary.database.accounts.load(mine.id))!;
    expect(moved.tenantId).toBe(foreign.tenantId);
    await expect(vault.open(moved)).rejects.toMatchObject(UNREADABLE);
  });

  it('opens at any moment while another process wraps it anew, again and again', async () => {
    const { sealedKeys: keys } = await temporary.another();
    let isOver = false;
    const load = accounts.map(async (account) => {
      let opened = 0;
      for (; !isOver; opened++) await vault.open(account);
      return opened;
    });
    for (let rotation = 0; rotation < 20; rotation++) {
      const order = rotation % 2 === 0 ? [second, first] : [first, second];
      const rotated = new Sealer(new KeyEncryptionKeys(order));
      const rekeying = { keys, sealer: rotated, clock: systemClock, actor: 'a test' };
      const report = await new AccessKeyRekeying(rekeying).run();
      expect(report).toMatchObject({ rewrapped: accounts.length, failures: [] });
      expect(report.rowsByKeyId).toEqual(new Map(order.map(({ id }, index) => [id, index === 0 ? 3 : 0])));
    }
    isOver = true;
    for (const opened of await Promise.all(load)) expect(opened).toBeGreaterThan(20);
  });

  it('can be sealed for another tenant, where it opens, and then no more where it was', async () => {
    const [mine, , foreign] = accounts;
    const resealed = (await vault.reseal(mine, foreign.tenantId))!;
    const at = {
      accounts: { sealedAccessKey: async () => resealed },
      sealer,
      audit: { record: async () => {} },
    };
    const there = new AccessKeyVault(at);
    await expect(there.open(mine)).rejects.toMatchObject(UNREADABLE);
    expect(await there.open({ ...mine, tenantId: foreign.tenantId })).toEqual(await vault.open(mine));
    expect(await vault.reseal({ ...mine, connection: 'ROLE' }, foreign.tenantId)).toBeNull();
  });
});

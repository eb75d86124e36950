import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { AccountConnectionFacts } from '../../src/core/accounts/account-repository';
import type { Database } from '../../src/db';
import { PASSED } from '../contracts/samples';
import { describeSealedKeyRepository } from '../contracts/sealed-key-repository.contract';
import { TemporaryDatabase } from './temporary-database';

describeSealedKeyRepository('SQLite', async () => {
  const temporary = await TemporaryDatabase.open();
  return {
    sealedKeys: temporary.database.sealedKeys,
    accounts: temporary.database.accounts,
    tenants: [await temporary.tenant(), await temporary.tenant()],
    audited: async (tenantId) => {
      const page = await temporary.database.audit.within({ tenantId }).list({}, { first: 10, after: null });
      return page.items.map(({ item }) => item.detail);
    },
    close: () => temporary.close(),
  };
});

describe('a sealed key that is no longer needed', () => {
  const sealed = randomBytes(200).toString('base64url');
  const facts: Omit<AccountConnectionFacts, 'tenantId' | 'verification'> = {
    ...{ awsAccountId: '111122223333', roleArn: null, sealedAccessKey: sealed },
    ...{ accessKey: { idEnding: 'ABCD', storedAt: 5_000 }, waiver: null },
    ...{ nextVerificationAt: 6_000, at: 5_000 },
  };
  const role = { roleArn: 'arn:aws:iam::111122223333:role/rolecall', sealedAccessKey: null, accessKey: null };
  /** As long as the row's fate asks: a short row leaves a gap within a page, a long one leaves pages. */
  const proofOf = (length: number) =>
    ({ ...PASSED, checks: [{ message: 'x'.repeat(length) }] }) as unknown as typeof PASSED;

  const FATES: [string, (database: Database, id: number, tenantId: number) => Promise<unknown>][] = [
    [
      'a role is connected',
      ({ accounts }, id, tenantId) =>
        accounts.connect(id, ['CONNECTED'], { tenantId, ...facts, ...role, verification: proofOf(0) }),
    ],
    ['the account is removed', ({ accounts }, id) => accounts.remove(id, true, 7_000)],
    ['the account is removed without history', ({ accounts }, id) => accounts.remove(id, false, 7_000)],
  ];

  test.each(
    FATES.flatMap(([name, destroy]) => [0, 1_000, 8_000].map((length) => ({ name, destroy, length }))),
  )('leaves no trace in the file once $name, of a row of $length characters', async ({ destroy, length }) => {
    const temporary = await TemporaryDatabase.open();
    const tenantId = await temporary.tenant();
    const id = await temporary.account(tenantId);
    const verification = proofOf(length);
    expect(
      await temporary.database.accounts.connect(id, ['AWAITING_ROLE'], { tenantId, ...facts, verification }),
    ).toBe(true);
    await temporary.reopen();
    // The log went into the file: there it is.
    expect(tracesIn(temporary.file)).toBeGreaterThan(0);
    await destroy(temporary.database, id, tenantId);
    await temporary.reopen();
    expect(tracesIn(temporary.file)).toBe(0);
    await temporary.close();
  });

  /** How many of its pieces of 16 characters are to be found. */
  function tracesIn(file: string): number {
    const content = readFileSync(file);
    const pieces = Array.from({ length: sealed.length - 16 }, (_, at) => sealed.slice(at, at + 16));
    return pieces.filter((piece) => content.includes(piece)).length;
  }
});

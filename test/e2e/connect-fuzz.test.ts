import fc from 'fast-check';
import { demoAccountIds } from '../../src/simulator';
import { register } from './onboard';
import { Accounts, ConnectAccount } from './operations.graphql';
import { MALFORMED_ROLE_ARNS } from '../support/malformed-role-arns';
import { startRolecall, type Rolecall } from '../support/rolecall';

/** Whatever is given to connectAccount: a typed answer, nothing stored, and no ID but the account's own sent anywhere. */

let rolecall: Rolecall;
beforeAll(async () => (rolecall = await startRolecall()));
afterAll(() => rolecall.stop());

const VALID = `arn:aws:iam::${demoAccountIds.media}:role/nobody`;

/** A valid ARN with something put in, taken out or exchanged. */
const mangledArn = fc
  .tuple(fc.nat(VALID.length), fc.nat(4), fc.string({ maxLength: 6, unit: 'grapheme' }))
  .map(([at, cut, text]) => VALID.slice(0, at) + text + VALID.slice(at + cut));
const roleArn = fc.oneof(
  mangledArn,
  fc.string({ maxLength: 3_000, unit: 'grapheme' }),
  fc.constantFrom(VALID, `${VALID}/${'x'.repeat(2_100)}`, ...MALFORMED_ROLE_ARNS),
);
const accessKey = fc.record({
  accessKeyId: fc.oneof(fc.string({ unit: 'grapheme' }), fc.constant('AKIAIOSFODNN7EXAMPLE')),
  secretAccessKey: fc.oneof(fc.string({ unit: 'grapheme' }), fc.constant('w'.repeat(40))),
});
const input = fc.record(
  { roleArn: fc.option(roleArn), accessKey: fc.option(accessKey), force: fc.boolean() },
  { requiredKeys: [] },
);

it('stores nothing and answers with a mistake that can be mended', async () => {
  const { admin, simulator } = rolecall;
  const { id: accountId, externalIds } = await register(admin, 'Fuzzed');
  const before = await admin.execute(Accounts, { filter: { ids: [accountId] } });
  const kinds = new Set<string>();
  await fc.assert(
    fc.asyncProperty(input, async (given) => {
      simulator.calls.clear();
      const { connectAccount } = await admin.execute(ConnectAccount, { input: { accountId, ...given } });
      expect(connectAccount.account).toBeNull();
      expect(connectAccount.errors).toHaveLength(1);
      const { __typename, code, message } = connectAccount.errors[0]!;
      kinds.add(__typename);
      expect(['InvalidInput', 'TrustRefused']).toContain(__typename);
      expect(code).toMatch(/^RC_/);
      expect(message).not.toContain('w'.repeat(40));
      for (const call of simulator.calls.list()) {
        expect(call.service).toBe('sts');
        if (call.action === 'AssumeRole') expect(call.externalId).toBe(externalIds[0]!.value);
      }
      expect(await admin.execute(Accounts, { filter: { ids: [accountId] } })).toEqual(before);
    }),
    { numRuns: 120 },
  );
  expect([...kinds].sort()).toEqual(['InvalidInput', 'TrustRefused']);
});

import { ManualClock } from '../../../test/support/manual-clock';
import { until } from '../../../test/support/until';
import type { Partition } from '../accounts/account';
import { AwsCallFailedError } from '../errors';
import { GatewayIdentity } from './gateway-identity';

const ROLE = 'arn:aws:iam::999999999999:role/svc/blue/gateway';
const SESSION = 'arn:aws:sts::999999999999:assumed-role/gateway/i-0abc';
const denied = Object.assign(new Error('not authorized'), { name: 'AccessDenied' });

/** An identity beside an STS and an IAM that answer as told. */
function fixture({
  caller = SESSION,
  role = ROLE,
  principalArns = [],
}: {
  caller?: string | Error;
  role?: string | Error;
  principalArns?: string[];
} = {}) {
  const clock = new ManualClock(0);
  const asked: string[] = [];
  const logged: { code?: string; partition?: Partition; message: string }[] = [];
  const answers = { caller, role };
  const answer = async <T extends string | Error>(question: string, given: T) => {
    asked.push(question);
    if (given instanceof Error) throw given;
    return given as Exclude<T, Error>;
  };
  const identity = new GatewayIdentity({
    sts: {
      gatewayIdentity: async (partition) => ({
        awsAccountId: '999999999999',
        arn: await answer(`sts ${partition}`, answers.caller),
      }),
    },
    ownRole: { arn: ({ roleName }) => answer(`iam ${roleName}`, answers.role) },
    principalArns,
    clock,
    log: { warn: (fields, message) => void logged.push({ ...fields, message }) },
  });
  return { identity, clock, asked, logged, answers };
}

describe('the gateway’s identity', () => {
  it('is the user whose keys it has', async () => {
    const user = 'arn:aws:iam::999999999999:user/ops/rolecall';
    const { identity, asked } = fixture({ caller: user });
    const principal = { arn: user, awsAccountId: '999999999999', partition: 'AWS' };
    expect(await identity.principal('AWS')).toEqual(principal);
    expect(await identity.principal('AWS')).toEqual(principal);
    expect(asked).toEqual(['sts AWS']);
  });

  it('is the role of its session, with the path that IAM tells', async () => {
    const { identity, asked } = fixture();
    const [first, second] = await Promise.all([identity.principal('AWS'), identity.principal('AWS')]);
    expect(first).toEqual({ arn: ROLE, awsAccountId: '999999999999', partition: 'AWS' });
    expect(second).toEqual(first);
    expect(asked).toEqual(['sts AWS', 'iam gateway']);
  });

  it('is never guessed: without the path the log says what to set, and it is asked again a minute later', async () => {
    const { identity, clock, asked, logged, answers } = fixture({ role: denied });
    expect(await identity.principal('AWS')).toBeNull();
    expect(await identity.principal('AWS')).toBeNull();
    expect(logged).toEqual([
      { code: 'RC_GATEWAY_IDENTITY_MISSING', partition: 'AWS', message: expect.any(String) },
    ]);
    expect(logged[0]!.message).toMatch(
      /role gateway in account 999999999999.*iam:GetRole.*ROLECALL_PRINCIPAL_ARN/,
    );
    answers.role = ROLE;
    clock.advance(60_000);
    expect(await identity.principal('AWS')).toMatchObject({ arn: ROLE });
    expect(asked).toHaveLength(4);
  });

  it.each(['', 'arn:aws:iam::111111111111:role/gateway', 'arn:aws:iam::999999999999:role/a b'])(
    'is not %j of IAM',
    async (role) => expect(await fixture({ role }).identity.principal('AWS')).toBeNull(),
  );

  it('without credentials is missing, and the log says so', async () => {
    const { identity, logged } = fixture({
      caller: new AwsCallFailedError('Could not load credentials from any providers', 'X', true),
    });
    expect(await identity.principal('AWS')).toBeNull();
    expect(logged[0]!.message).toMatch(/Could not load credentials.*default chain.*ROLECALL_PRINCIPAL_ARN/);
  });

  it.each([SESSION, ROLE])('%s is nobody in another partition', async (caller) => {
    const { identity, asked, logged } = fixture({ caller });
    expect(await identity.principal('AWS_CN')).toBeNull();
    expect(asked).toEqual(['sts AWS_CN']);
    expect(logged[0]).toMatchObject({ partition: 'AWS_CN' });
    expect(logged[0]!.message).toContain('aws-cn');
  });

  describe('as configured', () => {
    const gov = 'arn:aws-us-gov:iam::888888888888:role/rolecall';

    it('is the first of its partition', async () => {
      const { identity } = fixture({ principalArns: [gov, ROLE, 'arn:aws:iam::999999999999:role/other'] });
      expect(await identity.principal('AWS')).toMatchObject({ arn: ROLE });
    });

    it('is one a partition; STS is asked for the others', async () => {
      const { identity } = fixture({ principalArns: [gov] });
      expect(await identity.principal('AWS_US_GOV')).toMatchObject({
        arn: gov,
        awsAccountId: '888888888888',
      });
      expect(await identity.principal('AWS')).toMatchObject({ arn: ROLE });
    });

    it('is compared once with what STS says, and a difference is told', async () => {
      const wrong = 'arn:aws:iam::999999999999:role/svc/green';
      const { identity, asked, logged } = fixture({ principalArns: [wrong] });
      expect(await identity.principal('AWS')).toMatchObject({ arn: wrong });
      await until(() => logged.length > 0);
      expect(logged[0]!.message).toContain(SESSION);
      await identity.principal('AWS');
      expect(asked).toEqual(['sts AWS']);
    });

    it.each([
      ['the same', SESSION],
      ['nothing', denied],
    ])('is used in silence when STS says %s', async (_, caller) => {
      const { identity, asked, logged } = fixture({ principalArns: [ROLE], caller });
      expect(await identity.principal('AWS')).toMatchObject({ arn: ROLE });
      await until(() => asked.length > 0);
      await new Promise(setImmediate);
      expect(logged).toEqual([]);
    });
  });
});

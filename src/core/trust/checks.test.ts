import type { ExternalId } from '../accounts/account';
import {
  accountMatches,
  permissionsSufficient,
  refusals,
  retiredRefused,
  RETIRED_GRACE_MS,
  type NegativeAnswer,
} from './checks';
import type { ProbeAnswer } from './role-prober';

const SESSION: ProbeAnswer = { credentials: { accessKeyId: 'ASIA', secretAccessKey: 's' } };
const DENIED: ProbeAnswer = {
  refusal: { code: 'AccessDenied', message: 'no', fault: 'denied', retryable: false, missingActions: [] },
};

describe('refusals', () => {
  const judge = (...answers: NegativeAnswer[]) => refusals('REFUSED_WITH_WRONG_EXTERNAL_ID', answers);

  it('pass when STS denied each', () => {
    expect(judge({ kind: 'random', answer: DENIED }, { kind: 'decoy', answer: DENIED })).toMatchObject({
      outcome: 'PASSED',
      expected: 'AccessDenied',
      found: 'AccessDenied',
    });
  });

  it('fail when one opened, naming which and what to do', () => {
    const found = judge({ kind: 'random', answer: DENIED }, { kind: 'other-case', answer: SESSION });
    expect(found).toMatchObject({ outcome: 'FAILED', code: 'ASSUMED', found: 'a session' });
    expect(found.message).toContain('in the other case');
    expect(found.message).not.toContain('any external ID');
    expect(found.message).toContain('StringEquals');
  });
});

describe('accountMatches', () => {
  const arn = 'arn:aws:sts::111111111111:assumed-role/rolecall/session';
  const expected = { awsAccountId: '111111111111', roleName: 'rolecall' };

  it.each([
    ['the declared account and role', { awsAccountId: '111111111111', arn }, 'PASSED', 'MATCHES'],
    ['another account', { awsAccountId: '222222222222', arn }, 'FAILED', 'DIFFERS'],
    [
      'another role',
      { awsAccountId: '111111111111', arn: arn.replace('/rolecall/', '/admin/') },
      'FAILED',
      'ROLE_DIFFERS',
    ],
    [
      'no role at all',
      { awsAccountId: '111111111111', arn: 'arn:aws:iam::111111111111:user/x' },
      'FAILED',
      'ROLE_DIFFERS',
    ],
  ])('tells %s', (_what, found, outcome, code) => {
    expect(accountMatches(expected, found)).toMatchObject({ outcome, code });
  });

  it('takes a user where a key is expected, and no session', () => {
    const key = { awsAccountId: '111111111111', roleName: null };
    const user = { awsAccountId: '111111111111', arn: 'arn:aws:iam::111111111111:user/x' };
    expect(accountMatches(key, user).outcome).toBe('PASSED');
    expect(accountMatches(key, { ...user, arn }).outcome).toBe('FAILED');
  });
});

describe('retiredRefused', () => {
  const retired = { value: 'old', state: 'RETIRED', retiredAt: 1_000, refusedAt: null } as ExternalId;

  const judge = (answer: ProbeAnswer, now = 2_000, varied: Partial<ExternalId> = {}) =>
    retiredRefused([{ retired: { ...retired, ...varied }, answer }], now);

  it('passes when it is refused', () => {
    expect(judge(DENIED).outcome).toBe('PASSED');
  });

  it('warns for a while after the rotation, then fails', () => {
    expect(judge(SESSION, 1_000 + RETIRED_GRACE_MS).outcome).toBe('WARNING');
    expect(judge(SESSION, 1_001 + RETIRED_GRACE_MS).outcome).toBe('FAILED');
  });

  it('fails at once when it was refused before: somebody has put it back', () => {
    expect(judge(SESSION, 2_000, { refusedAt: 1_500 }).outcome).toBe('FAILED');
  });

  it('passes only when each is refused', () => {
    const older = { ...retired, value: 'older', retiredAt: 500 };
    const both = (first: ProbeAnswer, second: ProbeAnswer) =>
      retiredRefused(
        [
          { retired, answer: first },
          { retired: older, answer: second },
        ],
        2_000,
      );
    expect(both(DENIED, DENIED).outcome).toBe('PASSED');
    expect(both(DENIED, SESSION)).toMatchObject({ outcome: 'WARNING' });
    expect(both(DENIED, SESSION).message).toContain('older');
  });
});

describe('permissionsSufficient', () => {
  const NOTHING = { missing: [], unproved: [], unanswered: [] };

  it('warns of what AWS did not answer, rather than to call it allowed', () => {
    const found = permissionsSufficient({ ...NOTHING, unanswered: ['x:Y'] });
    expect(found).toMatchObject({ outcome: 'WARNING', code: 'UNANSWERED' });
    expect(found.message).toContain('x:Y');
  });

  it('names what is missing, and the statement that adds it', () => {
    const found = permissionsSufficient({ ...NOTHING, missing: ['rds:DescribeDBInstances'] });
    expect(found).toMatchObject({ outcome: 'FAILED', missingActions: ['rds:DescribeDBInstances'] });
    const statement = /\{.*\}/.exec(found.message)![0];
    expect(JSON.parse(statement)).toEqual({
      Effect: 'Allow',
      Action: ['rds:DescribeDBInstances'],
      Resource: '*',
    });
  });

  it('says what no probe could show', () => {
    const found = permissionsSufficient({ ...NOTHING, unproved: ['x:Y'] });
    expect(found.outcome).toBe('PASSED');
    expect(found.message).toContain('x:Y');
  });
});

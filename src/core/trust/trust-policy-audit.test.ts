import type { Principal } from '../aws/arn';
import { auditTrustPolicy } from './trust-policy-audit';

const gateway: Principal = {
  partition: 'AWS',
  awsAccountId: '999999999999',
  arn: 'arn:aws:iam::999999999999:role/svc/gateway',
};
const ROOT = 'arn:aws:iam::999999999999:root';
const OTHER = 'arn:aws:iam::999999999999:role/staging';

/** A statement that trusts the gateway as it should, changed as a test needs it. */
function statement(changes: object = {}, condition: object = {}) {
  return {
    Effect: 'Allow',
    Principal: { AWS: ROOT },
    Action: 'sts:AssumeRole',
    Condition: { StringEquals: { 'sts:ExternalId': 'own', ...condition } },
    ...changes,
  };
}

const audit = (...statements: object[]) =>
  auditTrustPolicy({ Version: '2012-10-17', Statement: statements }, gateway, ['own', 'retired']);

describe('the audit of a trust policy', () => {
  it.each<[string, object]>([
    ['the account’s own ID', statement()],
    ['both IDs of a rotation', statement({}, { 'sts:ExternalId': ['own', 'retired'] })],
    ['the gateway by name', statement({}, { 'aws:PrincipalArn': gateway.arn })],
    ['somebody else', statement({ Principal: { AWS: 'arn:aws:iam::111111111111:root' }, Condition: {} })],
    ['a service', statement({ Principal: { Service: 'ec2.amazonaws.com' }, Condition: {} })],
    ['a denial', statement({ Effect: 'Deny', Condition: {} })],
    ['tags alone', statement({ Action: 'sts:TagSession', Condition: {} })],
    ['all but this action', statement({ Action: undefined, NotAction: 'sts:Assume*', Condition: {} })],
    ['a pattern of other actions', statement({ Action: 'sts:AssumeRoleWith*', Condition: {} })],
    ['another gateway', statement({}, { 'aws:PrincipalArn': OTHER, 'sts:ExternalId': 'theirs' })],
  ])('finds no fault with %s', (_, one) => expect(audit(statement(), one)).toEqual([]));

  it.each<[string, object]>([
    ['a foreign ID in a list', statement({}, { 'sts:ExternalId': ['own', 'theirs'] })],
    ['another letter case', statement({}, { 'sts:ExternalId': 'OWN' })],
    [
      'a foreign ID, any case of its key',
      statement({ Condition: { StringEquals: { 'STS:externalid': 'x' } } }),
    ],
    ['no condition', statement({ Condition: undefined })],
    ['a pattern', statement({ Condition: { StringLike: { 'sts:ExternalId': 'own*' } } })],
    [
      'an ID that may be missing',
      statement({ Condition: { StringEqualsIfExists: { 'sts:ExternalId': 'own' } } }),
    ],
    ['everybody', statement({ Principal: '*', Condition: {} })],
    ['everybody in a list', statement({ Principal: { AWS: [OTHER, '*'] }, Condition: {} })],
    ['the account’s number', statement({ Principal: { AWS: '999999999999' }, Condition: {} })],
    ['the principal itself', statement({ Principal: { AWS: [gateway.arn] }, Condition: {} })],
    ['every action', statement({ Action: ['ec2:*', 'STS:*'], Condition: {} })],
    ...['*', 'sts:A*', 'sts:Assume*', 'sts:?ssumeRole', 'STS:assumerole*'].map((Action): [string, object] => [
      `a foreign ID with the action ${Action}`,
      statement({ Action }, { 'sts:ExternalId': ['own', 'theirs'] }),
    ]),
    ['every action but others', statement({ Action: undefined, NotAction: 'sts:TagSession', Condition: {} })],
    [
      'everybody but others',
      statement({ Principal: undefined, NotPrincipal: { AWS: OTHER }, Condition: {} }),
    ],
    [
      'a pattern that the gateway’s name may match',
      statement({
        Condition: { ArnLike: { 'aws:PrincipalArn': [OTHER, 'arn:aws:iam::999999999999:role/*'] } },
      }),
    ],
    [
      'a list with the gateway',
      statement({}, { 'aws:PrincipalArn': [OTHER, gateway.arn], 'sts:ExternalId': 'x' }),
    ],
    ['others by a negation', statement({ Condition: { ArnNotEquals: { 'aws:PrincipalArn': OTHER } } })],
  ])('finds %s', (_, one) => expect(audit(statement(), one)).toHaveLength(1));

  it('takes a statement that stands alone, and nothing for no statement', () => {
    const alone = { Statement: statement({ Condition: {} }) };
    expect(auditTrustPolicy(alone, gateway, ['own'])).toHaveLength(1);
    expect(auditTrustPolicy(null, gateway, ['own'])).toEqual([]);
  });

  it('names the partition’s own account', () => {
    const china: Principal = {
      ...gateway,
      partition: 'AWS_CN',
      arn: 'arn:aws-cn:iam::999999999999:role/gateway',
    };
    const of = (AWS: string) => ({ Statement: [statement({ Principal: { AWS }, Condition: {} })] });
    expect(auditTrustPolicy(of('arn:aws-cn:iam::999999999999:root'), china, ['own'])).toHaveLength(1);
    expect(auditTrustPolicy(of(ROOT), china, ['own'])).toEqual([]);
  });
});

import type { Principal } from '../aws/arn';
import { auditTrustPolicy } from './trust-policy-audit';

const gateway: Principal = {
  partition: 'AWS',
  awsAccountId: '999999999999',
  arn: 'arn:aws:iam::999999999999:role/svc/gateway',
};
const ROOT = 'arn:aws:iam::999999999999:root';
const OTHER = 'arn:aws:iam::999999999999:role/staging';
/** The probe was not from there; another call may be. */
const FROM = { IpAddress: { 'aws:SourceIp': '192.0.2.0/24' } };

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
    [
      'a pattern of other gateways',
      statement({
        Condition: {
          ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::999999999999:role/staging-*' },
          StringEquals: { 'sts:ExternalId': 'theirs' },
        },
      }),
    ],
    [
      'another AWS account among everybody',
      statement({ Principal: '*' }, { 'aws:PrincipalAccount': '111111111111', 'sts:ExternalId': 'theirs' }),
    ],
    ['no condition, as the probe without an ID was refused', statement({ Condition: undefined })],
    [
      'everybody in an organization, likewise',
      statement({ Principal: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-theirs' } } }),
    ],
  ])('finds no fault with %s', (_, one) => expect(audit(statement(), one)).toEqual([]));

  it.each<[string, object]>([
    ['a foreign ID in a list', statement({}, { 'sts:ExternalId': ['own', 'theirs'] })],
    ['another letter case', statement({}, { 'sts:ExternalId': 'OWN' })],
    [
      'a foreign ID, any case of its key',
      statement({ Condition: { StringEquals: { 'STS:externalid': 'x' } } }),
    ],
    ['a pattern', statement({ Condition: { StringLike: { 'sts:ExternalId': 'own*' } } })],
    [
      'an ID that may be missing',
      statement({ Condition: { StringEqualsIfExists: { 'sts:ExternalId': 'own' } } }),
    ],
    ['no ID where the probe may not have been meant', statement({ Condition: FROM })],
    [
      'a foreign ID within an organization, which may be the gateway’s',
      statement({}, { 'aws:PrincipalOrgID': 'o-any', 'sts:ExternalId': 'theirs' }),
    ],
    ['everybody', statement({ Principal: '*', Condition: FROM })],
    ['everybody in a list', statement({ Principal: { AWS: [OTHER, '*'] }, Condition: FROM })],
    ['the account’s number', statement({ Principal: { AWS: '999999999999' }, Condition: FROM })],
    ['the principal itself', statement({ Principal: { AWS: [gateway.arn] }, Condition: FROM })],
    ['every action', statement({ Action: ['ec2:*', 'STS:*'], Condition: FROM })],
    ...['*', 'sts:A*', 'sts:Assume*', 'sts:?ssumeRole', 'STS:assumerole*'].map((Action): [string, object] => [
      `a foreign ID with the action ${Action}`,
      statement({ Action }, { 'sts:ExternalId': ['own', 'theirs'] }),
    ]),
    [
      'every action but others',
      statement({ Action: undefined, NotAction: 'sts:TagSession', Condition: FROM }),
    ],
    [
      'everybody but others',
      statement({ Principal: undefined, NotPrincipal: { AWS: OTHER }, Condition: FROM }),
    ],
    [
      'a pattern that the gateway’s name may match',
      statement({
        Condition: {
          ArnLike: { 'aws:PrincipalArn': [OTHER, 'arn:aws:iam::999999999999:role/*'] },
          StringEquals: { 'sts:ExternalId': 'theirs' },
        },
      }),
    ],
    [
      'a list with the gateway',
      statement({}, { 'aws:PrincipalArn': [OTHER, gateway.arn], 'sts:ExternalId': 'x' }),
    ],
    [
      'others by a negation',
      statement({
        Condition: {
          ArnNotEquals: { 'aws:PrincipalArn': OTHER },
          StringEquals: { 'sts:ExternalId': 'theirs' },
        },
      }),
    ],
  ])('finds %s', (_, one) => expect(audit(statement(), one)).toHaveLength(1));

  it('takes a statement that stands alone, and nothing for no statement', () => {
    const alone = { Statement: statement({ Condition: FROM }) };
    expect(auditTrustPolicy(alone, gateway, ['own'])).toHaveLength(1);
    expect(auditTrustPolicy(null, gateway, ['own'])).toEqual([]);
  });

  it('names the partition’s own account', () => {
    const china: Principal = {
      ...gateway,
      partition: 'AWS_CN',
      arn: 'arn:aws-cn:iam::999999999999:role/gateway',
    };
    const of = (AWS: string) => ({ Statement: [statement({ Principal: { AWS }, Condition: FROM })] });
    expect(auditTrustPolicy(of('arn:aws-cn:iam::999999999999:root'), china, ['own'])).toHaveLength(1);
    expect(auditTrustPolicy(of(ROOT), china, ['own'])).toEqual([]);
  });
});

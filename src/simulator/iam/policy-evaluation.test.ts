import { parsePolicyDocument, MalformedPolicy } from './parse-policy';
import { evaluatePolicies, evaluatePolicy, type PolicyRequest } from './policy-evaluation';

function decide(statements: object | object[], request: Partial<PolicyRequest> = {}): string {
  const policy = parsePolicyDocument({ Version: '2012-10-17', Statement: statements });
  return evaluatePolicy(policy, { action: 'ec2:DescribeInstances', resource: '*', context: {}, ...request });
}

const allow = { Effect: 'Allow', Action: 'ec2:DescribeInstances', Resource: '*' };

test.each<[string, object | object[], string]>([
  ['the very action', allow, 'allow'],
  ['another action', { ...allow, Action: 'ec2:DescribeVolumes' }, 'implicitDeny'],
  ['a list of actions', { ...allow, Action: ['rds:*', 'ec2:Describe*'] }, 'allow'],
  ['another letter case', { ...allow, Action: 'EC2:describeinstances' }, 'allow'],
  ['a question mark', { ...allow, Action: 'ec2:DescribeInstance?' }, 'allow'],
  ['a dot is no wildcard', { ...allow, Action: 'ec2.DescribeInstances' }, 'implicitDeny'],
  ['NotAction of another service', { Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }, 'allow'],
  ['NotAction of this service', { Effect: 'Allow', NotAction: ['ec2:*'], Resource: '*' }, 'implicitDeny'],
  ['a deny after the allow', [allow, { ...allow, Effect: 'Deny' }], 'explicitDeny'],
  ['a deny before the allow', [{ ...allow, Effect: 'Deny' }, allow], 'explicitDeny'],
  ['a statement without resource', { Effect: 'Allow', Action: '*' }, 'implicitDeny'],
  ['an ARN where the call has none', { ...allow, Resource: 'arn:aws:ec2:*:*:instance/*' }, 'implicitDeny'],
])('actions: %s', (_name, statements, expected) => {
  expect(decide(statements)).toBe(expected);
});

test.each<[string, string, string]>([
  ['arn:aws:rds:*:*:db:*', 'allow', 'Resource'],
  ['arn:aws:rds:eu-west-1:111111111111:db:orders', 'allow', 'Resource'],
  ['arn:aws:rds:eu-west-1:111111111111:db:other', 'implicitDeny', 'Resource'],
  ['arn:aws:rds:*:*:db:*', 'implicitDeny', 'NotResource'],
  ['arn:aws:rds:us-east-1:*:*', 'allow', 'NotResource'],
])('resources: %s %s', (pattern, expected, element) => {
  const resource = 'arn:aws:rds:eu-west-1:111111111111:db:orders';
  expect(decide({ Effect: 'Allow', Action: '*', [element]: pattern }, { resource })).toBe(expected);
});

test.each<[object, Record<string, string>, boolean]>([
  [{ StringEquals: { 'sts:ExternalId': 'a' } }, { 'sts:ExternalId': 'a' }, true],
  [{ StringEquals: { 'STS:externalid': 'a' } }, { 'sts:ExternalId': 'a' }, true],
  [{ StringEquals: { 'sts:ExternalId': 'a' } }, { 'sts:ExternalId': 'A' }, false],
  [{ StringEquals: { 'sts:ExternalId': 'a' } }, {}, false],
  [{ StringEquals: { 'sts:ExternalId': ['a', 'b'] } }, { 'sts:ExternalId': 'b' }, true],
  [{ StringEquals: { x: 'a', y: 'b' } }, { x: 'a', y: 'c' }, false],
  [{ StringEquals: { x: 'a' }, StringLike: { y: 'b*' } }, { x: 'a', y: 'bc' }, true],
  [{ StringEquals: { x: 'a*' } }, { x: 'ab' }, false],
  [{ StringLike: { x: 'a*c?' } }, { x: 'abbcd' }, true],
  [{ StringLike: { x: 'a*' } }, { x: 'A' }, false],
  [{ StringLike: { x: '*' } }, {}, false],
  [{ StringEqualsIgnoreCase: { x: 'ABC' } }, { x: 'abc' }, true],
  [{ StringNotEquals: { x: ['a', 'b'] } }, { x: 'b' }, false],
  [{ StringNotEquals: { x: 'a' } }, {}, true],
  [{ StringNotLike: { x: 'a*' } }, { x: 'b' }, true],
  [{ StringEqualsIfExists: { x: 'a' } }, {}, true],
  [{ StringEqualsIfExists: { x: 'a' } }, { x: 'b' }, false],
  [{ Null: { x: 'true' } }, {}, true],
  [{ Null: { x: 'true' } }, { x: 'a' }, false],
  [{ Null: { x: false } }, { x: 'a' }, true],
  [{ ArnEquals: { x: 'arn:aws:iam::1:role/*' } }, { x: 'arn:aws:iam::1:role/path/name' }, true],
  [{ ArnLike: { x: 'arn:aws:iam::*:role/name' } }, { x: 'arn:aws:iam::1:role/name' }, true],
  [{ ArnLike: { x: 'arn:*:role/name' } }, { x: 'arn:aws:iam::1:role/name' }, false],
  [{ ArnNotLike: { x: 'arn:aws:iam::1:*' } }, { x: 'arn:aws:iam::2:role/name' }, true],
  [{ DateLessThan: { t: '2026-01-01T00:00:00Z' } }, { t: '2025-12-31T23:59:59Z' }, true],
  [{ DateLessThan: { t: '2026-01-01T00:00:00Z' } }, { t: '2026-01-01T00:00:00.000Z' }, false],
  [{ DateGreaterThanEquals: { t: '1767225600' } }, { t: '2026-01-01T00:00:00Z' }, true],
  [{ Bool: { x: 'false' } }, { x: 'False' }, true],
  [{ Bool: { x: true } }, { x: 'true' }, true],
  [{ Bool: { x: 'true' } }, { x: 'false' }, false],
  [{ Bool: { x: 'true' } }, {}, false],
  [{ BoolIfExists: { x: 'true' } }, {}, true],
  [{ Null: { x: 'false' } }, {}, false],
  [{ StringEqualsIgnoreCase: { x: 'ABC' } }, {}, false],
  [{ StringEqualsIgnoreCaseIfExists: { x: 'ABC' } }, { x: 'abd' }, false],
  [{ StringLikeIfExists: { x: 'a*' } }, {}, true],
  [{ StringLikeIfExists: { x: 'a*' } }, { x: 'b' }, false],
  [{ StringLike: { x: ['a*', 'b*'] } }, { x: 'ba' }, true],
  [{ StringLike: { x: 'a.c' } }, { x: 'abc' }, false],
  [{ StringLike: { x: '' } }, { x: '' }, true],
  [{ StringNotEqualsIgnoreCase: { x: 'A' } }, { x: 'a' }, false],
  [{ StringNotEqualsIfExists: { x: 'a' } }, { x: 'a' }, false],
  [{ StringEquals: { x: 'a' }, Null: { y: 'true' } }, { x: 'a', y: 'b' }, false],
  [{ ArnEquals: { p: 'arn:aws:iam::1:role/name' } }, { p: 'arn:aws:iam::1:role/Name' }, false],
  [{ ArnEquals: { p: 'arn:aws:iam::1:role/name' } }, { p: 'arn:aws-cn:iam::1:role/name' }, false],
  [
    { ArnEquals: { p: ['arn:aws:iam::1:role/a', 'arn:aws:iam::1:role/b'] } },
    { p: 'arn:aws:iam::1:role/b' },
    true,
  ],
  [{ ArnLike: { p: 'arn:aws:iam::1:role/team/*' } }, { p: 'arn:aws:iam::1:role/other/name' }, false],
  [{ ArnLike: { p: 'arn:aws*:iam::1:role/?' } }, { p: 'arn:aws-us-gov:iam::1:role/a' }, true],
  [{ ArnLike: { p: 'arn:aws:iam::1:role/a' } }, {}, false],
  [{ ArnNotEquals: { p: 'arn:aws:iam::1:role/a' } }, { p: 'arn:aws:iam::1:role/a' }, false],
  [{ DateLessThan: { t: '2026-01-01T00:00:00Z' } }, {}, false],
  [{ DateLessThanIfExists: { t: '2026-01-01T00:00:00Z' } }, {}, true],
  [{ DateLessThan: { t: '2026-01-01T01:00:00+01:00' } }, { t: '2025-12-31T23:59:59.999Z' }, true],
])('conditions: %j with %j is %s', (condition, context, holds) => {
  expect(decide({ ...allow, Condition: condition }, { context })).toBe(holds ? 'allow' : 'implicitDeny');
});

test.each<[string, object[], string]>([
  ['none', [], 'implicitDeny'],
  ['one that allows', [{ ...allow, Action: 'rds:*' }, allow], 'allow'],
  ['a deny in the last', [allow, { ...allow, Effect: 'Deny' }], 'explicitDeny'],
  ['a deny in the first', [{ ...allow, Effect: 'Deny' }, allow], 'explicitDeny'],
  ['none that covers the action', [{ ...allow, Action: 'rds:*' }], 'implicitDeny'],
])('several policies: %s', (_name, statements, expected) => {
  const policies = statements.map((Statement) => parsePolicyDocument({ Statement }));
  const request = { action: 'ec2:DescribeInstances', resource: '*', context: {} };
  expect(evaluatePolicies(policies, request)).toBe(expected);
});

test.each<[string, unknown]>([
  ['text that is not JSON', '{'],
  ['a list', []],
  ['an unknown version', { Version: '2020-01-01', Statement: allow }],
  ['no statement', { Version: '2012-10-17' }],
  ['an empty list of statements', { Statement: [] }],
  ['a statement of text', { Statement: ['allow'] }],
  ['an unknown effect', { Statement: { ...allow, Effect: 'allow' } }],
  ['both Action and NotAction', { Statement: { ...allow, NotAction: 'x' } }],
  ['neither', { Statement: { Effect: 'Allow', Resource: '*' } }],
  ['an action that is an object', { Statement: { ...allow, Action: {} } }],
  ['an operator that nobody knows', { Statement: { ...allow, Condition: { StringSimilar: { a: 'b' } } } }],
  ['an operator of the prototype', { Statement: { ...allow, Condition: { toString: { a: 'b' } } } }],
  ['NullIfExists', { Statement: { ...allow, Condition: { NullIfExists: { a: 'true' } } } }],
  ['a principal by exception', { Statement: { ...allow, NotPrincipal: { AWS: '1' } } }],
  ['a misspelt element', { Statement: { ...allow, Conditions: {} } }],
  ['conditions in a list', { Statement: { ...allow, Condition: [] } }],
])('malformed: %s', (_name, document) => {
  expect(() => parsePolicyDocument(document)).toThrow(MalformedPolicy);
});

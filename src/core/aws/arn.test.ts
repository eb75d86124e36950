import { MALFORMED_ROLE_ARNS } from '../../../test/support/malformed-role-arns';
import { parseRoleArn, principalOf, rolePath, roleSessionOf } from './arn';

describe('parseRoleArn', () => {
  it.each([
    ['arn:aws:iam::123456789012:role/rolecall', 'AWS', 'rolecall'],
    ['arn:aws:iam::123456789012:role/team/read/rolecall', 'AWS', 'rolecall'],
    ['arn:aws-us-gov:iam::123456789012:role/a+b=c,d.e@f-g', 'AWS_US_GOV', 'a+b=c,d.e@f-g'],
    ['arn:aws-cn:iam::123456789012:role/x', 'AWS_CN', 'x'],
  ])('reads %s', (arn, partition, roleName) => {
    expect(parseRoleArn(arn)).toEqual({ arn, partition, roleName, awsAccountId: '123456789012' });
  });

  it.each(MALFORMED_ROLE_ARNS)('refuses %j', (arn) => {
    expect(parseRoleArn(arn)).toBeNull();
  });
});

describe('rolePath', () => {
  it.each([
    ['arn:aws:iam::123456789012:role/rolecall', '/'],
    ['arn:aws:iam::123456789012:role/team/read/rolecall', '/team/read/'],
    ['arn:aws:iam::123456789012:role/a:role/rolecall/rolecall', '/a:role/rolecall/'],
  ])('of %s is %s', (arn, path) => expect(rolePath(parseRoleArn(arn)!)).toBe(path));
});

describe('principalOf', () => {
  it.each([
    ['arn:aws:iam::999999999999:user/ops/rolecall', 'AWS'],
    ['arn:aws-cn:iam::999999999999:role/svc/rolecall', 'AWS_CN'],
    ['arn:aws-us-gov:iam::999999999999:role/a:b/rolecall', 'AWS_US_GOV'],
    ['arn:aws:iam::999999999999:root', 'AWS'],
  ])('keeps %s', (arn, partition) => {
    expect(principalOf(arn)).toEqual({ arn, partition, awsAccountId: '999999999999' });
  });

  it.each([
    '',
    'arn:aws:iam::999:user/x',
    'arn:aws:iam::999999999999:role/a b',
    'arn:aws:iam::999999999999:role/x\n',
    'arn:aws-iso:iam::999999999999:role/x',
    'arn:aws:s3:::bucket',
    'arn:aws:sts::999999999999:federated-user/x',
    'arn:aws:sts::999999999999:assumed-role/gateway/i-0abc',
  ])('knows no principal in %j', (arn) => expect(principalOf(arn)).toBeNull());
});

describe('roleSessionOf', () => {
  it('tells the role, which may have a path', () => {
    expect(roleSessionOf('arn:aws-cn:sts::999999999999:assumed-role/gateway/i-0abc')).toEqual({
      partition: 'AWS_CN',
      awsAccountId: '999999999999',
      roleName: 'gateway',
    });
  });

  it.each([
    'arn:aws:iam::999999999999:role/gateway',
    'arn:aws:sts::999999999999:federated-user/x',
    'arn:aws:sts::999999999999:assumed-role/gateway',
  ])('finds no session in %s', (arn) => expect(roleSessionOf(arn)).toBeNull());
});

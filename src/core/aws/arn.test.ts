import { MALFORMED_ROLE_ARNS } from '../../../test/support/malformed-role-arns';
import { parseRoleArn, principalOf } from './arn';

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

describe('principalOf', () => {
  it('turns a session into its role', () => {
    const principal = principalOf('arn:aws:sts::999999999999:assumed-role/gateway/i-0abc');
    expect(principal).toEqual({
      partition: 'AWS',
      awsAccountId: '999999999999',
      arn: 'arn:aws:iam::999999999999:role/gateway',
    });
  });

  it.each(['arn:aws:iam::999999999999:user/ops/rolecall', 'arn:aws-cn:iam::999999999999:role/svc/rolecall'])(
    'keeps %s',
    (arn) => expect(principalOf(arn)?.arn).toBe(arn),
  );

  it.each([
    '',
    'arn:aws:iam::999:user/x',
    'arn:aws:s3:::bucket',
    'arn:aws:sts::999999999999:federated-user/x',
  ])('knows no principal in %j', (arn) => expect(principalOf(arn)).toBeNull());
});

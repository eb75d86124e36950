import { InvalidInputError } from '../errors';
import type { AccountSettings } from './account';
import { judgeAccessKey, judgeAwsAccountId, judgeRoleArn, judgeSettings } from './account-input';

const plugins = {
  names: () => ['ec2', 'rds'],
  metricNames: () => new Set(['CPUUtilization', 'CPUUtilization:Average']),
};
const judge = (settings: Partial<AccountSettings>) => judgeSettings(settings, 'AWS', plugins);

function refusal(work: () => unknown): InvalidInputError {
  try {
    work();
  } catch (error) {
    if (error instanceof InvalidInputError) return error;
    throw error;
  }
  throw new Error('It was accepted');
}

describe('judgeSettings', () => {
  it('accepts, trims and sorts', () => {
    expect(
      judge({
        name: ' Shop ',
        regions: ['us-east-1', 'eu-west-1', 'us-east-1'],
        plugins: ['rds', 'ec2'],
        tagFilter: [{ key: 'env', values: ['prod'] }],
        metricProfiles: [
          { plugin: 'ec2', level: 'CUSTOM', metrics: ['CPUUtilization:Average'], periodSeconds: 60 },
        ],
        labels: { team: 'a' },
        monthlyBudgetUsd: null,
      }),
    ).toEqual({
      name: 'Shop',
      regions: ['eu-west-1', 'us-east-1'],
      plugins: ['ec2', 'rds'],
      tagFilter: [{ key: 'env', values: ['prod'] }],
      metricProfiles: [
        { plugin: 'ec2', level: 'CUSTOM', metrics: ['CPUUtilization:Average'], periodSeconds: 60 },
      ],
      labels: { team: 'a' },
      monthlyBudgetUsd: null,
    });
  });

  it('leaves out what was not given', () => expect(judge({})).toEqual({}));

  it.each<[Partial<AccountSettings>, string, string]>([
    [{ name: '  ' }, 'RC_ACCOUNT_NAME_INVALID', 'name'],
    [{ name: 'x'.repeat(129) }, 'RC_ACCOUNT_NAME_INVALID', 'name'],
    [{ regions: ['cn-north-1'] }, 'RC_ACCOUNT_REGION_INVALID', 'regions'],
    [{ regions: ['us-gov-west-1'] }, 'RC_ACCOUNT_REGION_INVALID', 'regions'],
    [{ regions: ['eu-central-1/../..'] }, 'RC_ACCOUNT_REGION_INVALID', 'regions'],
    [{ plugins: ['s3'] }, 'RC_ACCOUNT_PLUGIN_UNKNOWN', 'plugins'],
    [{ tagFilter: [{ key: '', values: null }] }, 'RC_ACCOUNT_TAG_FILTER_INVALID', 'tagFilter'],
    [
      { metricProfiles: [{ plugin: 'ec2', level: 'CUSTOM', metrics: [], periodSeconds: 300 }] },
      'RC_ACCOUNT_METRIC_PROFILE_INVALID',
      'metricProfiles',
    ],
    [
      { metricProfiles: [{ plugin: 'ec2', level: 'CORE', metrics: ['CPUUtilization'], periodSeconds: 300 }] },
      'RC_ACCOUNT_METRIC_PROFILE_INVALID',
      'metricProfiles',
    ],
    [
      { metricProfiles: [{ plugin: 'ec2', level: 'CUSTOM', metrics: ['Nope'], periodSeconds: 300 }] },
      'RC_ACCOUNT_METRIC_PROFILE_INVALID',
      'metricProfiles',
    ],
    [
      { metricProfiles: [{ plugin: 'ec2', level: 'CORE', metrics: [], periodSeconds: 30 as 60 }] },
      'RC_ACCOUNT_METRIC_PROFILE_INVALID',
      'metricProfiles',
    ],
    [{ labels: { a: 1 as unknown as string } }, 'RC_ACCOUNT_LABELS_INVALID', 'labels'],
    [{ monthlyBudgetUsd: -1 }, 'RC_ACCOUNT_BUDGET_INVALID', 'monthlyBudgetUsd'],
    [{ monthlyBudgetUsd: NaN }, 'RC_ACCOUNT_BUDGET_INVALID', 'monthlyBudgetUsd'],
  ])('refuses %j', (settings, code, field) => {
    expect(refusal(() => judge(settings))).toMatchObject({ code, path: ['input', field] });
  });
});

describe('judgeRoleArn', () => {
  const arn = 'arn:aws:iam::123456789012:role/rolecall';

  it('accepts a role of the account', () => {
    expect(judgeRoleArn(arn, 'AWS', '123456789012').awsAccountId).toBe('123456789012');
    expect(judgeRoleArn(arn, 'AWS', null).roleName).toBe('rolecall');
  });

  it('refuses another account’s and another partition’s', () => {
    expect(refusal(() => judgeRoleArn(arn, 'AWS', '210987654321')).message).toContain('210987654321');
    expect(refusal(() => judgeRoleArn(arn, 'AWS_CN', null)).message).toContain('aws-cn');
  });
});

describe('judgeAccessKey', () => {
  const key = { accessKeyId: `AKIA${'A'.repeat(16)}`, secretAccessKey: 's'.repeat(40) };

  it('accepts a key of an IAM user', () => expect(judgeAccessKey(key)).toEqual(key));

  it.each([
    { ...key, accessKeyId: `ASIA${'A'.repeat(16)}` },
    { ...key, secretAccessKey: 'topsecret' },
  ])('refuses others without quoting them', (wrong) => {
    const { message } = refusal(() => judgeAccessKey(wrong));
    expect(message).not.toContain(wrong.secretAccessKey);
    expect(message).not.toContain(wrong.accessKeyId);
  });
});

describe('judgeAwsAccountId', () => {
  it.each(['12345678901', '1234567890123', '12345678901x', ''])('refuses %j', (value) => {
    expect(refusal(() => judgeAwsAccountId(value)).code).toBe('RC_ACCOUNT_AWS_ID_INVALID');
  });
});

import fc from 'fast-check';
import type { Account, ExternalId, ExternalIdState, Partition } from '../../src/core/accounts/account';
import type { Onboarding } from '../../src/core/accounts/onboarding';
import { OnboardingDocuments } from '../../src/core/accounts/onboarding-documents';
import { principalOf } from '../../src/core/aws/arn';
import { PARTITIONS } from '../../src/core/aws/partition';
import { auditTrustPolicy } from '../../src/core/trust/trust-policy-audit';
import { accountFixture } from '../support/account-fixture';
import { CustomerShell } from './aws-cli';
import { readCalls, readCloudFormation, readTerraform, type WrittenRole } from './read-back';

const ACTIVE = '6b6e2c34-0f0a-4f5e-9d6c-3a0f2f1c7d11';
const PENDING = '0d5bd6a0-87a4-4b5f-8d0c-2b0de1ed60aa';
const RETIRED = 'a2a4dd0c-30bb-4d6f-8d8b-d3f0a54f7f1e';

function externalId(value: string, state: ExternalIdState, changes: Partial<ExternalId> = {}): ExternalId {
  const unset = { retiredAt: null, acceptedAt: null, refusedAt: null };
  return { value, state, createdAt: 0, activatedAt: state === 'PENDING' ? null : 0, ...unset, ...changes };
}

/** What the customer has to do, by how far the account is. */
const STAGES = {
  new: { roleArn: null, status: 'AWAITING_ROLE', externalIds: [externalId(ACTIVE, 'ACTIVE')] },
  settled: { externalIds: [externalId(ACTIVE, 'ACTIVE'), externalId(RETIRED, 'RETIRED', { refusedAt: 1 })] },
  rotating: { externalIds: [externalId(ACTIVE, 'ACTIVE'), externalId(PENDING, 'PENDING')] },
  promoted: { externalIds: [externalId(ACTIVE, 'ACTIVE'), externalId(RETIRED, 'RETIRED')] },
} satisfies Record<string, Partial<Account>>;
type Stage = keyof typeof STAGES;

const ACTIONS = ['ec2:DescribeInstances', 'rds:DescribeDBInstances'];

function documentsOf(
  account: Account,
  principalArn = 'arn:aws:iam::999999999999:role/gateway',
  actions: readonly string[] = ACTIONS,
): Promise<Onboarding | null> {
  const documents = new OnboardingDocuments({
    identity: { principal: async () => principalOf(principalArn) },
    pluginActions: () => actions,
  });
  return documents.of(account);
}

/** Runs the commands in a shell of its own. */
function paste(
  onboarding: Onboarding,
  roleArn: string,
  hasRole: boolean,
  environment?: Record<string, string>,
) {
  const shell = new CustomerShell({ roleArn, hasRole });
  try {
    return shell.paste(onboarding.awsCliCommands, environment);
  } finally {
    shell.close();
  }
}

const printable = fc.stringMatching(/^[!-.0-~]{1,20}$/);
const awkward = fc.constantFrom(
  "'",
  '"',
  "';touch${IFS}x;'",
  '$(touch${IFS}x)',
  '`touch>x`',
  '${aws_iam_role.rolecall.arn}',
  '$${x}',
  '%{if}',
  '\\',
  '\\u0027',
  '!!',
  '#',
  '*?',
  '{{resolve:ssm:x}}',
  '"})',
  'ROLE_ARN',
);
const rolePath = fc
  .array(fc.oneof(printable, awkward), { maxLength: 3 })
  .map((segments) => `/${segments.map((segment) => `${segment.replaceAll('/', '')}/`).join('')}`);
const roleName = fc.stringMatching(/^[\w+=,.@-]{1,64}$/);
const partition = fc.constantFrom(...(Object.keys(PARTITIONS) as Partition[]));
const stage = fc.constantFrom(...(Object.keys(STAGES) as Stage[]));

describe('the documents of an onboarding', () => {
  it('say the same in every syntax, whatever paths and names there are', async () => {
    await fc.assert(
      fc.asyncProperty(
        partition,
        stage,
        fc.record({ path: rolePath, name: roleName, gatewayPath: rolePath, known: fc.boolean() }),
        async (inPartition, at, { path, name, gatewayPath, known }) => {
          const { arn } = PARTITIONS[inPartition];
          const roleArn = `arn:${arn}:iam::123456789012:role${path}${name}`;
          const account = accountFixture({ partition: inPartition, roleArn, ...STAGES[at] });
          if (at === 'new' && !known) account.awsAccountId = null;
          const principalArn = `arn:${arn}:iam::999999999999:role${gatewayPath}gateway`;
          const onboarding = (await documentsOf(account, principalArn))!;
          const isNew = at === 'new';
          const ownArn = isNew ? `arn:${arn}:iam::123456789012:role/rolecall` : roleArn;
          const [statement] = (onboarding.selfAuditPolicy?.Statement ?? []) as { Resource: string }[];
          const auditedArn = statement?.Resource ?? ownArn;
          const wanted: WrittenRole = {
            name: isNew ? 'rolecall' : name,
            path: isNew ? '/' : path,
            trustPolicy: onboarding.trustPolicy,
            policies: {
              'rolecall-read': onboarding.permissionPolicy,
              'rolecall-self-audit': onboarding.selfAuditPolicy ?? expect.anything(),
            },
          };
          expect(readCloudFormation(onboarding.cloudFormationTemplate, auditedArn)).toEqual(wanted);
          expect(readTerraform(onboarding.terraform, auditedArn)).toEqual(wanted);

          const run = paste(onboarding, auditedArn, !isNew);
          expect(run).toMatchObject({ status: 0, stdout: `${auditedArn}\n` });
          const told = readCalls(run);
          expect(told).toEqual({
            ...wanted,
            path: isNew ? '/' : undefined,
            policies: at === 'rotating' || at === 'promoted' ? {} : wanted.policies,
          });
        },
      ),
      { numRuns: 60 },
    );
  });

  it('hold nothing of the account’s name', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ minLength: 1, maxLength: 128, unit: 'binary' }), async (name) => {
        expect(await documentsOf(accountFixture({ name }))).toEqual(await documentsOf(accountFixture()));
      }),
    );
  });

  it.each<[Stage, string[]]>([
    ['new', [ACTIVE]],
    ['settled', [ACTIVE]],
    ['rotating', [ACTIVE, PENDING]],
    ['promoted', [ACTIVE]],
  ])('of an account that is %s trust exactly %j', async (at, accepted) => {
    const account = accountFixture(STAGES[at]);
    const { trustPolicy } = (await documentsOf(account))!;
    expect(trustPolicy).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Sid: expect.any(String),
          Effect: 'Allow',
          Principal: { AWS: 'arn:aws:iam::999999999999:root' },
          Action: 'sts:AssumeRole',
          Condition: {
            StringEquals: {
              'aws:PrincipalArn': 'arn:aws:iam::999999999999:role/gateway',
              'sts:ExternalId': accepted.length === 1 ? accepted[0] : accepted,
            },
          },
        },
      ],
    });
  });

  it.each(Object.keys(PARTITIONS) as Partition[])(
    'are read back without fault by the audit of trust policies in %s',
    async (inPartition) => {
      const { arn } = PARTITIONS[inPartition];
      const gateway = principalOf(`arn:${arn}:iam::999999999999:role/svc/gateway`)!;
      for (const at of Object.values(STAGES)) {
        const account = accountFixture({ partition: inPartition, ...at });
        const { trustPolicy } = (await documentsOf(account, gateway.arn))!;
        const ownIds = account.externalIds.map(({ value }) => value);
        expect(auditTrustPolicy(trustPolicy, gateway, ownIds)).toEqual([]);
        expect(auditTrustPolicy(trustPolicy, gateway, [])).toHaveLength(1);
      }
    },
  );

  it.each<[Partition, string]>([
    ['AWS', 'https://console.aws.amazon.com/cloudformation/home?region=us-east-1#/stacks'],
    ['AWS_US_GOV', 'https://console.amazonaws-us-gov.com/cloudformation/home?region=us-gov-west-1#/stacks'],
    ['AWS_CN', 'https://console.amazonaws.cn/cloudformation/home?region=cn-north-1#/stacks'],
  ])('lead to the console of %s: to a new stack, or to those that there are', async (inPartition, url) => {
    const urlAt = async (at: Stage) =>
      (await documentsOf(accountFixture({ partition: inPartition, ...STAGES[at] })))!
        .cloudFormationConsoleUrl;
    expect(await urlAt('new')).toBe(`${url}/create`);
    expect(await urlAt('rotating')).toBe(url);
  });

  it('name the connected role, or the one to be made', async () => {
    const roleArn = 'arn:aws:iam::123456789012:role/team/monitor';
    const connected = await documentsOf(accountFixture({ roleArn }));
    expect(connected).toMatchObject({ roleName: 'monitor', suggestedRoleArn: roleArn });
    const suggested = 'arn:aws:iam::123456789012:role/rolecall';
    expect(await documentsOf(accountFixture(STAGES.new))).toMatchObject({
      roleName: 'rolecall',
      suggestedRoleArn: suggested,
      selfAuditPolicy: { Statement: [{ Resource: suggested }] },
      gatewayAwsAccountId: '999999999999',
      gatewayPrincipalArn: 'arn:aws:iam::999999999999:role/gateway',
    });
    const unknown = await documentsOf(accountFixture({ ...STAGES.new, awsAccountId: null }));
    expect(unknown).toMatchObject({ suggestedRoleArn: null, selfAuditPolicy: null });
  });

  it.each<[string, Partial<Account>]>([
    ['an access key', { connection: 'ACCESS_KEY', roleArn: null }],
    ['a removed account', { status: 'REMOVED' }],
  ])('are not there for %s', async (_, changes) => {
    expect(await documentsOf(accountFixture(changes))).toBeNull();
  });

  it('are not there while the gateway has no identity', async () => {
    expect(await documentsOf(accountFixture(), 'nobody')).toBeNull();
  });

  it('grant the least: each action once, none by a wildcard', async () => {
    const { permissionPolicy } = (await documentsOf(accountFixture(), undefined, [...ACTIONS, ...ACTIONS]))!;
    expect(permissionPolicy).toMatchObject({
      Statement: [
        {
          Action: [
            'cloudwatch:GetMetricData',
            'cloudwatch:ListMetrics',
            'ec2:DescribeInstances',
            'ec2:DescribeRegions',
            'rds:DescribeDBInstances',
          ],
        },
      ],
    });
  });

  it('are refused, never cut, above what IAM lets a role have', async () => {
    const actions = (count: number) =>
      Array.from({ length: count }, (_, index) => `ec2:DescribeThing${index}`);
    const size = ({ permissionPolicy, selfAuditPolicy }: Onboarding) =>
      JSON.stringify(permissionPolicy).length + JSON.stringify(selfAuditPolicy).length;
    const roleArn = `arn:aws:iam::123456789012:role/${'p'.repeat(510)}/${'n'.repeat(64)}`;
    const largest = (await documentsOf(accountFixture({ roleArn }), undefined, actions(380)))!;
    expect(size(largest)).toBeLessThanOrEqual(10_240);
    await expect(documentsOf(accountFixture(), undefined, actions(400))).rejects.toMatchObject({
      code: 'RC_PERMISSION_POLICY_TOO_LARGE',
    });
  });

  it('trust within what IAM allows by default, with the longest path there is', async () => {
    const principalArn = `arn:aws-us-gov:iam::999999999999:role/${'p'.repeat(510)}/${'n'.repeat(64)}`;
    const { trustPolicy } = (await documentsOf(accountFixture(STAGES.rotating), principalArn))!;
    expect(JSON.stringify(trustPolicy).length).toBeLessThan(2_048);
  });
});

describe('the commands of the AWS CLI', () => {
  const roleArn = 'arn:aws:iam::123456789012:role/rolecall';

  it('may be pasted twice: the role is made once', async () => {
    const { awsCliCommands } = (await documentsOf(accountFixture({ ...STAGES.new, awsAccountId: null })))!;
    const shell = new CustomerShell({ roleArn });
    const [first, second] = [shell.paste(awsCliCommands), shell.paste(awsCliCommands)];
    shell.close();
    const made = (run: typeof first) => run.calls.filter(([, command]) => command === 'create-role').length;
    expect([made(first), made(second)]).toEqual([1, 0]);
    expect(readCalls(second)).toEqual({ ...readCalls(first), path: undefined });
    expect(second.stderr).toContain('is there already');
  });

  it('leave the self-audit out when told', async () => {
    const onboarding = (await documentsOf(accountFixture(STAGES.new)))!;
    const { policies } = readCalls(paste(onboarding, roleArn, false, { ROLECALL_SELF_AUDIT: 'no' }));
    expect(Object.keys(policies)).toEqual(['rolecall-read']);
  });

  it('end at the first failure, and say what changes', async () => {
    const rotating = (await documentsOf(accountFixture(STAGES.rotating)))!;
    const { status, calls, stderr } = paste(rotating, roleArn, false);
    expect(status).not.toBe(0);
    expect(calls.map(([, command]) => command)).toEqual(['update-assume-role-policy', 'get-role']);
    expect(stderr).toContain('both IDs');
  });

  it('have no comment and no history expansion, which some shells would run', async () => {
    const gateway = 'arn:aws:iam::999999999999:role/!x/#y/gateway';
    for (const at of Object.values(STAGES)) {
      const { awsCliCommands } = (await documentsOf(accountFixture(at), gateway))!;
      expect(awsCliCommands).not.toMatch(/^\s*#|!/m);
    }
  });
});

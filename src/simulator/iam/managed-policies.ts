import type { PolicyDocument } from './policy-document';

/** The AWS-managed policies that can be attached, by what follows `policy/` in their ARN; roughly what AWS's hold. */
const awsManagedPolicies: Record<string, PolicyDocument> = {
  AdministratorAccess: allow(['*']),
  ReadOnlyAccess: allow(['*:Describe*', '*:Get*', '*:List*']),
  SecurityAudit: allow(['*:Describe*', '*:List*', 'iam:Get*', 'iam:Simulate*']),
  CloudWatchReadOnlyAccess: allow(['cloudwatch:Describe*', 'cloudwatch:Get*', 'cloudwatch:List*']),
  AmazonEC2ReadOnlyAccess: allow([
    'ec2:Describe*',
    'elasticloadbalancing:Describe*',
    'cloudwatch:ListMetrics',
  ]),
  AmazonRDSReadOnlyAccess: allow(['rds:Describe*', 'rds:ListTagsForResource', 'cloudwatch:GetMetricData']),
  'job-function/ViewOnlyAccess': allow(['*:Describe*', '*:List*', 'cloudwatch:Get*']),
};

function allow(actions: string[]): PolicyDocument {
  return { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: actions, Resource: '*' } };
}

/**
 * The document of an AWS-managed policy by its ARN, `arn:<partition>:iam::aws:policy/<name>`.
 * @throws Error for a policy that the simulator does not have
 */
export function managedPolicy(arn: string): PolicyDocument {
  const name = /^arn:aws(?:-us-gov|-cn)?:iam::aws:policy\/(.+)$/.exec(arn)?.[1] ?? '';
  if (!Object.hasOwn(awsManagedPolicies, name)) {
    throw new Error(
      `No such managed policy: ${arn} (there are ${Object.keys(awsManagedPolicies).join(', ')})`,
    );
  }
  return awsManagedPolicies[name];
}

/** The name of a managed policy: its ARN's last part. */
export function managedPolicyName(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}

import type { GatewayIdentity } from '../aws/gateway-identity';
import { PARTITIONS } from '../aws/partition';
import { COLLECT_ACTIONS } from '../credentials/session-policy';
import { externalIdIn, type Account, type Partition } from './account';
import type { Onboarding } from './onboarding';

/** The name that the templates give the role. */
const ROLE_NAME = 'rolecall';

type PolicyDocument = Record<string, unknown>;

/** Writes the documents with which a customer lets Rolecall in: each is generated, none is kept. */
export class OnboardingDocuments {
  constructor(
    private readonly options: {
      identity: GatewayIdentity;
      /** The IAM actions of these plugins; of all enabled ones when the list is empty. */
      pluginActions: (plugins: readonly string[]) => readonly string[];
    },
  ) {}

  /** Null for access keys, for removed accounts, and when the gateway has no identity in the partition. */
  async of(account: Account): Promise<Onboarding | null> {
    if (account.connection === 'ACCESS_KEY' || account.status === 'REMOVED') return null;
    const principal = await this.options.identity.principal(account.partition);
    if (!principal) return null;
    const trust = trustPolicy(principal, acceptedExternalIds(account));
    const permissions = permissionPolicy(this.options.pluginActions(account.plugins));
    return {
      gatewayAwsAccountId: principal.awsAccountId,
      gatewayPrincipalArn: principal.arn,
      roleName: ROLE_NAME,
      suggestedRoleArn:
        account.awsAccountId &&
        `arn:${PARTITIONS[account.partition].arn}:iam::${account.awsAccountId}:role/${ROLE_NAME}`,
      trustPolicy: trust,
      permissionPolicy: permissions,
      cloudFormationTemplate: cloudFormationTemplate(trust, permissions),
      cloudFormationConsoleUrl: cloudFormationConsoleUrl(account.partition),
    };
  }
}

function acceptedExternalIds(account: Account): string[] {
  const accepted = [externalIdIn(account, 'ACTIVE'), externalIdIn(account, 'PENDING')];
  return accepted.flatMap((externalId) => (externalId ? [externalId.value] : []));
}

/**
 * Trusts the gateway's account and narrows it to its principal by condition: a condition survives the principal's
 * deletion and re-creation, where a principal ARN would silently stop to match.
 */
function trustPolicy(
  principal: { arn: string; awsAccountId: string },
  externalIds: string[],
): PolicyDocument {
  const arnPartition = principal.arn.split(':')[1];
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'RolecallMayAssumeWithItsExternalId',
        Effect: 'Allow',
        Principal: { AWS: `arn:${arnPartition}:iam::${principal.awsAccountId}:root` },
        Action: 'sts:AssumeRole',
        Condition: {
          StringEquals: {
            'aws:PrincipalArn': principal.arn,
            'sts:ExternalId': externalIds.length === 1 ? externalIds[0] : externalIds,
          },
        },
      },
    ],
  };
}

/** The least that the plugins and the collection of metrics need. None of these reads takes a resource ARN. */
function permissionPolicy(pluginActions: readonly string[]): PolicyDocument {
  const actions = [...new Set([...COLLECT_ACTIONS, ...pluginActions])].sort();
  return {
    Version: '2012-10-17',
    Statement: [{ Sid: 'RolecallReadsInventoryAndMetrics', Effect: 'Allow', Action: actions, Resource: '*' }],
  };
}

function cloudFormationTemplate(trust: PolicyDocument, permissions: PolicyDocument): string {
  const template = {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: 'The IAM role through which Rolecall reads inventory and CloudWatch metrics',
    Resources: {
      RolecallRole: {
        Type: 'AWS::IAM::Role',
        Properties: {
          RoleName: ROLE_NAME,
          Description: 'Read by Rolecall with an external ID',
          AssumeRolePolicyDocument: trust,
          Policies: [{ PolicyName: 'rolecall-read', PolicyDocument: permissions }],
        },
      },
    },
    Outputs: {
      RoleArn: {
        Description: 'Paste this into connectAccount',
        Value: { 'Fn::GetAtt': ['RolecallRole', 'Arn'] },
      },
    },
  };
  return JSON.stringify(template, null, 2);
}

function cloudFormationConsoleUrl(partition: Partition): string {
  const { consoleHost, homeRegion } = PARTITIONS[partition];
  return `https://${consoleHost}/cloudformation/home?region=${homeRegion}#/stacks/create`;
}

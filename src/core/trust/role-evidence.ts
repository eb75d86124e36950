import {
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
  SimulatePrincipalPolicyCommand,
} from '@aws-sdk/client-iam';
import type { RoleArn } from '../aws/arn';
import type { AwsClients, ScopedCredentials } from '../aws/aws-clients';
import type { CallCounter } from '../aws/call-counter';
import { isAwsError } from '../aws/aws-error';
import { PARTITIONS } from '../aws/partition';

/** What a role may let Rolecall read of itself; the templates offer it as the optional self-audit. */
export const SELF_AUDIT_ACTIONS = [
  'iam:GetRole',
  'iam:GetRolePolicy',
  'iam:ListAttachedRolePolicies',
  'iam:ListRolePolicies',
  'iam:SimulatePrincipalPolicy',
] as const;

/** Reads of data, and writes: nothing of it has a place in a role that is monitored with. */
export const NEEDLESS_ACTIONS = [
  'dynamodb:GetItem',
  'ec2:RunInstances',
  'ec2:TerminateInstances',
  'iam:CreateAccessKey',
  'iam:PassRole',
  'kms:Decrypt',
  'lambda:InvokeFunction',
  'logs:GetLogEvents',
  'rds:DeleteDBInstance',
  's3:GetObject',
  's3:PutObject',
  'secretsmanager:GetSecretValue',
  'ssm:GetParameter',
  'sts:AssumeRole',
] as const;

/** What a role told of itself; null where it does not allow to be asked. */
export interface RoleEvidence {
  trustPolicy: unknown;
  /** ARNs of managed policies. */
  attachedPolicies: string[] | null;
  /** Actions with a wildcard that inline policies allow, such as `s3:*`. */
  wildcardActions: string[] | null;
  /** Those of NEEDLESS_ACTIONS that IAM's simulator says are allowed. */
  allowedActions: string[] | null;
}

/** Asks a role what it may do, with sessions that may read that role and nothing else. */
export async function readRoleEvidence(
  clients: AwsClients,
  role: RoleArn,
  sessions: readonly ScopedCredentials[],
  scope: { calls?: CallCounter; signal?: AbortSignal } = {},
): Promise<RoleEvidence> {
  const region = PARTITIONS[role.partition].homeRegion;
  const iam = clients.createSplit(IAMClient, sessions, { region, ...scope });
  const RoleName = role.roleName;
  const [trustPolicy, attachedPolicies, wildcardActions, allowedActions] = await Promise.all([
    readable(async () => {
      const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
      return JSON.parse(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? 'null')) as unknown;
    }),
    readable(async () => {
      const { AttachedPolicies = [] } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }));
      return AttachedPolicies.flatMap(({ PolicyArn }) => PolicyArn ?? []);
    }),
    readable(async () => {
      const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
      const documents = await Promise.all(
        PolicyNames.map(async (PolicyName) => {
          const { PolicyDocument } = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
          return JSON.parse(decodeURIComponent(PolicyDocument ?? '{}')) as unknown;
        }),
      );
      return [...new Set(documents.flatMap(wildcardsIn))].sort();
    }),
    readable(() => simulate(iam, role.arn)),
  ]);
  return { trustPolicy, attachedPolicies, wildcardActions, allowedActions };
}

/** Those of NEEDLESS_ACTIONS that a role's or user's policies allow. @throws what the SDK throws. */
export async function simulate(iam: IAMClient, principalArn: string): Promise<string[]> {
  const { EvaluationResults = [] } = await iam.send(
    new SimulatePrincipalPolicyCommand({ PolicySourceArn: principalArn, ActionNames: [...NEEDLESS_ACTIONS] }),
  );
  return EvaluationResults.flatMap(({ EvalActionName, EvalDecision }) =>
    EvalActionName && EvalDecision === 'allowed' ? EvalActionName : [],
  );
}

/** Evidence is a gift: whatever keeps it from being read, the checks go on without. */
export async function readable<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (isAwsError(error)) return null;
    throw error;
  }
}

/** Policy documents write one as itself and several as a list. */
export function listOf<T>(value: T | readonly T[] | undefined): readonly T[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? (value as readonly T[]) : [value as T];
}

interface Statement {
  Effect?: string;
  Action?: string | string[];
  NotAction?: string | string[];
}

function wildcardsIn(document: unknown): string[] {
  const { Statement: statements } = document as { Statement?: Statement | Statement[] };
  return listOf<Statement>(statements)
    .filter(({ Effect }) => Effect === 'Allow')
    .flatMap(({ Action, NotAction }) => [
      ...listOf<string>(Action).filter((action) => /^\*$|:\*$/.test(action)),
      ...(NotAction ? ['NotAction'] : []),
    ]);
}

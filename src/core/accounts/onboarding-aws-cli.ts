import { literal, selfAuditPolicy, type PolicyDocument } from './onboarding-policies';
import {
  READ_POLICY_NAME,
  SELF_AUDIT_NOTE,
  SELF_AUDIT_POLICY_NAME,
  STEP_NOTES,
  type CustomerRole,
} from './onboarding-role';

/**
 * The role as commands of the AWS CLI, for a POSIX shell: to be pasted, and pasted again without harm. They run in a
 * subshell, which the first failure ends. There are no comments in them, because zsh runs those that are pasted, and no
 * exclamation mark in a policy, because older shells expand it even between quotes that span lines.
 */
export function awsCliCommands(role: CustomerRole): string {
  const isRotation = role.step === 'ADD_EXTERNAL_ID' || role.step === 'REMOVE_EXTERNAL_ID';
  return [
    '(',
    'set -eu',
    "export AWS_PAGER=''",
    note(STEP_NOTES[role.step]),
    `ROLE_NAME=${quoted(role.name)}`,
    `TRUST_POLICY=${quotedPolicy(role.trustPolicy)}`,
    ...(role.step === 'CREATE' ? createRole(role) : [UPDATE_TRUST]),
    ...(isRotation ? [] : putPolicies(role)),
    'aws iam get-role --role-name "$ROLE_NAME" --query Role.Arn --output text',
    ')',
    '',
  ].join('\n');
}

const UPDATE_TRUST =
  'aws iam update-assume-role-policy --role-name "$ROLE_NAME" --policy-document "$TRUST_POLICY"';

function createRole(role: CustomerRole): string[] {
  return [
    'if aws iam get-role --role-name "$ROLE_NAME" > /dev/null 2>&1; then',
    `  ${note(`The role ${role.name} is there already: it gets the new policies.`)}`,
    `  ${UPDATE_TRUST}`,
    'else',
    `  aws iam create-role --role-name "$ROLE_NAME" --path ${quoted(role.path)} --description ${quoted(role.description)} --assume-role-policy-document "$TRUST_POLICY" > /dev/null`,
    'fi',
  ];
}

function putPolicies(role: CustomerRole): string[] {
  return [
    `READ_POLICY=${quotedPolicy(role.permissionPolicy)}`,
    putRolePolicy(READ_POLICY_NAME, 'READ_POLICY'),
    'if [ "${ROLECALL_SELF_AUDIT:-yes}" = yes ]; then',
    note(`${SELF_AUDIT_NOTE} Set ROLECALL_SELF_AUDIT=no to leave it out.`),
    ...selfAudit(role),
    putRolePolicy(SELF_AUDIT_POLICY_NAME, 'SELF_AUDIT_POLICY'),
    'fi',
  ];
}

/** A role of ours whose account's number is not known yet has no path: its ARN holds nothing to quote. */
function selfAudit({ arn }: CustomerRole): string[] {
  if (arn) return [`SELF_AUDIT_POLICY=${quotedPolicy(selfAuditPolicy(literal(arn)))}`];
  const [before, after] = quotedPolicy(selfAuditPolicy('ROLE_ARN')).split('ROLE_ARN');
  return [
    'ROLE_ARN=$(aws iam get-role --role-name "$ROLE_NAME" --query Role.Arn --output text)',
    `SELF_AUDIT_POLICY=${before}'"$ROLE_ARN"'${after}`,
  ];
}

function putRolePolicy(name: string, variable: string): string {
  return `aws iam put-role-policy --role-name "$ROLE_NAME" --policy-name ${quoted(name)} --policy-document "$${variable}"`;
}

/** Said to the person at the terminal. */
function note(text: string): string {
  return `echo ${quoted(text)} >&2`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

function quotedPolicy(document: PolicyDocument): string {
  return quoted(JSON.stringify(document, null, 2).replaceAll('!', '\\u0021'));
}

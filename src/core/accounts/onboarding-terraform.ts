import { selfAuditPolicy, type PolicyDocument } from './onboarding-policies';
import {
  READ_POLICY_NAME,
  SELF_AUDIT_NOTE,
  SELF_AUDIT_POLICY_NAME,
  STEP_NOTES,
  type CustomerRole,
} from './onboarding-role';

/** Stands for the role's ARN until the reference to it is put in. */
const ROLE_ARN = 'ROLE_ARN';

/**
 * The role as Terraform configuration, for any release of the AWS provider. It names no provider of its own, so it may
 * join a configuration that has one.
 */
export function terraform(role: CustomerRole): string {
  const selfAudit = jsonencode(selfAuditPolicy(ROLE_ARN)).replace(hcl(ROLE_ARN), 'aws_iam_role.rolecall.arn');
  return `# ${STEP_NOTES[role.step]}

variable "rolecall_self_audit" {
  description = ${hcl(SELF_AUDIT_NOTE)}
  type        = bool
  default     = true
}

resource "aws_iam_role" "rolecall" {
  name        = ${hcl(role.name)}
  path        = ${hcl(role.path)}
  description = ${hcl(role.description)}
  assume_role_policy = ${jsonencode(role.trustPolicy)}
}

resource "aws_iam_role_policy" "rolecall_read" {
  name = ${hcl(READ_POLICY_NAME)}
  role = aws_iam_role.rolecall.id
  policy = ${jsonencode(role.permissionPolicy)}
}

resource "aws_iam_role_policy" "rolecall_self_audit" {
  count = var.rolecall_self_audit ? 1 : 0
  name  = ${hcl(SELF_AUDIT_POLICY_NAME)}
  role  = aws_iam_role.rolecall.id
  policy = ${selfAudit}
}

output "role_arn" {
  description = "Paste this into connectAccount"
  value       = aws_iam_role.rolecall.arn
}
`;
}

/** HCL takes JSON for an expression. */
function jsonencode(document: PolicyDocument): string {
  return `jsonencode(${hcl(document).replaceAll('\n', '\n  ')})`;
}

/** JSON that is HCL as well, spaced as `terraform fmt` does: no template may begin in a string. */
function hcl(value: unknown): string {
  return JSON.stringify(value, null, 2)
    .replaceAll(/^( *"(?:[^"\\]|\\.)*"):/gm, '$1 :')
    .replaceAll(/\$(?=\{)/g, '\\u0024')
    .replaceAll(/%(?=\{)/g, '\\u0025');
}

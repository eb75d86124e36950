import { type CliRun, option } from './aws-cli';

/** A role as a text says it; undefined where the text leaves it as it is. */
export interface WrittenRole {
  name?: string;
  path?: string;
  trustPolicy?: unknown;
  /** By name. */
  policies: Record<string, unknown>;
}

interface Template {
  Resources: {
    RolecallRole: {
      Properties: {
        RoleName: string;
        Path: string;
        AssumeRolePolicyDocument: unknown;
        Policies: { PolicyName: string; PolicyDocument: unknown }[];
      };
    };
    RolecallSelfAudit: { Properties: { PolicyName: string; PolicyDocument: unknown } };
  };
}

/** As CloudFormation reads it, with every choice of the template at its default. */
export function readCloudFormation(template: string, roleArn: string): WrittenRole {
  const resolved = template.replaceAll(/\{\s*"Fn::GetAtt": \[\s*"RolecallRole",\s*"Arn"\s*\]\s*\}/g, () =>
    JSON.stringify(roleArn),
  );
  const { RolecallRole: role, RolecallSelfAudit: audit } = (JSON.parse(resolved) as Template).Resources;
  const policies = [...role.Properties.Policies, audit.Properties];
  return {
    name: role.Properties.RoleName,
    path: role.Properties.Path,
    trustPolicy: role.Properties.AssumeRolePolicyDocument,
    policies: Object.fromEntries(policies.map((one) => [one.PolicyName, one.PolicyDocument])),
  };
}

/** As Terraform reads it. @throws when a string is a template, which Terraform would evaluate. */
export function readTerraform(text: string, roleArn: string): WrittenRole {
  const template = /[$%]\{/.exec(text);
  if (template) throw new Error(`A template begins at ${text.slice(template.index, template.index + 40)}`);
  const blocks = text.split(/^(?=resource |output )/m);
  const block = (name: string) => blocks.find((one) => one.startsWith(`resource ${name} {`)) ?? '';
  const policies = ['rolecall_read', 'rolecall_self_audit'].map((name) => {
    const policy = block(`"aws_iam_role_policy" "${name}"`);
    return [attribute(policy, 'name'), encoded(policy, 'policy', roleArn)];
  });
  const role = block('"aws_iam_role" "rolecall"');
  return {
    name: attribute(role, 'name'),
    path: attribute(role, 'path'),
    trustPolicy: encoded(role, 'assume_role_policy', roleArn),
    policies: Object.fromEntries(policies) as Record<string, unknown>,
  };
}

function attribute(block: string, name: string): string {
  const [, value] = new RegExp(`^  ${name} += ("(?:[^"\\\\]|\\\\.)*")$`, 'm').exec(block) ?? [];
  return JSON.parse(value!) as string;
}

function encoded(block: string, name: string, roleArn: string): unknown {
  const [, json] = new RegExp(`^  ${name} += jsonencode\\((\\{[^]*?\\n  \\})\\)$`, 'm').exec(block) ?? [];
  return JSON.parse(json!.replace(/: aws_iam_role\.rolecall\.arn$/m, () => `: ${JSON.stringify(roleArn)}`));
}

/** As IAM is told by the AWS CLI. */
export function readCalls({ calls }: CliRun): WrittenRole {
  const written: WrittenRole = { policies: {} };
  for (const call of calls) {
    const document = JSON.parse(option(call, '--policy-document') ?? 'null') as unknown;
    switch (call.slice(0, 2).join(' ')) {
      case 'iam create-role':
        written.path = option(call, '--path');
        written.trustPolicy = JSON.parse(option(call, '--assume-role-policy-document')!);
        break;
      case 'iam update-assume-role-policy':
        written.trustPolicy = document;
        break;
      case 'iam put-role-policy':
        written.policies[option(call, '--policy-name')!] = document;
        break;
      case 'iam get-role':
        break;
      default:
        throw new Error(`An unexpected call: ${call.join(' ')}`);
    }
    written.name = option(call, '--role-name');
  }
  return written;
}

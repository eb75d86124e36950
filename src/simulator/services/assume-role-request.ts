import { MalformedPolicy, parsePolicyDocument } from '../iam/parse-policy';
import type { PolicyDocument } from '../iam/policy-document';
import { AwsError } from '../protocol/aws-error';
import type { QueryParameters } from '../protocol/query-parameters';

/** Characters of an inline session policy in plain text. */
export const maxPolicyLength = 2_048;

/** Seconds: bounds of DurationSeconds, and what holds without it. */
const durations = { min: 900, max: 43_200, default: 3_600 };

/** Lengths and patterns of STS's API model. */
const texts = {
  RoleArn: { min: 20, max: 2_048, pattern: /^[\t\n\r\x20-\x7E\x85\xA0-\uD7FF\uE000-\uFFFD]+$/ },
  RoleSessionName: { min: 2, max: 64, pattern: /^[\w+=,.@-]*$/ },
  ExternalId: { min: 2, max: 1_224, pattern: /^[\w+=,.@:/-]*$/ },
};

/** An AssumeRole request that has passed the checks of its parameters. */
interface AssumeRoleRequest {
  roleArn: string;
  sessionName: string;
  externalId: string | undefined;
  durationSeconds: number;
  policy: PolicyDocument | undefined;
  /** Characters of the policy as it was sent. */
  policyLength: number;
}

/** Reads and checks the parameters; throws ValidationError, MalformedPolicyDocument or PackedPolicyTooLarge. */
export function readAssumeRoleRequest(parameters: QueryParameters): AssumeRoleRequest {
  const roleArn = readText(parameters, 'RoleArn');
  const sessionName = readText(parameters, 'RoleSessionName');
  const externalId =
    parameters.get('ExternalId') === undefined ? undefined : readText(parameters, 'ExternalId');
  if (!/^arn:aws:iam::\d{12}:role\/[\w+=,.@/-]+$/.test(roleArn)) throw invalid(`${roleArn} is invalid`);
  if (parameters.get('PolicyArns.member.1.arn') !== undefined) {
    throw invalid('The simulator has no managed policies: PolicyArns cannot be used');
  }
  const policyText = parameters.get('Policy');
  return {
    roleArn,
    sessionName,
    externalId,
    durationSeconds: readDuration(parameters.get('DurationSeconds')),
    policy: policyText === undefined ? undefined : readPolicy(policyText),
    policyLength: policyText?.length ?? 0,
  };
}

function readText(parameters: QueryParameters, name: keyof typeof texts): string {
  const { min, max, pattern } = texts[name];
  const member = name[0].toLowerCase() + name.slice(1);
  const value = parameters.get(name);
  if (value === undefined) throw constraint(member, 'null', 'not be null');
  const quoted = `'${value}'`;
  if (value.length < min) throw constraint(member, quoted, `have length greater than or equal to ${min}`);
  if (value.length > max) throw constraint(member, quoted, `have length less than or equal to ${max}`);
  if (!pattern.test(value)) {
    throw constraint(member, quoted, `satisfy regular expression pattern: ${pattern.source.slice(1, -1)}`);
  }
  return value;
}

function readDuration(text: string | undefined): number {
  if (text === undefined) return durations.default;
  const value = Number(text);
  const { min, max } = durations;
  const fail = (rule: string) => constraint('durationSeconds', `'${text}'`, rule);
  if (!Number.isInteger(value)) throw fail('be a whole number');
  if (value < min) throw fail(`have value greater than or equal to ${min}`);
  if (value > max) throw fail(`have value less than or equal to ${max}`);
  return value;
}

function readPolicy(text: string): PolicyDocument {
  if (text.length > maxPolicyLength) {
    throw new AwsError('PackedPolicyTooLarge', 'The session policy document exceeds the size limit');
  }
  try {
    return parsePolicyDocument(text);
  } catch (error) {
    if (error instanceof MalformedPolicy) throw new AwsError('MalformedPolicyDocument', error.message);
    throw error;
  }
}

function constraint(member: string, value: string, rule: string): AwsError {
  return invalid(
    `1 validation error detected: Value ${value} at '${member}' failed to satisfy constraint: Member must ${rule}`,
  );
}

function invalid(message: string): AwsError {
  return new AwsError('ValidationError', message);
}

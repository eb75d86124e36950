import { MalformedPolicy, parsePolicyDocument } from '../iam/parse-policy';
import type { PolicyDocument } from '../iam/policy-document';
import { AwsError } from '../protocol/aws-error';
import type { QueryParameters } from '../protocol/query-parameters';

/** Characters of an inline session policy in plain text. */
const maxPolicyLength = 2_048;

/** Seconds: inclusive bounds, and what holds when nothing is asked for. */
interface DurationRule {
  min: number;
  max: number;
  default: number;
}

/** Length and pattern of STS's API model. */
interface TextRule {
  min: number;
  max: number;
  pattern: RegExp;
}

/** A session policy, and how much of the packed size it takes, in percent. */
interface SessionPolicy {
  document: PolicyDocument;
  packedSize: number;
}

/** A required text within its rule; throws ValidationError. */
export function readText(parameters: QueryParameters, name: string, rule: TextRule): string {
  const { min, max, pattern } = rule;
  const member = memberOf(name);
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

/** DurationSeconds within its bounds; throws ValidationError. */
export function readDuration(parameters: QueryParameters, rule: DurationRule): number {
  const text = parameters.get('DurationSeconds');
  if (text === undefined) return rule.default;
  const value = Number(text);
  const fail = (wanted: string) => constraint('durationSeconds', `'${text}'`, wanted);
  if (!Number.isInteger(value)) throw fail('be a whole number');
  if (value < rule.min) throw fail(`have value greater than or equal to ${rule.min}`);
  if (value > rule.max) throw fail(`have value less than or equal to ${rule.max}`);
  return value;
}

/**
 * The inline session policy, undefined when there is none. Throws ValidationError over 2,048 characters,
 * MalformedPolicyDocument, or PackedPolicyTooLarge over `packedPolicyLimit` characters.
 */
export function readSessionPolicy(
  parameters: QueryParameters,
  packedPolicyLimit: number,
): SessionPolicy | undefined {
  if (parameters.get('PolicyArns.member.1.arn') !== undefined) {
    throw invalid('The simulator has no managed session policies: PolicyArns cannot be used');
  }
  const text = parameters.get('Policy');
  if (text === undefined) return undefined;
  if (text.length > maxPolicyLength) {
    throw constraint('policy', `'${text}'`, `have length less than or equal to ${maxPolicyLength}`);
  }
  const document = parseSessionPolicy(text);
  const packedSize = Math.ceil((100 * text.length) / packedPolicyLimit);
  if (packedSize > 100) {
    throw new AwsError(
      'PackedPolicyTooLarge',
      `Packed policy consumes ${packedSize}% of allotted space, please use smaller policy.`,
    );
  }
  return { document, packedSize };
}

/** A ValidationError in words of the simulator's own. */
export function invalid(message: string): AwsError {
  return new AwsError('ValidationError', message);
}

function parseSessionPolicy(text: string): PolicyDocument {
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

function memberOf(name: string): string {
  return name[0].toLowerCase() + name.slice(1);
}

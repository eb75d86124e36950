import { isConditionOperator } from './conditions';
import { listOf, type PolicyDocument } from './policy-document';

/** A policy document that is not one; the message says what is wrong. */
export class MalformedPolicy extends Error {}

/**
 * Reads a policy from JSON text or a parsed value. Throws MalformedPolicy for what IAM would refuse, and for condition
 * operators that the simulator does not know: an unknown operator must never read as "no restriction".
 */
export function parsePolicyDocument(input: unknown): PolicyDocument {
  const document = typeof input === 'string' ? parseJson(input) : input;
  if (!isRecord(document)) throw new MalformedPolicy('The policy is not a JSON object.');
  if (
    document.Version !== undefined &&
    document.Version !== '2012-10-17' &&
    document.Version !== '2008-10-17'
  ) {
    throw new MalformedPolicy('The policy version is not supported.');
  }
  const statements = listOf(document.Statement);
  if (statements.length === 0) throw new MalformedPolicy('The policy has no statement.');
  statements.forEach(checkStatement);
  return document as unknown as PolicyDocument;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new MalformedPolicy('Syntax errors in policy.');
  }
}

/** What a statement may hold; `NotPrincipal` is not simulated, so it is refused like anything unknown. */
const statementElements = new Set([
  ...['Sid', 'Effect', 'Principal', 'Action', 'NotAction', 'Resource', 'NotResource', 'Condition'],
]);

function checkStatement(statement: unknown): void {
  if (!isRecord(statement)) throw new MalformedPolicy('A statement is not an object.');
  const unknown = Object.keys(statement).find((element) => !statementElements.has(element));
  if (unknown !== undefined) throw new MalformedPolicy(`Unknown element of a statement: ${unknown}.`);
  if (statement.Effect !== 'Allow' && statement.Effect !== 'Deny') {
    throw new MalformedPolicy('Effect must be Allow or Deny.');
  }
  if ((statement.Action === undefined) === (statement.NotAction === undefined)) {
    throw new MalformedPolicy('A statement needs either Action or NotAction.');
  }
  for (const name of ['Action', 'NotAction', 'Resource', 'NotResource']) checkStrings(name, statement[name]);
  if (statement.Condition === undefined) return;
  if (!isRecord(statement.Condition)) throw new MalformedPolicy('Condition must be an object.');
  for (const [operator, block] of Object.entries(statement.Condition)) {
    if (!isConditionOperator(operator)) throw new MalformedPolicy(`Invalid condition operator: ${operator}.`);
    if (!isRecord(block)) throw new MalformedPolicy(`Condition ${operator} must be an object.`);
    for (const [key, values] of Object.entries(block)) checkStrings(key, values);
  }
}

function checkStrings(name: string, value: unknown): void {
  if (value === undefined) return;
  const isValid = listOf(value).every((item) => ['string', 'boolean', 'number'].includes(typeof item));
  if (!isValid) throw new MalformedPolicy(`${name} must be a string or a list of strings.`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

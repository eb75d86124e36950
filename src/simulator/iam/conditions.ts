import { matchesArn, matchesPattern } from './pattern';
import { listOf, type ConditionBlock, type OneOrMore } from './policy-document';

/** Condition keys of a request (any letter case) and their values; an absent key is not in the map. */
export type RequestContext = Record<string, string | undefined>;

type Comparison = (actual: string, wanted: string) => boolean;

const comparisons: Record<string, Comparison> = {
  StringEquals: (actual, wanted) => actual === wanted,
  StringEqualsIgnoreCase: (actual, wanted) => actual.toLowerCase() === wanted.toLowerCase(),
  StringLike: (actual, wanted) => matchesPattern(wanted, actual),
  ArnEquals: (actual, wanted) => matchesArn(wanted, actual),
  ArnLike: (actual, wanted) => matchesArn(wanted, actual),
  DateEquals: (actual, wanted) => instantOf(actual) === instantOf(wanted),
  DateLessThan: (actual, wanted) => instantOf(actual) < instantOf(wanted),
  DateLessThanEquals: (actual, wanted) => instantOf(actual) <= instantOf(wanted),
  DateGreaterThan: (actual, wanted) => instantOf(actual) > instantOf(wanted),
  DateGreaterThanEquals: (actual, wanted) => instantOf(actual) >= instantOf(wanted),
  Bool: (actual, wanted) => actual.toLowerCase() === wanted.toLowerCase(),
};

/** A negated operator holds when none of the values does; so it holds for an absent key too. */
const negations: Record<string, string> = {
  StringNotEquals: 'StringEquals',
  StringNotEqualsIgnoreCase: 'StringEqualsIgnoreCase',
  StringNotLike: 'StringLike',
  ArnNotEquals: 'ArnEquals',
  ArnNotLike: 'ArnLike',
  DateNotEquals: 'DateEquals',
};

/** Whether the simulator can evaluate a condition operator (with or without `IfExists`). */
export function isConditionOperator(operator: string): boolean {
  const { name, ifExists } = splitOperator(operator);
  return Object.hasOwn(comparisons, name) || Object.hasOwn(negations, name) || (name === 'Null' && !ifExists);
}

/** Whether all conditions hold: operators and keys are ANDed, the values of one key are ORed. */
export function conditionsHold(conditions: ConditionBlock | undefined, context: RequestContext): boolean {
  const keys = new Map(Object.entries(context).map(([key, value]) => [key.toLowerCase(), value]));
  return Object.entries(conditions ?? {}).every(([operator, block]) =>
    Object.entries(block).every(([key, values]) => holds(operator, keys.get(key.toLowerCase()), values)),
  );
}

function holds(operator: string, actual: string | undefined, values: OneOrMore): boolean {
  const { name, ifExists } = splitOperator(operator);
  const wanted = listOf(values).map(String);
  if (name === 'Null') return wanted.includes(String(actual === undefined));
  const negated = negations[name];
  if (actual === undefined) return ifExists || negated !== undefined;
  const compare = comparisons[negated ?? name];
  const matchesAny = wanted.some((value) => compare(actual, value));
  return negated ? !matchesAny : matchesAny;
}

function splitOperator(operator: string): { name: string; ifExists: boolean } {
  const ifExists = operator.endsWith('IfExists');
  return { name: ifExists ? operator.slice(0, -'IfExists'.length) : operator, ifExists };
}

/** Dates in policies are ISO 8601 or seconds since the epoch. */
function instantOf(text: string): number {
  return /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text);
}

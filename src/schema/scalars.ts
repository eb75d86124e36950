import { GraphQLError, GraphQLScalarType, Kind, type ValueNode, valueFromASTUntyped } from 'graphql';

const RFC_3339 = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;

/** Epoch ms of an RFC 3339 instant; null for anything else, 30 February included. */
export function parseInstant(text: unknown): number | null {
  const match = typeof text === 'string' ? RFC_3339.exec(text) : null;
  if (!match) return null;
  const [year, month, day, hour] = match.slice(1, 5).map(Number);
  const daysInMonth = new Date(Date.UTC(year, month, 0)).getUTCDate();
  if (day > daysInMonth || hour > 23) return null;
  const instant = Date.parse(text as string);
  return Number.isNaN(instant) ? null : instant;
}

function parseDateTime(value: unknown): number {
  const instant = parseInstant(value);
  if (instant === null) {
    throw new GraphQLError('DateTime must be RFC 3339, such as 2026-01-31T12:00:00.000Z');
  }
  return instant;
}

/** RFC 3339 UTC with milliseconds; epoch milliseconds inside. */
export const DateTime = new GraphQLScalarType<number, string>({
  name: 'DateTime',
  description: 'RFC 3339 in UTC with milliseconds, such as 2026-01-31T12:00:00.000Z.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3339',
  serialize: (value) => new Date(value as number).toISOString(),
  parseValue: parseDateTime,
  parseLiteral: (node) => parseDateTime(node.kind === Kind.STRING ? node.value : undefined),
});

function parseJsonObject(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new GraphQLError('JSONObject must be an object');
  }
  return value as Record<string, unknown>;
}

/** Any JSON object. */
export const JSONObject = new GraphQLScalarType({
  name: 'JSONObject',
  description: 'A JSON object with any members.',
  serialize: (value) => value,
  parseValue: parseJsonObject,
  parseLiteral: (node: ValueNode, variables) => parseJsonObject(valueFromASTUntyped(node, variables)),
});

function parseSafeInt(value: unknown): number {
  if (!Number.isSafeInteger(value)) throw new GraphQLError('SafeInt must be an integer up to 2^53 - 1');
  return value as number;
}

/** An integer up to 2^53 - 1. */
export const SafeInt = new GraphQLScalarType<number, number>({
  name: 'SafeInt',
  description: 'An integer up to 2^53 - 1.',
  serialize: (value) => {
    if (!Number.isSafeInteger(value)) throw new TypeError(`Not a safe integer: ${String(value)}`);
    return value as number;
  },
  parseValue: parseSafeInt,
  parseLiteral: (node) => parseSafeInt(node.kind === Kind.INT ? Number(node.value) : undefined),
});

/** A scalar that is only ever an answer: its value goes out as it is, for about the cost of JSON.stringify. */
function outputScalar(name: string, description: string): GraphQLScalarType {
  const refuse = () => {
    throw new GraphQLError(`${name} is not an input`);
  };
  return new GraphQLScalarType({
    name,
    description,
    serialize: (value) => value,
    parseValue: refuse,
    parseLiteral: refuse,
  });
}

/** Twelve digits. As an input it is a String that the core judges, so that a mistake is a typed answer. */
export const AwsAccountId = outputScalar('AwsAccountId', 'An AWS account ID: 12 digits.');

/** As an input it is a String that the core judges. */
export const Arn = outputScalar('Arn', 'arn:partition:service:region:account:resource');

/** A series in columns as one value. */
export const Columns = outputScalar(
  'Columns',
  'A series in columns, serialised as one value: {"timestamps":[epoch milliseconds],"values":[number|null],' +
    '"provisionalFrom":epoch milliseconds|null}. The bulk form: near the cost of JSON.stringify.',
);

/** Values on a grid as one value. */
export const GridValues = outputScalar(
  'GridValues',
  "Values on a grid, [number|null]: the i-th stands at the set's range.from + i × step. The cheapest bulk form.",
);

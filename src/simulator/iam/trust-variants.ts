import {
  listOf,
  statementsOf,
  type ConditionBlock,
  type OneOrMore,
  type PolicyDocument,
} from './policy-document';
import type { PolicyStatement } from './policy-document';

/** An external ID that belongs to somebody else: the second of the variant `shared`. */
export const foreignExternalId = 'f0e1d2c3-b4a5-4697-8899-aabbccddeeff';

/** An account that nobody has: the principal of the variant `wrongPrincipal`. */
const nobodysAccount = '000000000000';

/** How a variant changes a statement; `ids` are the external IDs that the statement compares. */
type StatementChange = (statement: PolicyStatement, ids: string[]) => PolicyStatement;

const changes = {
  /** As it was given. */
  exact: (statement) => statement,
  /** No condition at all: open to the principal with any ID and without. */
  noCondition: ({ Condition: _, ...statement }) => statement,
  /** `StringLike "*"`: any ID. */
  anyId: compareIds('StringLike', () => ['*']),
  /** `StringLike "<id>*"`: the ID with anything behind it. */
  prefix: compareIds('StringLike', (ids) => ids.map((id) => `${id}*`)),
  /** `StringEqualsIgnoreCase`: the ID in any letter case. */
  ignoreCase: compareIds('StringEqualsIgnoreCase', (ids) => ids),
  /** `StringEqualsIfExists`: the ID, or none. */
  ifExists: compareIds('StringEqualsIfExists', (ids) => ids),
  /** A list of which one ID is somebody else's. */
  shared: compareIds('StringEquals', (ids) => [...ids, foreignExternalId]),
  /** Trusts another account. */
  wrongPrincipal: (statement) => ({ ...statement, Principal: { AWS: nobodysAccount } }),
} satisfies Record<string, StatementChange>;

/** The ways in which customers write a trust policy, one right and the others wrong. */
export type TrustVariant = keyof typeof changes;

/** All trust variants. */
export const trustVariants = Object.keys(changes) as TrustVariant[];

/**
 * A trust policy written in the way of a variant; the other conditions of its statements stay.
 * @throws Error for an unknown variant, or when the policy compares no `sts:ExternalId` that the variant could change
 */
export function varyTrust(policy: PolicyDocument, variant: TrustVariant): PolicyDocument {
  if (!Object.hasOwn(changes, variant)) {
    throw new Error(`No such trust variant: ${variant} (there are ${trustVariants.join(', ')})`);
  }
  const change: StatementChange = changes[variant];
  return {
    ...policy,
    Statement: statementsOf(policy).map((statement) =>
      statement.Effect === 'Allow' ? change(statement, externalIdsOf(statement)) : statement,
    ),
  };
}

function compareIds(operator: string, valuesOf: (ids: string[]) => OneOrMore): StatementChange {
  return (statement, ids) => {
    if (ids.length === 0) throw new Error('The trust policy compares no sts:ExternalId');
    const Condition = withoutExternalId(statement.Condition);
    return {
      ...statement,
      Condition: { ...Condition, [operator]: { ...Condition[operator], 'sts:ExternalId': valuesOf(ids) } },
    };
  };
}

function externalIdsOf({ Condition }: PolicyStatement): string[] {
  return Object.values(Condition ?? {}).flatMap((block) =>
    Object.entries(block).flatMap(([key, values]) => (isExternalId(key) ? listOf(values) : [])),
  );
}

function withoutExternalId(conditions: ConditionBlock | undefined): ConditionBlock {
  const rest = Object.entries(conditions ?? {}).map(([operator, block]) => [
    operator,
    Object.fromEntries(Object.entries(block).filter(([key]) => !isExternalId(key))),
  ]);
  return Object.fromEntries(rest.filter(([, block]) => Object.keys(block).length > 0));
}

function isExternalId(key: string): boolean {
  return key.toLowerCase() === 'sts:externalid';
}

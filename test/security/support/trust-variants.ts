import type { CheckName } from '../../../src/core/accounts/account';

interface Statement {
  Effect: string;
  Principal: unknown;
  Action: string;
  Condition?: Record<string, Record<string, unknown>>;
}

/** A role's trust policy in one of the forms that customers write. */
export interface TrustVariant {
  name: string;
  trustPolicy: (generated: unknown, externalId: string) => unknown;
  /** The check that finds it; null: the trust is as it should be. */
  foundBy: CheckName | null;
}

export const SHARED_ARRAY = 'a list that another customer shares';

/** The right one first, then wrong ones that customers write: operators, patterns, lists, principals. */
export const TRUST_VARIANTS: readonly TrustVariant[] = [
  { name: 'exact', trustPolicy: (generated) => generated, foundBy: null },
  {
    name: 'no condition',
    trustPolicy: (generated) =>
      withStatement(generated, (statement) => ({ ...statement, Condition: undefined })),
    foundBy: 'REFUSED_WITHOUT_EXTERNAL_ID',
  },
  {
    name: 'StringLike "*"',
    trustPolicy: (generated) => comparing(generated, 'StringLike', '*'),
    foundBy: 'REFUSED_WITH_WRONG_EXTERNAL_ID',
  },
  {
    name: 'StringLike of a prefix',
    trustPolicy: (generated, externalId) => comparing(generated, 'StringLike', `${externalId}*`),
    foundBy: 'REFUSED_WITH_WRONG_EXTERNAL_ID',
  },
  {
    name: 'StringLike of an end',
    trustPolicy: (generated, externalId) => comparing(generated, 'StringLike', `*${externalId.slice(1)}`),
    foundBy: 'REFUSED_WITH_WRONG_EXTERNAL_ID',
  },
  {
    name: 'StringEqualsIgnoreCase',
    trustPolicy: (generated, externalId) => comparing(generated, 'StringEqualsIgnoreCase', externalId),
    foundBy: 'REFUSED_WITH_WRONG_EXTERNAL_ID',
  },
  {
    name: 'StringEqualsIfExists',
    trustPolicy: (generated, externalId) => comparing(generated, 'StringEqualsIfExists', externalId),
    foundBy: 'REFUSED_WITHOUT_EXTERNAL_ID',
  },
  {
    name: SHARED_ARRAY,
    trustPolicy: (generated, externalId) =>
      comparing(generated, 'StringEquals', [externalId, '11111111-2222-4333-8444-555555555555']),
    foundBy: 'REFUSED_WITH_WRONG_EXTERNAL_ID',
  },
  {
    name: 'another account',
    trustPolicy: (generated) =>
      withStatement(generated, (statement) => ({ ...statement, Principal: { AWS: '123456789012' } })),
    foundBy: 'ASSUMES_WITH_EXTERNAL_ID',
  },
];

/** The generated policy with the external ID compared in another way, and everything else as it is. */
export function comparing(generated: unknown, operator: string, value: unknown): unknown {
  return withStatement(generated, (statement) => {
    const Condition: Statement['Condition'] = {};
    for (const [name, keys] of Object.entries(statement.Condition ?? {})) {
      const others = Object.entries(keys).filter(([key]) => key !== 'sts:ExternalId');
      if (others.length > 0) Condition[name] = Object.fromEntries(others);
    }
    Condition[operator] = { ...Condition[operator], 'sts:ExternalId': value };
    return { ...statement, Condition };
  });
}

function withStatement(generated: unknown, change: (statement: Statement) => Statement): unknown {
  const policy = structuredClone(generated) as { Statement: Statement[] };
  return { ...policy, Statement: policy.Statement.map(change) };
}

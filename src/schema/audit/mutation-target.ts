import type { AuditTarget } from '../../core/audit/audit-trail';
import type { OperationContext } from '../context';
import { keyOf, type NodeType } from '../relay/global-id';

/** What a mutation acts upon, and in whose log that belongs. */
export interface MutationTarget {
  target: AuditTarget | null;
  accountId: number | null;
  tenantId: number;
}

/** The ids that name what an input is about, the most telling first. */
const TARGET_FIELDS = [
  ['accountId', 'Account'],
  ['tokenId', 'ApiToken'],
  ['tenantId', 'Tenant'],
  ['parentId', 'Tenant'],
] as const satisfies [string, NodeType][];

/** What a payload tells of what was made or changed. */
const PAYLOAD_FIELDS = [
  ['account', 'Account'],
  ['apiToken', 'ApiToken'],
  ['tenant', 'Tenant'],
  ['run', 'CollectionRun'],
] as const satisfies [string, NodeType][];

/**
 * Read before the mutation runs. Its entries go to the log of the tenant that it concerns, where that one's own
 * administrators see them too; to the caller's where the id is missing or foreign.
 */
export async function targetOf(
  args: Readonly<Record<string, unknown>>,
  { viewer, services }: OperationContext,
): Promise<MutationTarget> {
  const nobody = { target: null, accountId: null, tenantId: viewer.tenantId };
  const input = (args.input ?? args) as Readonly<Record<string, unknown>>;
  for (const [field, type] of TARGET_FIELDS) {
    const id = typeof input[field] === 'string' ? keyOf(type, input[field]) : null;
    if (id === null) continue;
    const target = { type, id };
    if (type === 'Account') {
      const account = await services.accountRepository.within(viewer).find(id);
      return account ? { target, accountId: id, tenantId: account.tenantId } : { ...nobody, target };
    }
    if (type === 'Tenant') {
      const tenant = await services.tenantRepository.within(viewer).find(id);
      return { ...nobody, target, tenantId: tenant?.id ?? viewer.tenantId };
    }
    const [token] = await services.tokenRepository.within(viewer).findMany([id]);
    return { ...nobody, target, tenantId: token?.tenantId ?? viewer.tenantId };
  }
  return nobody;
}

/** The same once the mutation has answered: what it made has an id only then. */
export function targetAfter(before: MutationTarget, answer: unknown): MutationTarget {
  const payload = (answer ?? {}) as Readonly<Record<string, { id?: unknown } | null | undefined>>;
  for (const [field, type] of PAYLOAD_FIELDS) {
    const id = payload[field]?.id;
    if (typeof id !== 'number') continue;
    return { ...before, target: { type, id }, accountId: type === 'Account' ? id : before.accountId };
  }
  return before;
}

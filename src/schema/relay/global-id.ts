/** The types that `node` finds. A resource is of type Resource whatever its concrete type. */
export const NODE_TYPES = [
  'Tenant',
  'Account',
  'Resource',
  'Metric',
  'CollectionRun',
  'ApiToken',
  'AuditEntry',
] as const;
export type NodeType = (typeof NODE_TYPES)[number];

/** A row by type and primary key. */
export interface GlobalId {
  type: NodeType;
  key: number;
}

const PATTERN = new RegExp(`^(${NODE_TYPES.join('|')}):([1-9][0-9]{0,15})$`);

/** base64url of `Type:key`; opaque to callers. */
export function toGlobalId(type: NodeType, key: number): string {
  return Buffer.from(`${type}:${key}`).toString('base64url');
}

/** Null for whatever `toGlobalId` did not make. */
export function parseGlobalId(id: string): GlobalId | null {
  const match = PATTERN.exec(Buffer.from(id, 'base64url').toString());
  if (!match) return null;
  const [type, key] = [match[1] as NodeType, Number(match[2])];
  return Number.isSafeInteger(key) && toGlobalId(type, key) === id ? { type, key } : null;
}

/** The key when `id` is one of `type`, else null: a wrong type answers as a missing row does. */
export function keyOf(type: NodeType, id: string): number | null {
  const parsed = parseGlobalId(id);
  return parsed?.type === type ? parsed.key : null;
}

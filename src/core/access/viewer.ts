/** What a token may do. ADMIN ⊃ OPERATOR ⊃ VIEWER. */
export type Role = 'VIEWER' | 'OPERATOR' | 'ADMIN';

const RANK: Record<Role, number> = { VIEWER: 0, OPERATOR: 1, ADMIN: 2 };

/** Whose rows a read may see. Every repository read that serves a caller takes one. */
export interface TenantScope {
  readonly tenantId: number;
}

/** The caller of an operation. */
export interface Viewer extends TenantScope {
  readonly role: Role;
  /** The token's name, for logs. */
  readonly actor: string;
  readonly tokenId: number;
}

export function hasRole(viewer: Viewer, needed: Role): boolean {
  return RANK[viewer.role] >= RANK[needed];
}

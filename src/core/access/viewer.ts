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
  /** The token's name, or the subject of an OIDC token. */
  readonly actor: string;
  /** Of an OIDC token; an API token has none. */
  readonly issuer?: string;
  /** Null for an OIDC token. */
  readonly tokenId: number | null;
  /** When the credential ends, epoch ms; null: it does not. */
  readonly expiresAt: number | null;
}

/**
 * The viewer as the audit log names it: the token's name, or issuer and subject of an OIDC token. No token may be called
 * so, and two issuers may have the same subject: see token-names.ts.
 */
export function auditActor({ actor, issuer }: Pick<Viewer, 'actor' | 'issuer'>): string {
  return issuer === undefined ? actor : `${issuer} ${actor}`;
}

export function hasRole(viewer: Viewer, needed: Role): boolean {
  return !outranks(needed, viewer.role);
}

/** Whether the one role may do what the other may not. */
export function outranks(role: Role, other: Role): boolean {
  return RANK[role] > RANK[other];
}

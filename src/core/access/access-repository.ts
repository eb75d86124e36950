import type { Role } from './viewer';

/** A company whose accounts and tokens are kept apart from all others'. */
export interface Tenant {
  id: number;
  name: string;
  createdAt: number;
}

/** An API token as stored: its secret only as a SHA-256 hash. */
export interface ApiToken {
  id: number;
  tenantId: number;
  name: string;
  role: Role;
  /** The public part of the token, by which it is found. */
  lookupId: string;
  /** SHA-256 of the secret part, hex. */
  secretHash: string;
  createdAt: number;
  expiresAt: number | null;
  revokedAt: number | null;
}

/** Storage of tenants and tokens. */
export interface AccessRepository {
  createTenant(tenant: Omit<Tenant, 'id'>): Promise<Tenant>;
  /** The first tenant ever made: the gateway's own. Null on an empty database. */
  rootTenant(): Promise<Tenant | null>;
  findTenant(id: number): Promise<Tenant | null>;
  findTenantByName(name: string): Promise<Tenant | null>;
  createToken(token: Omit<ApiToken, 'id'>): Promise<ApiToken>;
  findTokenByLookupId(lookupId: string): Promise<ApiToken | null>;
  revokeToken(id: number, at: number): Promise<void>;
}

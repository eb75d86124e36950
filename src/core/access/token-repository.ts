import type { Page, PageRequest } from '../paging';
import type { Role, TenantScope } from './viewer';

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
  /** To the minute. */
  lastUsedAt: number | null;
}

/** A token that is not stored yet, and so was neither used nor revoked. */
export type NewApiToken = Omit<ApiToken, 'id' | 'revokedAt' | 'lastUsedAt'>;

/** What an administrator may do with the tokens of its tenant and of the tenants below. */
export interface ScopedTokens {
  /** In the order of `ids`; null where missing or foreign. */
  findMany(ids: readonly number[]): Promise<(ApiToken | null)[]>;
  /** The newest first; the expired and revoked ones too. */
  list(page: PageRequest): Promise<Page<ApiToken>>;
  /** Keeps the instant of an earlier revocation. @returns null when missing or foreign */
  revoke(id: number, at: number): Promise<ApiToken | null>;
}

/** Storage of API tokens. No token is ever deleted. */
export interface TokenRepository {
  within(scope: TenantScope): ScopedTokens;
  /** @throws Error when the lookup id is taken. */
  insert(token: NewApiToken): Promise<ApiToken>;
  /** For those who present it: they are nobody yet, and so have no scope. */
  findByLookupId(lookupId: string): Promise<ApiToken | null>;
  /** Of the gateway's own accord. */
  revoke(id: number, at: number): Promise<void>;
  /** Those of `ids` that were revoked, by whatever process. */
  revokedOf(ids: readonly number[]): Promise<number[]>;
  /** Notes a use, unless one after `notSince` is noted already. */
  noteUse(id: number, at: number, notSince: number): Promise<void>;
}

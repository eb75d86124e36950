import type { Clock } from '../clock';
import type { Tenant, TenantRepository } from './tenant-repository';
import { BootstrapTokens } from './bootstrap-tokens';
import type { ApiToken, TokenRepository } from './token-repository';
import { formatToken, generateToken, hashSecret, type RandomBytes } from './tokens';
import type { Role, TenantScope } from './viewer';

/** What a new token is to be. */
export interface NewToken {
  tenantId: number;
  name: string;
  role: Role;
  /** Epoch ms; left out, it never expires. */
  expiresAt?: number | null;
}

/** Tenants, and new API tokens. */
export class AccessService {
  readonly bootstrapTokens: BootstrapTokens;
  private readonly tenants: Pick<TenantRepository, 'rootTenant' | 'ensureRoot' | 'createTenant'>;
  private readonly tokens: TokenRepository;
  private readonly clock: Clock;
  private readonly randomBytes: RandomBytes;

  constructor(dependencies: {
    tenants: Pick<TenantRepository, 'rootTenant' | 'ensureRoot' | 'createTenant'>;
    tokens: TokenRepository;
    clock: Clock;
    randomBytes: RandomBytes;
  }) {
    this.tenants = dependencies.tenants;
    this.tokens = dependencies.tokens;
    this.clock = dependencies.clock;
    this.randomBytes = dependencies.randomBytes;
    this.bootstrapTokens = new BootstrapTokens(dependencies);
  }

  /** The gateway's own tenant, made at its first start; a later name changes nothing. */
  ensureRootTenant(name: string): Promise<Tenant> {
    return this.tenants.ensureRoot({ name, createdAt: this.clock.now() });
  }

  /** Whether it is the gateway's own tenant, whose ADMIN may do what concerns the whole gateway. */
  async isRoot({ tenantId }: TenantScope): Promise<boolean> {
    return (await this.tenants.rootTenant())?.id === tenantId;
  }

  /** Of the gateway's own accord: below the root. @throws ConflictError RC_TENANT_NAME_TAKEN */
  async createTenant(name: string): Promise<Tenant> {
    const root = await this.ensureRootTenant('root');
    return this.tenants.createTenant({ parentId: root.id, name, createdAt: this.clock.now() });
  }

  /** @returns with `secret` the whole token, which is kept nowhere. */
  async createToken(token: NewToken): Promise<{ token: ApiToken; secret: string }> {
    const parts = generateToken(this.randomBytes);
    const stored = await this.tokens.insert({
      tenantId: token.tenantId,
      name: token.name,
      role: token.role,
      lookupId: parts.lookupId,
      secretHash: hashSecret(parts.secret),
      createdAt: this.clock.now(),
      expiresAt: token.expiresAt ?? null,
    });
    return { token: stored, secret: formatToken(parts) };
  }

  /**
   * Sees to it that an administrator of the root tenant can come in. A `token` given (ROLECALL_ADMIN_TOKEN,
   * any 32 printable ASCII characters or more, without a space) becomes the one bootstrap token: another one of an earlier start is
   * revoked. Without one, a token is made unless there is a bootstrap token already.
   * @returns the token that was made, the only time that it is known; else null.
   */
  ensureBootstrapToken(token: string | null): Promise<string | null> {
    return this.bootstrapTokens.ensure(token);
  }
}

import type { Clock } from '../clock';
import type { AccessRepository, ApiToken, Tenant } from './access-repository';
import { BootstrapTokens } from './access-service-bootstrap';
import {
  formatToken,
  generateToken,
  hashSecret,
  isTokenLike,
  parseToken,
  secretMatches,
  type RandomBytes,
} from './tokens';
import type { Role, Viewer } from './viewer';

/** What a new token is to be. */
interface NewToken {
  tenantId: number;
  name: string;
  role: Role;
  /** Epoch ms; left out, it never expires. */
  expiresAt?: number | null;
}

/** Tenants, API tokens, and who is asking. */
export class AccessService {
  private readonly repository: AccessRepository;
  private readonly clock: Clock;
  private readonly randomBytes: RandomBytes;
  private readonly bootstrapTokens: BootstrapTokens;

  constructor(dependencies: { repository: AccessRepository; clock: Clock; randomBytes: RandomBytes }) {
    this.repository = dependencies.repository;
    this.clock = dependencies.clock;
    this.randomBytes = dependencies.randomBytes;
    this.bootstrapTokens = new BootstrapTokens(dependencies);
  }

  /**
   * Whose token this is. Null when it is unknown, mistyped, expired or revoked, without saying which. A
   * text in the form of our tokens with a wrong checksum is refused without a read.
   */
  async authenticate(token: string): Promise<Viewer | null> {
    const parts = parseToken(token);
    if (!parts && isTokenLike(token)) return null;
    const stored = parts && (await this.repository.findTokenByLookupId(parts.lookupId));
    const viewer = stored && secretMatches(parts.secret, stored.secretHash) ? this.toViewer(stored) : null;
    if (viewer) return viewer;
    // The operator may have given a token back that another database made, or that was replaced here.
    const bootstrap = await this.bootstrapTokens.find(token);
    return bootstrap && this.toViewer(bootstrap);
  }

  /** The gateway's own tenant, made at its first start; a later name changes nothing. */
  async ensureRootTenant(name: string): Promise<Tenant> {
    return (await this.repository.rootTenant()) ?? (await this.createTenant(name));
  }

  createTenant(name: string): Promise<Tenant> {
    return this.repository.createTenant({ name, createdAt: this.clock.now() });
  }

  /** @returns with `secret` the whole token, which is kept nowhere. */
  async createToken(token: NewToken): Promise<{ token: ApiToken; secret: string }> {
    const parts = generateToken(this.randomBytes);
    const stored = await this.repository.createToken({
      tenantId: token.tenantId,
      name: token.name,
      role: token.role,
      lookupId: parts.lookupId,
      secretHash: hashSecret(parts.secret),
      createdAt: this.clock.now(),
      expiresAt: token.expiresAt ?? null,
      revokedAt: null,
    });
    return { token: stored, secret: formatToken(parts) };
  }

  /**
   * Sees to it that an administrator of the root tenant can come in. A `token` given (ROLECALL_ADMIN_TOKEN,
   * any text of 32 characters or more) becomes the one bootstrap token: another one of an earlier start is
   * revoked. Without one, a token is made unless there is a bootstrap token already.
   * @returns the token that was made, the only time that it is known; else null.
   */
  ensureBootstrapToken(token: string | null): Promise<string | null> {
    return this.bootstrapTokens.ensure(token);
  }

  private toViewer(token: ApiToken): Viewer | null {
    const isExpired = token.expiresAt !== null && token.expiresAt <= this.clock.now();
    if (isExpired || token.revokedAt !== null) return null;
    return { tenantId: token.tenantId, role: token.role, actor: token.name, tokenId: token.id };
  }
}

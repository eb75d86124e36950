import type { Clock } from '../clock';
import { InvalidInputError, NotFoundError } from '../errors';
import type { TenantRepository } from './tenant-repository';
import type { AccessService } from './access-service';
import { judgeTokenName } from './token-names';
import type { ApiToken, TokenRepository } from './token-repository';
import type { TokenUse } from './token-use';
import { hasRole, type Role, type TenantScope, type Viewer } from './viewer';

/** What an administrator says of a token to be made. */
export interface TokenInput {
  name: string;
  role: Role;
  /** The caller's own tenant when left out. Null: an id that is no tenant's. */
  tenantId?: number | null;
  /** Epoch ms; null or left out, it never expires. */
  expiresAt?: number | null;
}

/** A token as a caller names it: null where the given id is no token's at all. */
export interface TokenRef {
  tokenId: number | null;
  /** What the caller gave, for the answer. */
  givenId: string;
}

/** The commands on API tokens. Every mistake is a DomainError. */
export class TokenService {
  private readonly tokens: TokenRepository;
  private readonly access: Pick<AccessService, 'createToken'>;
  private readonly tenants: Pick<TenantRepository, 'within'>;
  private readonly use: Pick<TokenUse, 'note'>;
  private readonly clock: Pick<Clock, 'now'>;

  constructor(dependencies: {
    tokens: TokenRepository;
    access: Pick<AccessService, 'createToken'>;
    tenants: Pick<TenantRepository, 'within'>;
    use: Pick<TokenUse, 'note'>;
    clock: Pick<Clock, 'now'>;
  }) {
    this.tokens = dependencies.tokens;
    this.access = dependencies.access;
    this.tenants = dependencies.tenants;
    this.use = dependencies.use;
    this.clock = dependencies.clock;
  }

  /**
   * Makes a token that may do no more than its maker, in no other tenant than the maker sees.
   * @returns with `secret` the whole token, which is kept nowhere
   * @throws InvalidInputError RC_TOKEN_NAME_INVALID, RC_TOKEN_NAME_RESERVED, RC_TOKEN_EXPIRY_INVALID, RC_TOKEN_ROLE_FORBIDDEN,
   * RC_TOKEN_TENANT_INVALID
   */
  async create(viewer: Viewer, input: TokenInput): Promise<{ token: ApiToken; secret: string }> {
    const { role, tenantId = viewer.tenantId, expiresAt = null } = input;
    const name = judgeTokenName(input.name);
    if (expiresAt !== null && expiresAt <= this.clock.now()) {
      throw new InvalidInputError('RC_TOKEN_EXPIRY_INVALID', 'That instant has passed', {
        path: ['input', 'expiresAt'],
      });
    }
    if (!hasRole(viewer, role)) {
      throw new InvalidInputError('RC_TOKEN_ROLE_FORBIDDEN', `A ${viewer.role} makes no token for ${role}`, {
        path: ['input', 'role'],
      });
    }
    if (tenantId === null || !(await this.tenants.within(viewer).find(tenantId))) {
      throw new InvalidInputError('RC_TOKEN_TENANT_INVALID', 'That tenant is not yours', {
        path: ['input', 'tenantId'],
      });
    }
    return this.access.createToken({ name, role, tenantId, expiresAt });
  }

  /**
   * Whoever presents it is nobody from now on; open WebSockets close within a second. Revoked twice is revoked.
   * @throws NotFoundError RC_TOKEN_NOT_FOUND
   */
  async revoke(scope: TenantScope, { tokenId, givenId }: TokenRef): Promise<ApiToken> {
    const now = this.clock.now();
    const revoked = tokenId === null ? null : await this.tokens.within(scope).revoke(tokenId, now);
    if (revoked) return revoked;
    throw new NotFoundError('RC_TOKEN_NOT_FOUND', 'There is no such token', givenId, {
      path: ['input', 'tokenId'],
    });
  }

  /** Those of the tokens of open WebSockets that were revoked, by whatever process; the others are in use. */
  async revokedOf(ids: readonly number[]): Promise<ReadonlySet<number>> {
    const revoked = new Set(await this.tokens.revokedOf(ids));
    for (const id of ids) if (!revoked.has(id)) this.use.note(id);
    return revoked;
  }
}

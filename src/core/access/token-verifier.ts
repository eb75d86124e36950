import type { Clock } from '../clock';
import type { BootstrapTokens } from './bootstrap-tokens';
import { refusal, type SignIn } from './authenticator';
import type { ApiToken, TokenRepository } from './token-repository';
import type { TokenUse } from './token-use';
import { isTokenLike, parseToken, secretMatches, tokenPrefix } from './tokens';

/** Judges API tokens, and the operator's own that may be any text. */
export class TokenVerifier {
  private readonly tokens: Pick<TokenRepository, 'findByLookupId'>;
  private readonly bootstrapTokens: Pick<BootstrapTokens, 'find'>;
  private readonly use: Pick<TokenUse, 'note'>;
  private readonly clock: Pick<Clock, 'now'>;

  constructor(dependencies: {
    tokens: Pick<TokenRepository, 'findByLookupId'>;
    bootstrapTokens: Pick<BootstrapTokens, 'find'>;
    use: Pick<TokenUse, 'note'>;
    clock: Pick<Clock, 'now'>;
  }) {
    this.tokens = dependencies.tokens;
    this.bootstrapTokens = dependencies.bootstrapTokens;
    this.use = dependencies.use;
    this.clock = dependencies.clock;
  }

  /** A text in the form of our tokens with a wrong checksum is refused without a read. */
  async verify(text: string): Promise<SignIn> {
    const parts = parseToken(text);
    if (!parts && isTokenLike(text)) return refusal('MISTYPED');
    const stored = parts && (await this.tokens.findByLookupId(parts.lookupId));
    const known = stored && secretMatches(parts.secret, stored.secretHash) ? stored : null;
    if (known && this.endOf(known) === null) return this.letIn(known);
    // The operator may have given a token back that another database made, or that was replaced here.
    const bootstrap = await this.bootstrapTokens.find(text);
    const found = bootstrap ?? known;
    if (!found) return refusal('UNKNOWN', { presented: parts && tokenPrefix(parts.lookupId) });
    const end = this.endOf(found);
    if (end === null) return this.letIn(found);
    return refusal(end, { tenantId: found.tenantId, presented: tokenPrefix(found.lookupId) });
  }

  private endOf({ expiresAt, revokedAt }: ApiToken): 'REVOKED' | 'EXPIRED' | null {
    if (revokedAt !== null) return 'REVOKED';
    return expiresAt !== null && expiresAt <= this.clock.now() ? 'EXPIRED' : null;
  }

  private letIn({ id, tenantId, role, name, expiresAt, lastUsedAt }: ApiToken): SignIn {
    this.use.note(id, lastUsedAt);
    return { viewer: { tenantId, role, actor: name, tokenId: id, expiresAt } };
  }
}

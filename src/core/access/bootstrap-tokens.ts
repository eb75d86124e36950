import type { Clock } from '../clock';
import type { TenantRepository } from './tenant-repository';
import { isJwtLike } from './oidc/jwt';
import type { ApiToken, TokenRepository } from './token-repository';
import {
  formatToken,
  generateToken,
  hashSecret,
  isTokenLike,
  parseToken,
  secretMatches,
  type RandomBytes,
} from './tokens';

/** The admin token that is configured cannot be used. The message never shows it. */
export class BootstrapTokenError extends Error {
  override readonly name = 'BootstrapTokenError';
}

/** The name under which the bootstrap token's calls appear in logs. */
export const BOOTSTRAP_TOKEN_NAME = 'bootstrap';

/** A token that the operator chooses: what an `Authorization` header brings over as it is, and no more of it than that. */
export const BOOTSTRAP_TOKEN = /^[!-~]{32,1024}$/;
export const BOOTSTRAP_TOKEN_WANTED = '32 to 1024 printable ASCII characters without a space';

/**
 * The one token that is there before any other. A text that the operator chooses has no public part, so its
 * row stands under a lookup id of our own: `boot00000001`, and the next number each time that it is
 * replaced. The last row is the present one; its forerunners stay, revoked.
 */
export class BootstrapTokens {
  private readonly tenants: Pick<TenantRepository, 'rootTenant'>;
  private readonly tokens: TokenRepository;
  private readonly clock: Clock;
  private readonly randomBytes: RandomBytes;
  /** Where the last row was when it was last looked for, so that nobody walks all of them on each request. */
  private newest = 1;

  constructor(dependencies: {
    tenants: Pick<TenantRepository, 'rootTenant'>;
    tokens: TokenRepository;
    clock: Clock;
    randomBytes: RandomBytes;
  }) {
    this.tenants = dependencies.tenants;
    this.tokens = dependencies.tokens;
    this.clock = dependencies.clock;
    this.randomBytes = dependencies.randomBytes;
  }

  /** The present bootstrap token when `text` is it. */
  async find(text: string): Promise<ApiToken | null> {
    if (!BOOTSTRAP_TOKEN.test(text)) return null;
    const present = await this.present();
    return present && secretMatches(secretOf(text), present.secretHash) ? present : null;
  }

  /**
   * As AccessService.ensureBootstrapToken. @throws BootstrapTokenError when the text is too short, too long, has a
   * character that no header brings over, or is a broken token of ours.
   */
  async ensure(text: string | null): Promise<string | null> {
    if (text !== null) checkChosen(text);
    const present = await this.present();
    const isUsable = present !== null && present.revokedAt === null;
    if (isUsable && (text === null || secretMatches(secretOf(text), present.secretHash))) return null;
    if (isUsable) await this.tokens.revoke(present.id, this.clock.now());
    const lookupId = lookupIdOf(present ? generationOf(present) + 1 : 1);
    const made = text === null ? generateToken(this.randomBytes, lookupId) : null;
    try {
      await this.store(lookupId, made?.secret ?? secretOf(text!));
    } catch (error) {
      if (!(await this.tokens.findByLookupId(lookupId))) throw error;
      return this.ensure(text); // Another process that starts at the same time was first.
    }
    return made && formatToken(made);
  }

  private async present(): Promise<ApiToken | null> {
    let generation = this.newest;
    let present = await this.tokens.findByLookupId(lookupIdOf(generation));
    while (present) {
      const next = await this.tokens.findByLookupId(lookupIdOf(generation + 1));
      if (!next) break;
      generation++;
      present = next;
    }
    this.newest = generation;
    return present;
  }

  private async store(lookupId: string, secret: string): Promise<void> {
    const root = await this.tenants.rootTenant();
    if (!root) throw new Error('There is no root tenant yet: call ensureRootTenant first');
    await this.tokens.insert({
      tenantId: root.id,
      name: BOOTSTRAP_TOKEN_NAME,
      role: 'ADMIN',
      lookupId,
      secretHash: hashSecret(secret),
      createdAt: this.clock.now(),
      expiresAt: null,
    });
  }
}

/** 12 base62 characters, as every lookup id. */
function lookupIdOf(generation: number): string {
  return `boot${String(generation).padStart(8, '0')}`;
}

function generationOf(token: ApiToken): number {
  return Number(token.lookupId.slice('boot'.length));
}

/** What is hashed: all of a text that the operator made up, the secret part of one that Rolecall made. */
function secretOf(text: string): string {
  return parseToken(text)?.secret ?? text;
}

function checkChosen(text: string): void {
  if (!BOOTSTRAP_TOKEN.test(text)) {
    throw new BootstrapTokenError(
      `ROLECALL_ADMIN_TOKEN: a token of ${text.length} characters was given, wanted are ${BOOTSTRAP_TOKEN_WANTED}`,
    );
  }
  if (isTokenLike(text) && !parseToken(text)) {
    throw new BootstrapTokenError(
      'ROLECALL_ADMIN_TOKEN: a token that begins with rcl_ and has a wrong checksum was given, wanted is one copied whole',
    );
  }
  if (isJwtLike(text)) {
    throw new BootstrapTokenError(
      'ROLECALL_ADMIN_TOKEN: a JWT was given, wanted is a text that is not in that form',
    );
  }
}

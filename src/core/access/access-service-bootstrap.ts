import type { Clock } from '../clock';
import type { AccessRepository, ApiToken } from './access-repository';
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
const BOOTSTRAP_TOKEN_NAME = 'bootstrap';

/** The fewest characters of a token that the operator chooses. */
const MIN_BOOTSTRAP_TOKEN_LENGTH = 32;

/** A longer text is not even looked at. */
const MAX_BOOTSTRAP_TOKEN_LENGTH = 1024;

/**
 * The one token that is there before any other. A text that the operator chooses has no public part, so its
 * row stands under a lookup id of our own: `boot00000001`, and the next number each time that it is
 * replaced. The last row is the present one; its forerunners stay, revoked.
 */
export class BootstrapTokens {
  private readonly repository: AccessRepository;
  private readonly clock: Clock;
  private readonly randomBytes: RandomBytes;
  /** Where the last row was when it was last looked for, so that nobody walks all of them on each request. */
  private newest = 1;

  constructor(dependencies: { repository: AccessRepository; clock: Clock; randomBytes: RandomBytes }) {
    this.repository = dependencies.repository;
    this.clock = dependencies.clock;
    this.randomBytes = dependencies.randomBytes;
  }

  /** The present bootstrap token when `text` is it. */
  async find(text: string): Promise<ApiToken | null> {
    if (text.length < MIN_BOOTSTRAP_TOKEN_LENGTH || text.length > MAX_BOOTSTRAP_TOKEN_LENGTH) return null;
    const present = await this.present();
    return present && secretMatches(secretOf(text), present.secretHash) ? present : null;
  }

  /**
   * As AccessService.ensureBootstrapToken. @throws BootstrapTokenError when the text is too short, too long, or a broken
   * token of ours.
   */
  async ensure(text: string | null): Promise<string | null> {
    if (text !== null) checkChosen(text);
    const present = await this.present();
    const isUsable = present !== null && present.revokedAt === null;
    if (isUsable && (text === null || secretMatches(secretOf(text), present.secretHash))) return null;
    if (isUsable) await this.repository.revokeToken(present.id, this.clock.now());
    const lookupId = lookupIdOf(present ? generationOf(present) + 1 : 1);
    const made = text === null ? generateToken(this.randomBytes, lookupId) : null;
    try {
      await this.store(lookupId, made?.secret ?? secretOf(text!));
    } catch (error) {
      if (!(await this.repository.findTokenByLookupId(lookupId))) throw error;
      return this.ensure(text); // Another process that starts at the same time was first.
    }
    return made && formatToken(made);
  }

  private async present(): Promise<ApiToken | null> {
    let generation = this.newest;
    let present = await this.repository.findTokenByLookupId(lookupIdOf(generation));
    while (present) {
      const next = await this.repository.findTokenByLookupId(lookupIdOf(generation + 1));
      if (!next) break;
      generation++;
      present = next;
    }
    this.newest = generation;
    return present;
  }

  private async store(lookupId: string, secret: string): Promise<void> {
    const root = await this.repository.rootTenant();
    if (!root) throw new Error('There is no root tenant yet: call ensureRootTenant first');
    await this.repository.createToken({
      tenantId: root.id,
      name: BOOTSTRAP_TOKEN_NAME,
      role: 'ADMIN',
      lookupId,
      secretHash: hashSecret(secret),
      createdAt: this.clock.now(),
      expiresAt: null,
      revokedAt: null,
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
  if (text.length < MIN_BOOTSTRAP_TOKEN_LENGTH || text.length > MAX_BOOTSTRAP_TOKEN_LENGTH) {
    throw new BootstrapTokenError(
      `ROLECALL_ADMIN_TOKEN: a token of ${text.length} characters was given, wanted are ${MIN_BOOTSTRAP_TOKEN_LENGTH} to ${MAX_BOOTSTRAP_TOKEN_LENGTH}`,
    );
  }
  if (isTokenLike(text) && !parseToken(text)) {
    throw new BootstrapTokenError(
      'ROLECALL_ADMIN_TOKEN: a token that begins with rcl_ and has a wrong checksum was given, wanted is one copied whole',
    );
  }
}

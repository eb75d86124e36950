import type { Clock } from '../clock';
import type { Logger } from '../logger';
import type { TokenRepository } from './token-repository';

const MINUTE_MS = 60_000;

/** Notes when tokens are used: beside the request, and at most once a minute for each. */
export class TokenUse {
  private readonly tokens: Pick<TokenRepository, 'noteUse'>;
  private readonly clock: Pick<Clock, 'now'>;
  private readonly log: Pick<Logger, 'warn'>;
  /** When each was noted by this process last. */
  private readonly noted = new Map<number, number>();

  constructor(dependencies: {
    tokens: Pick<TokenRepository, 'noteUse'>;
    clock: Pick<Clock, 'now'>;
    log: Pick<Logger, 'warn'>;
  }) {
    this.tokens = dependencies.tokens;
    this.clock = dependencies.clock;
    this.log = dependencies.log;
  }

  /** Returns at once. @param lastUsedAt as far as the caller knows it */
  note(tokenId: number, lastUsedAt: number | null = null): void {
    const now = this.clock.now();
    const before = Math.max(lastUsedAt ?? -Infinity, this.noted.get(tokenId) ?? -Infinity);
    if (now - before < MINUTE_MS) return;
    this.noted.set(tokenId, now);
    this.tokens.noteUse(tokenId, now, now - MINUTE_MS).catch((error: unknown) => {
      this.noted.delete(tokenId);
      this.log.warn({ err: error, tokenId }, 'The use of a token could not be noted');
    });
  }
}

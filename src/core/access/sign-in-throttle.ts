import { createHash } from 'node:crypto';
import type { Clock } from '../clock';
import type { Logger } from '../logger';
import { addressKey } from './address-key';
import {
  type Authenticator,
  refusal,
  type RefusalReason,
  type SignIn,
  type SignInSource,
} from './authenticator';
import { FailureLimit } from './failure-limit';
import type { RandomBytes } from './tokens';

/** Failed sign-ins within a minute, after which more have to wait. */
export interface SignInLimits {
  /** With one token, from one address. */
  failuresPerToken: number;
  /** With whatever tokens, from one address; an IPv6 address counts for its /64. */
  failuresPerAddress: number;
}

/** For so long a token that was good is looked at whatever others from its address do. */
const KNOWN_GOOD_MS = 3_600_000;
const MOST_KNOWN_GOOD = 10_000;

/** Nobody guessed: there was nothing to judge, or nobody to judge it. */
const NO_GUESS: ReadonlySet<RefusalReason> = new Set(['MISSING', 'ISSUER_UNREACHABLE', 'THROTTLED']);

/**
 * Stands before the authenticator and lets those wait who fail again and again. Only failures count.
 *
 * A token is throttled for one address: who knows the public half of somebody's token cannot lock its owner out. What
 * a token that waits already tries further does not count for its address, so a forgotten job with an old token does
 * not use up what the others there may. And a token that was good within the last hour is let through to be judged
 * however many others fail beside it.
 */
export class SignInThrottle implements Authenticator {
  private readonly authenticator: Authenticator;
  private readonly clock: Pick<Clock, 'now'>;
  private readonly log: Pick<Logger, 'warn'>;
  private readonly ofToken: FailureLimit;
  private readonly ofAddress: FailureLimit;
  /** Until when each, by its digest; the oldest first. */
  private readonly knownGood = new Map<string, number>();

  constructor(dependencies: {
    authenticator: Authenticator;
    limits: SignInLimits;
    clock: Pick<Clock, 'now'>;
    log: Pick<Logger, 'warn'>;
    randomBytes: RandomBytes;
  }) {
    const { limits, randomBytes } = dependencies;
    this.authenticator = dependencies.authenticator;
    this.clock = dependencies.clock;
    this.log = dependencies.log;
    this.ofToken = new FailureLimit(limits.failuresPerToken, randomBytes);
    this.ofAddress = new FailureLimit(limits.failuresPerAddress, randomBytes);
  }

  async authenticate(credential: string | null, from: SignInSource): Promise<SignIn> {
    if (credential === null) return this.authenticator.authenticate(credential, from);
    const digest = createHash('sha256').update(credential).digest('base64');
    const address = addressKey(from.address);
    const token = `${address} ${lookupIdOf(credential) ?? digest}`;
    if (!this.isKnownGood(digest)) {
      const seconds = Math.max(await this.ofToken.wait(token), await this.ofAddress.wait(address));
      if (seconds > 0) return { ...refusal('THROTTLED'), retryAfterSeconds: seconds };
    }
    const signIn = await this.authenticator.authenticate(credential, from);
    if ('viewer' in signIn) {
      this.remember(digest);
      await this.ofToken.forget(token);
    } else if (!NO_GUESS.has(signIn.refused)) {
      this.knownGood.delete(digest);
      await this.count(token, address);
    }
    return signIn;
  }

  private async count(token: string, address: string): Promise<void> {
    const seconds = Math.max(await this.ofToken.count(token), await this.ofAddress.count(address));
    if (seconds > 0) this.log.warn({ address, seconds }, 'Too many failed sign-ins: more have to wait');
  }

  private isKnownGood(digest: string): boolean {
    return (this.knownGood.get(digest) ?? 0) > this.clock.now();
  }

  private remember(digest: string): void {
    this.knownGood.delete(digest);
    this.knownGood.set(digest, this.clock.now() + KNOWN_GOOD_MS);
    if (this.knownGood.size <= MOST_KNOWN_GOOD) return;
    const [oldest] = this.knownGood.keys();
    this.knownGood.delete(oldest);
  }
}

/** The public half of what means to be a token of ours, right or wrong. */
function lookupIdOf(credential: string): string | undefined {
  return /^rcl_([0-9A-Za-z]{12})_/.exec(credential)?.[1];
}

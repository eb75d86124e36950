import type { ScopedCredentials } from '../aws/aws-clients';
import { describeAwsError } from '../aws/aws-error';
import type { AssumedRole } from '../aws/sts';
import type { Logger } from '../logger';
import type { MintedSession } from './session';
import { halve, packPolicies, type PackedPolicy } from './session-policy';

type Ask = (packed: PackedPolicy) => Promise<AssumedRole>;

/** Spreads actions over as many sessions as their policies need, and more where STS cannot pack one of them. */
export class PolicySplits {
  /** Within the characters allowed, and yet too large once packed: not asked for again. */
  private readonly tooLarge = new Set<string>();

  constructor(private readonly log: Logger) {}

  /**
   * Sessions that together allow exactly `actions`.
   * @param ask for one of them; called for one after the other. @throws what it throws.
   */
  async mint(actions: readonly string[], ask: Ask): Promise<MintedSession> {
    const parts = await this.all(packPolicies(actions), ask);
    return { parts, expiresAt: Math.min(...parts.map(({ expiresAt }) => expiresAt)) };
  }

  private async all(packs: readonly PackedPolicy[], ask: Ask) {
    const parts: (ScopedCredentials & { expiresAt: number })[] = [];
    for (const packed of packs) parts.push(...(await this.each(packed, ask)));
    return parts;
  }

  private async each(packed: PackedPolicy, ask: Ask): Promise<(ScopedCredentials & { expiresAt: number })[]> {
    if (this.tooLarge.has(packed.policy)) return this.all(halve(packed), ask);
    try {
      const { credentials, expiresAt } = await ask(packed);
      return [{ credentials, expiresAt, allowedActions: new Set(packed.actions) }];
    } catch (error) {
      const { code } = describeAwsError(error);
      const isTooLarge = code === 'PackedPolicyTooLarge' || code === 'PackedPolicyTooLargeException';
      if (!isTooLarge || packed.actions.length < 2) throw error;
      this.tooLarge.add(packed.policy);
      const actions = packed.actions.length;
      this.log.warn({ actions }, 'STS cannot pack a session policy: its actions are split over two sessions');
      return this.all(halve(packed), ask);
    }
  }
}

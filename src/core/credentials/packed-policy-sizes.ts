import type { Logger } from '../logger';
import type { AskedPurpose } from './session';

/** Percent of STS's room for a packed session policy from which on it is too near the end. */
const NEAR_THE_LIMIT = 80;

/** How much of STS's room the session policies take: packed, they have a limit of their own beside the 2,048 characters. */
export class PackedPolicySizes {
  /** Since the start. */
  private readonly highest = new Map<AskedPurpose, number>();

  constructor(private readonly log: Logger) {}

  /** Tells the log of each new most of a purpose. @param percent as STS answers it; null when it does not. */
  observe(purpose: AskedPurpose, percent: number | null): void {
    if (percent === null || percent <= (this.highest.get(purpose) ?? 0)) return;
    this.highest.set(purpose, percent);
    const fields = { purpose, percent };
    if (percent > NEAR_THE_LIMIT) {
      this.log.warn(fields, 'A session policy takes most of the room that STS has for it');
    } else {
      this.log.info(fields, 'A session policy takes more of the room that STS has for it than any before');
    }
  }
}

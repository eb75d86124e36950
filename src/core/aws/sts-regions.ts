import type { Partition } from '../accounts/account';
import type { Clock } from '../clock';
import { describeAwsError } from './aws-error';
import { PARTITIONS } from './partition';
import { AWS_REGIONS } from './regions';

const MINUTE_MS = 60_000;
/** A Region whose STS was out of order is tried last for so long. */
const FAILED_MS = 5 * MINUTE_MS;
/** One that has just been seen to be out of order is not worth another wait of the same caller. */
const JUST_FAILED_MS = 15_000;
/** An account that has switched STS off in a Region seldom switches it on again. */
const DISABLED_MS = 60 * MINUTE_MS;
/** Accounts and Regions that are remembered as switched off; the oldest go first. */
const DISABLED_KEPT = 10_000;

/**
 * The Regions whose STS may be asked. AWS answers for redundancy within a Region; beyond that the caller must go
 * elsewhere itself. What STS refuses it refuses everywhere, and is not asked about twice.
 */
export class StsRegions {
  /** By Region, until when. */
  private readonly failed = new Map<string, number>();
  /** By account and Region, until when. */
  private readonly disabled = new Map<string, number>();

  constructor(
    private readonly options: {
      /** Asked first in its partition; null, or a Region that an account must enable first: the partition's own order. */
      preferred: string | null;
      clock: Clock;
    },
  ) {}

  /**
   * Calls STS in one Region after the other until one judges the call.
   * @param subject the account whose credentials are asked for or used: STS may be switched off for it in a Region.
   * @param turn waits for a turn before each attempt; the Region is chosen after that, by what was learnt meanwhile.
   * @throws what the judging Region answered, or the trouble of the first when none could judge.
   */
  async tryEach<T>(
    partition: Partition,
    subject: string,
    turn: (work: () => Promise<T>) => Promise<T>,
    call: (region: string) => Promise<T>,
  ): Promise<T> {
    const untried = new Set(this.regionsOf(partition));
    let trouble: unknown;
    do {
      let region = '';
      try {
        return await turn(() => {
          region = this.best(untried, subject);
          untried.delete(region);
          return call(region);
        });
      } catch (error) {
        if (!region || !this.learn(region, subject, error)) throw error;
        // An outage is worth another try later, a switch that is off is not: it goes before.
        if (trouble === undefined || describeAwsError(trouble).fault === 'region-disabled') trouble = error;
      }
    } while ([...untried].some((region) => !this.hasJustFailed(region)));
    throw trouble;
  }

  private hasJustFailed(region: string): boolean {
    return this.options.clock.now() < (this.failed.get(region) ?? -Infinity) - FAILED_MS + JUST_FAILED_MS;
  }

  private regionsOf(partition: Partition): string[] {
    const { preferred } = this.options;
    const isUsable = AWS_REGIONS.some(
      (known) => known.name === preferred && known.partition === partition && !known.optIn,
    );
    const { stsRegions } = PARTITIONS[partition];
    return [...new Set(isUsable ? [preferred!, ...stsRegions] : stsRegions)];
  }

  private best(regions: ReadonlySet<string>, subject: string): string {
    const now = this.options.clock.now();
    const until = (known: ReadonlyMap<string, number>, key: string) => Math.max(known.get(key) ?? 0, now);
    const disabled = (region: string) => until(this.disabled, `${subject}|${region}`);
    const failed = (region: string) => until(this.failed, region);
    // Of several that are out of order, the one that was seen to be so the longest ago.
    return [...regions].sort((a, b) => disabled(a) - disabled(b) || failed(a) - failed(b))[0]!;
  }

  /** @returns whether another Region may do better. */
  private learn(region: string, subject: string, error: unknown): boolean {
    const now = this.options.clock.now();
    const { fault } = describeAwsError(error);
    if (fault === 'unavailable') this.failed.set(region, now + FAILED_MS);
    if (fault === 'region-disabled') {
      const key = `${subject}|${region}`;
      this.disabled.delete(key);
      this.disabled.set(key, now + DISABLED_MS);
      if (this.disabled.size > DISABLED_KEPT) this.disabled.delete(this.disabled.keys().next().value!);
    }
    return fault === 'unavailable' || fault === 'region-disabled';
  }
}

import { DescribeRegionsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { linkedSignal } from '../abort';
import type { Account } from '../accounts/account';
import type { CallCounter } from '../aws/call-counter';
import { AwsTimeoutError } from '../aws/aws-timeout-error';
import { PARTITIONS } from '../aws/partition';
import type { CredentialBroker } from '../credentials/credential-broker';
import type { Session } from '../credentials/session';
import { collectionError } from './collection-failure';
import type { StepTally } from './run-recorder';

/** What is known of an account from the last time that EC2 answered. */
interface Known {
  /** Where it answered. */
  listingRegion: string;
  regions: string[];
}

/** `isCurrent` is false for a list of last time. */
export interface CollectedRegions {
  regions: string[];
  isCurrent: boolean;
}

/** Which Regions of an account are collected: those that it names, or all that are enabled in it. */
export class EnabledRegions {
  private readonly known = new Map<number, Known>();

  constructor(
    private readonly options: {
      broker: CredentialBroker;
      /** A Region that has not listed them within so many milliseconds of real time is left for another. */
      timeLimitMs: number;
    },
  ) {}

  /**
   * Opens the collect session in any case, so that its refusal is known before anything else is tried. When EC2 alone
   * fails, the Regions of last time serve and the failure is noted.
   * @throws what AWS answered.
   */
  async of(account: Account, signal: AbortSignal, tally: StepTally): Promise<CollectedRegions> {
    try {
      const regions = await this.options.broker.use(account, 'collect', signal, (session) => {
        const { regions } = account;
        return regions.length > 0 ? Promise.resolve(regions) : this.list(account, session, tally);
      });
      return { regions, isCurrent: true };
    } catch (error) {
      const known = this.known.get(account.id);
      // Without a session nothing else would go either.
      if (!known || !this.options.broker.holds(account, 'collect')) throw error;
      tally.note(collectionError(error));
      return { regions: known.regions, isCurrent: false };
    }
  }

  /** Asks where it answered last, then elsewhere. */
  private async list(account: Account, session: Session, calls: CallCounter): Promise<string[]> {
    const { listingRegions } = PARTITIONS[account.partition];
    const lastTime = this.known.get(account.id)?.listingRegion;
    const candidates = new Set([...(lastTime ? [lastTime] : []), ...listingRegions]);
    let failure: unknown;
    for (const region of candidates) {
      const client = session.client(EC2Client, { region, calls });
      try {
        const regions = await this.ask(client, region);
        this.known.set(account.id, { listingRegion: region, regions });
        return regions;
      } catch (error) {
        failure ??= error;
        if (session.signal.aborted) break;
      }
    }
    throw failure;
  }

  private async ask(client: EC2Client, region: string): Promise<string[]> {
    const milliseconds = this.options.timeLimitMs;
    const message = `EC2 in ${region} did not list the enabled Regions within ${milliseconds / 1000} s`;
    const stop = linkedSignal([], { milliseconds, reason: new AwsTimeoutError(message) });
    try {
      const command = new DescribeRegionsCommand({});
      const { Regions = [] } = await client.send(command, { abortSignal: stop.signal });
      return Regions.flatMap(({ RegionName }) => RegionName ?? []).sort();
    } catch (error) {
      throw stop.signal.aborted ? stop.signal.reason : error;
    } finally {
      stop.release();
    }
  }
}

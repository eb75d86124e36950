import type { Partition } from '../accounts/account';
import type { AwsClients, AwsCredentials } from './aws-clients';
import { PARTITIONS } from './partition';

/** What the gateway itself calls AWS with: credentials of one partition are unknown in the others. */
export interface GatewayCredentials {
  /** The same object as long as they serve. @throws when there are none. */
  of(partition: Partition): Promise<AwsCredentials>;
  /** AWS did not accept them: the next `of` looks for them anew. */
  forget(partition: Partition): void;
}

/** Those that the SDK's default chain finds; in a partition that has a profile of its own, those of the profile. */
export class ChainCredentials implements GatewayCredentials {
  private readonly providers = new Map<Partition, () => Promise<AwsCredentials>>();

  constructor(
    private readonly options: {
      clients: AwsClients;
      /** Names of profiles in the shared AWS config. */
      profiles: Partial<Record<Partition, string>>;
    },
  ) {}

  of(partition: Partition): Promise<AwsCredentials> {
    let provider = this.providers.get(partition);
    if (!provider) {
      provider = this.options.clients.defaultCredentials({
        profile: this.options.profiles[partition],
        region: PARTITIONS[partition].homeRegion,
      });
      this.providers.set(partition, provider);
    }
    return provider();
  }

  forget(partition: Partition): void {
    this.providers.delete(partition);
  }
}

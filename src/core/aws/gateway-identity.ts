import type { Partition } from '../accounts/account';
import type { Logger } from '../logger';
import { principalOf, type Principal } from './arn';
import { describeAwsError } from './aws-error';
import type { Sts } from './sts';

/** Who the gateway is to AWS: what the customers' trust policies name. One principal a partition. */
export class GatewayIdentity {
  private derived = new Map<Partition, Principal>();

  constructor(
    private readonly options: {
      sts: Sts;
      /** ROLECALL_PRINCIPAL_ARN; null: asked of STS. */
      principalArn: string | null;
      log: Logger;
    },
  ) {}

  /** Null when the gateway has no identity in the partition, or STS cannot be asked now. A success is kept. */
  async principal(partition: Partition): Promise<Principal | null> {
    if (this.options.principalArn) {
      const configured = principalOf(this.options.principalArn);
      return configured?.partition === partition ? configured : null;
    }
    const known = this.derived.get(partition);
    if (known) return known;
    try {
      const { arn } = await this.options.sts.callerIdentity(partition);
      const principal = principalOf(arn);
      if (principal?.partition !== partition) return null;
      this.derived.set(partition, principal);
      return principal;
    } catch (error) {
      const { code } = describeAwsError(error);
      this.options.log.warn({ code, partition }, 'The gateway’s own AWS identity cannot be had');
      return null;
    }
  }
}

import type { Partition } from '../accounts/account';
import type { Clock } from '../clock';
import type { Logger } from '../logger';
import { principalOf, type Principal } from './arn';
import { describeAwsError } from './aws-error';
import type { Sts } from './sts';

/** A failure is not asked about again for this long. */
const RETRY_AFTER_MS = 60_000;

/** Who the gateway is to AWS: what the customers' trust policies name. One principal a partition. */
export class GatewayIdentity {
  private readonly asked = new Map<Partition, { at: number; answer: Promise<Principal | null> }>();

  constructor(
    private readonly options: {
      sts: Sts;
      /** ROLECALL_PRINCIPAL_ARN; null: asked of STS. */
      principalArn: string | null;
      clock: Clock;
      log: Logger;
    },
  ) {}

  /** Null when the gateway has no identity in the partition, or STS cannot be asked now. A success is kept. */
  async principal(partition: Partition): Promise<Principal | null> {
    if (this.options.principalArn) {
      const configured = principalOf(this.options.principalArn);
      return configured?.partition === partition ? configured : null;
    }
    const now = this.options.clock.now();
    const known = this.asked.get(partition);
    if (known && ((await known.answer) || now < known.at + RETRY_AFTER_MS)) return known.answer;
    const answer = this.ask(partition);
    this.asked.set(partition, { at: now, answer });
    return answer;
  }

  private async ask(partition: Partition): Promise<Principal | null> {
    try {
      const { arn } = await this.options.sts.gatewayIdentity(partition);
      const principal = principalOf(arn);
      return principal?.partition === partition ? principal : null;
    } catch (error) {
      const { code, message } = describeAwsError(error);
      this.options.log.warn({ code, partition }, `The gateway’s own AWS identity cannot be had: ${message}`);
      return null;
    }
  }
}

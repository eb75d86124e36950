import type { Partition } from '../accounts/account';
import type { Clock } from '../clock';
import type { Logger } from '../logger';
import { principalOf, roleSessionOf, type Principal, type RoleSession } from './arn';
import { describeAwsError } from './aws-error';
import type { OwnRole } from './own-role';
import { PARTITIONS } from './partition';
import type { Sts } from './sts';

/** A failure is not asked about again for this long. */
const RETRY_AFTER_MS = 60_000;

/** Who STS says the gateway is, or why that is no principal which a trust policy could name. */
type Answer = { principal: Principal } | { missing: string };

/** Who the gateway is to AWS: what the customers' trust policies name. One principal a partition. */
export class GatewayIdentity {
  private readonly asked = new Map<Partition, { at: number; answer: Promise<Principal | null> }>();
  private readonly compared = new Set<Partition>();

  constructor(
    private readonly options: {
      sts: Pick<Sts, 'gatewayIdentity'>;
      ownRole: Pick<OwnRole, 'arn'>;
      /** As configured: the first of a partition counts. For the other partitions STS is asked. */
      principalArns: readonly string[];
      clock: Clock;
      log: Pick<Logger, 'warn'>;
    },
  ) {}

  /** Null when the gateway has no identity in the partition, or it cannot be had now: the log says why. A success is kept. */
  async principal(partition: Partition): Promise<Principal | null> {
    const configured = this.configured(partition);
    if (configured) {
      void this.compare(configured);
      return configured;
    }
    const now = this.options.clock.now();
    const known = this.asked.get(partition);
    if (known && ((await known.answer) || now < known.at + RETRY_AFTER_MS)) return known.answer;
    const answer = this.learn(partition);
    this.asked.set(partition, { at: now, answer });
    return answer;
  }

  private configured(partition: Partition): Principal | null {
    const principals = this.options.principalArns.map(principalOf);
    return principals.find((principal) => principal?.partition === partition) ?? null;
  }

  private async learn(partition: Partition): Promise<Principal | null> {
    const answer = await this.ask(partition);
    if ('principal' in answer) return answer.principal;
    const code = 'RC_GATEWAY_IDENTITY_MISSING';
    this.options.log.warn(
      { code, partition },
      `The gateway’s own AWS identity cannot be had: ${answer.missing}`,
    );
    return null;
  }

  private async ask(partition: Partition): Promise<Answer> {
    const inPartition = `in the partition ${PARTITIONS[partition].arn}`;
    try {
      const { arn } = await this.options.sts.gatewayIdentity(partition);
      const session = roleSessionOf(arn);
      if (session?.partition === partition) return await this.withPath(session);
      const principal = principalOf(arn);
      if (principal?.partition === partition) return { principal };
      return {
        missing: `${arn || 'nobody'} is no user or role ${inPartition}. Set ROLECALL_PRINCIPAL_ARN to the gateway’s own there`,
      };
    } catch (error) {
      const { message } = describeAwsError(error);
      return {
        missing: `${message}. Give it credentials ${inPartition} (the SDK’s default chain), or set ROLECALL_PRINCIPAL_ARN`,
      };
    }
  }

  /**
   * A trust policy compares `aws:PrincipalArn`, which has the role's path. A guess would hand out policies that refuse the
   * gateway, so without the path there is no identity.
   */
  private async withPath(session: RoleSession): Promise<Answer> {
    const { awsAccountId, roleName } = session;
    try {
      const principal = principalOf(await this.options.ownRole.arn(session));
      if (principal?.awsAccountId === awsAccountId) return { principal };
      return { missing: `iam:GetRole told no ARN of the role ${roleName} in account ${awsAccountId}` };
    } catch (error) {
      return {
        missing:
          `STS does not tell the path of its role ${roleName} in account ${awsAccountId}, and iam:GetRole failed ` +
          `(${describeAwsError(error).code}). Allow the role iam:GetRole on itself, or set ROLECALL_PRINCIPAL_ARN to its whole ARN`,
      };
    }
  }

  /** A mistaken setting makes every customer's role refuse the gateway: worth one question, once. */
  private async compare(configured: Principal): Promise<void> {
    const { partition } = configured;
    if (this.compared.has(partition)) return;
    this.compared.add(partition);
    const found = await this.options.sts.gatewayIdentity(partition).catch(() => null);
    if (!found?.arn.startsWith(`arn:${PARTITIONS[partition].arn}:`)) return;
    const session = roleSessionOf(found.arn);
    const isSame = session
      ? session.awsAccountId === configured.awsAccountId && configured.arn.endsWith(`/${session.roleName}`)
      : found.arn === configured.arn;
    if (isSame) return;
    const message = `The gateway is configured to be ${configured.arn}, but STS knows it as ${found.arn}: roles that trust the one refuse the other`;
    this.options.log.warn({ partition }, message);
  }
}

import type { Partition } from '../accounts/account';
import type { AwsCredentials } from '../aws/aws-clients';
import { describeAwsError, isAwsError } from '../aws/aws-error';
import { awsCallFailed, gatewayIdentityMissing } from '../aws/call-failed';
import type { GatewayCredentials } from '../aws/gateway-credentials';
import type { AssumedRole, Sts } from '../aws/sts';
import type { Clock, Random } from '../clock';
import type { Logger } from '../logger';
import { EXPIRY_MARGIN_MS, renewalTime, SESSION_SECONDS, type MintReason } from './session';
import type { SessionAudit } from './session-audit';
import { packPolicies } from './session-policy';

/** All that the gateway does in its role: its customers' roles are assumed from there. */
const POLICY = packPolicies(['sts:AssumeRole'])[0]!.policy;
const SESSION_NAME = 'rolecall-gateway';
/** A role that could not be assumed is not asked again by every customer's collection. */
const RETRY_AFTER_MS = 10_000;

interface Held extends AssumedRole {
  refreshAt: number;
}

/**
 * The gateway's own role, assumed before every customer's: customers then trust that role, whatever machine the gateway
 * runs on and as whom. Sessions of theirs are chained, an hour at most. What fails here is the gateway's fault, never a
 * customer's.
 */
export class GatewayRole implements GatewayCredentials {
  private readonly held = new Map<Partition, Held>();
  private readonly flights = new Map<Partition, Promise<Held>>();
  private readonly failures = new Map<Partition, { error: unknown; until: number }>();

  constructor(
    private readonly options: {
      /** At most one a partition; in the others the gateway goes by what it starts from. */
      roleArns: Partial<Record<Partition, string>>;
      /** What it starts from. */
      base: GatewayCredentials;
      /** STS as `base`. */
      sts: Pick<Sts, 'assumeRole'>;
      sessionAudit: SessionAudit;
      clock: Clock;
      random: Random;
      log: Logger;
    },
  ) {}

  /** @throws AwsCallFailedError RC_GATEWAY_IDENTITY_MISSING; RC_AWS_CALL_FAILED while STS is down. */
  async of(partition: Partition): Promise<AwsCredentials> {
    const roleArn = this.options.roleArns[partition];
    if (!roleArn) return this.options.base.of(partition);
    const now = this.options.clock.now();
    const held = this.held.get(partition);
    if (!held) return (await this.assume(partition, roleArn, 'first')).credentials;
    if (now >= held.expiresAt) return (await this.assume(partition, roleArn, 'expired')).credentials;
    if (now < held.refreshAt) return held.credentials;
    const renewal = this.assume(partition, roleArn, 'renewal').catch((error: unknown) =>
      this.keep(partition, held, error),
    );
    return (now < held.expiresAt - EXPIRY_MARGIN_MS ? held : await renewal).credentials;
  }

  forget(partition: Partition): void {
    this.held.delete(partition);
    this.options.base.forget(partition);
  }

  /** The session at hand serves to its end. */
  private keep(partition: Partition, held: Held, error: unknown): Held {
    const { message } = describeAwsError(error);
    this.options.log.warn({ partition }, `The gateway’s own role could not be assumed anew: ${message}`);
    return held;
  }

  private assume(partition: Partition, roleArn: string, why: MintReason): Promise<Held> {
    const underWay = this.flights.get(partition);
    if (underWay) return underWay;
    const { clock } = this.options;
    const failure = this.failures.get(partition);
    if (failure && clock.now() < failure.until) return Promise.reject(failure.error as Error);
    const flight = this.mint(partition, roleArn, why)
      .catch((error: unknown) => {
        this.failures.set(partition, { error, until: clock.now() + RETRY_AFTER_MS });
        throw error;
      })
      .finally(() => this.flights.delete(partition));
    this.flights.set(partition, flight);
    return flight;
  }

  private async mint(partition: Partition, roleArn: string, why: MintReason): Promise<Held> {
    const { sts, sessionAudit, clock, random, log } = this.options;
    const request = {
      ...{ tenantId: null, partition, roleArn, externalId: null, sessionName: SESSION_NAME },
      ...{ policy: POLICY, durationSeconds: SESSION_SECONDS },
    };
    const asked = { accountId: null, externalId: null, purpose: 'gateway', why } as const;
    const answer = sessionAudit.ask(request, asked, (...ask) => sts.assumeRole(...ask));
    const assumed = await answer.catch((error: unknown) => {
      if (!isAwsError(error)) throw error;
      const { retryable } = describeAwsError(error);
      if (retryable) throw awsCallFailed('sts:AssumeRole of the gateway’s own role', error);
      const what =
        `The gateway’s own role ${roleArn} cannot be assumed: let its trust policy name the gateway’s credentials, ` +
        'let those call sts:AssumeRole on it, or mend ROLECALL_GATEWAY_ROLE_ARN';
      throw gatewayIdentityMissing(error, what);
    });
    const held = { ...assumed, refreshAt: renewalTime(clock.now(), assumed.expiresAt, random) };
    this.held.set(partition, held);
    log.info({ partition, roleArn, sessionName: SESSION_NAME }, 'The gateway has assumed its own role');
    return held;
  }
}

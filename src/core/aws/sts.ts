import {
  AssumeRoleCommand,
  GetCallerIdentityCommand,
  GetFederationTokenCommand,
  type AssumeRoleCommandOutput,
  type GetCallerIdentityCommandOutput,
  type GetFederationTokenCommandOutput,
} from '@aws-sdk/client-sts';
import type { Partition } from '../accounts/account';
import { AwsCallFailedError } from '../errors';
import type { AwsCredentials } from './aws-clients';
import type { CallCounter } from './call-counter';
import { describeAwsError } from './aws-error';
import { gatewayIdentityMissing } from './call-failed';
import type { GatewayCredentials } from './gateway-credentials';
import type { StsCall, StsCalls, StsScope } from './sts-calls';

/** STS: what a session assumes lives an hour at most (role chaining). */
const CHAINED_SECONDS = 3600;
/** STS: an inline session policy holds at most 2,048 characters of plain text. */
export const SESSION_POLICY_LIMIT = 2048;
/** STS: characters of a federated user's name. */
const FEDERATION_NAME_LIMIT = 32;

export interface AssumeRoleRequest {
  /** Whose role it is: tenants take turns. Null for the gateway's own. */
  tenantId: number | null;
  partition: Partition;
  roleArn: string;
  /** Left out only by a probe that expects a refusal. */
  externalId: string | null;
  /** 2 to 64 of `[\w+=,.@-]`; the customer's CloudTrail shows it. */
  sessionName: string;
  /** Inline session policy, JSON, at most 2,048 characters. */
  policy: string;
  /** Seconds, 900 to 43,200; cut to 3,600 where the gateway's own credentials are a session's. */
  durationSeconds: number;
  calls?: CallCounter;
}

export interface FederationRequest {
  /** Whose keys they are: tenants take turns. */
  tenantId: number;
  partition: Partition;
  /** Of an IAM user: a session may not ask. */
  credentials: AwsCredentials;
  /** As a session's name, cut to the 32 characters that STS allows here. */
  name: string;
  /** Inline session policy, JSON, at most 2,048 characters. */
  policy: string;
  /** Seconds, 900 to 129,600. */
  durationSeconds: number;
  calls?: CallCounter;
}

export interface AssumedRole {
  credentials: AwsCredentials;
  /** Epoch ms by STS's clock. */
  expiresAt: number;
  /** Percent of what STS has room for, once it has packed the session policy; null when it does not say. */
  packedPolicySize: number | null;
}

/** Whose credentials they are. */
export interface CallerIdentity {
  awsAccountId: string;
  arn: string;
}

/** The gateway's dealings with STS. */
export class Sts {
  constructor(private readonly options: { calls: StsCalls; gateway: GatewayCredentials }) {}

  /** @throws AwsCallFailedError when the gateway's own credentials are the trouble; else what the SDK throws. */
  async assumeRole(request: AssumeRoleRequest, signal?: AbortSignal): Promise<AssumedRole> {
    checkPolicy(request.policy);
    const awsAccountId = request.roleArn.split(':')[4] ?? '';
    const ask: StsCall<AssumeRoleCommandOutput> = (client, attempt, { sessionToken }) => {
      const command = new AssumeRoleCommand({
        RoleArn: request.roleArn,
        RoleSessionName: request.sessionName,
        ExternalId: request.externalId ?? undefined,
        Policy: request.policy,
        DurationSeconds: Math.min(request.durationSeconds, sessionToken ? CHAINED_SECONDS : Infinity),
      });
      return client.send(command, attempt);
    };
    const { partition, tenantId, calls } = request;
    const answer = await this.asGateway({ partition, subject: awsAccountId, tenantId, calls }, ask, signal);
    return sessionIn('sts:AssumeRole', answer);
  }

  /** A session of the user whose keys these are, narrowed by `policy`. @throws what the SDK throws. */
  async getFederationToken(request: FederationRequest, signal?: AbortSignal): Promise<AssumedRole> {
    checkPolicy(request.policy);
    const ask: StsCall<GetFederationTokenCommandOutput> = (client, attempt) => {
      const command = new GetFederationTokenCommand({
        Name: request.name.slice(0, FEDERATION_NAME_LIMIT),
        Policy: request.policy,
        DurationSeconds: request.durationSeconds,
      });
      return client.send(command, attempt);
    };
    const { credentials, partition, tenantId, calls } = request;
    const scope = { partition, subject: credentials.accessKeyId, tenantId, calls };
    const answer = await this.options.calls.as(credentials, scope, ask, signal);
    return sessionIn('sts:GetFederationToken', answer);
  }

  /** Who the gateway is. @throws AwsCallFailedError */
  async gatewayIdentity(partition: Partition): Promise<CallerIdentity> {
    return identityOf(await this.asGateway({ partition, subject: 'gateway', tenantId: null }, askIdentity));
  }

  /** Who these credentials are. Needs no permission and cannot be denied. @throws what the SDK throws. */
  async callerIdentity(
    { partition, tenantId, calls }: { partition: Partition; tenantId: number; calls?: CallCounter },
    credentials: AwsCredentials,
    signal?: AbortSignal,
  ): Promise<CallerIdentity> {
    const scope = { partition, subject: credentials.accessKeyId, tenantId, calls };
    return identityOf(await this.options.calls.as(credentials, scope, askIdentity, signal));
  }

  /** With its credentials at hand: what is met on the way to them is no answer of the customer's role. */
  private async asGateway<T>(scope: StsScope, ask: StsCall<T>, signal?: AbortSignal): Promise<T> {
    const { partition } = scope;
    const { gateway } = this.options;
    const credentials = await gateway.of(partition).catch((error: unknown) => {
      gateway.forget(partition);
      throw gatewayIdentityMissing(error);
    });
    try {
      return await this.options.calls.as(credentials, scope, ask, signal);
    } catch (error) {
      const { fault } = describeAwsError(error);
      // Keys that are not accepted or have expired say nothing of a customer.
      if (fault !== 'credentials' && fault !== 'expired') throw error;
      gateway.forget(partition);
      throw gatewayIdentityMissing(error);
    }
  }
}

/** AWS would take a longer one as well, since the limit is not in its model. */
function checkPolicy(policy: string): void {
  if (policy.length === 0 || policy.length > SESSION_POLICY_LIMIT) {
    throw new RangeError(
      `A session policy of ${policy.length} characters: 1 to ${SESSION_POLICY_LIMIT} are needed`,
    );
  }
}

const askIdentity: StsCall<GetCallerIdentityCommandOutput> = (client, attempt) =>
  client.send(new GetCallerIdentityCommand({}), attempt);

function sessionIn(
  action: string,
  { Credentials: given, PackedPolicySize }: Pick<AssumeRoleCommandOutput, 'Credentials' | 'PackedPolicySize'>,
): AssumedRole {
  if (!given?.AccessKeyId || !given.SecretAccessKey || !given.Expiration) {
    throw new AwsCallFailedError(`${action} answered without credentials`, 'InvalidAnswer', true);
  }
  return {
    credentials: {
      accessKeyId: given.AccessKeyId,
      secretAccessKey: given.SecretAccessKey,
      sessionToken: given.SessionToken,
    },
    expiresAt: given.Expiration.getTime(),
    packedPolicySize: PackedPolicySize ?? null,
  };
}

function identityOf({ Account = '', Arn = '' }: { Account?: string; Arn?: string }): CallerIdentity {
  return { awsAccountId: Account, arn: Arn };
}

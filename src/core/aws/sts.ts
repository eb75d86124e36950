import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { Partition } from '../accounts/account';
import { AwsCallFailedError } from '../errors';
import type { AwsClients, AwsCredentials } from './aws-clients';
import { describeAwsError } from './aws-error';
import { PARTITIONS } from './partition';

const STS_ACTIONS: ReadonlySet<string> = new Set(['sts:AssumeRole', 'sts:GetCallerIdentity']);

export interface AssumeRoleRequest {
  partition: Partition;
  roleArn: string;
  /** Left out only by a probe that expects a refusal. */
  externalId: string | null;
  /** 2 to 64 of `[\w+=,.@-]`; the customer's CloudTrail shows it. */
  sessionName: string;
  /** Inline session policy, JSON, at most 2,048 characters. */
  policy: string;
  /** Seconds, 900 to 43,200; a chained role at most 3,600. */
  durationSeconds: number;
}

export interface AssumedRole {
  credentials: AwsCredentials;
  /** Epoch ms by STS's clock. */
  expiresAt: number;
}

/**
 * The gateway's dealings with STS, through the regional endpoint of the partition's home Region. One client a partition
 * speaks for the gateway itself: a client keeps the credentials that the SDK's default chain found, a new one would walk
 * the whole chain again.
 */
export class Sts {
  private readonly gatewayClients = new Map<Partition, STSClient>();

  constructor(
    private readonly options: {
      clients: AwsClients;
      /** The gateway's own credentials; undefined: the SDK's default chain. */
      gatewayCredentials?: () => Promise<AwsCredentials>;
    },
  ) {}

  /** @throws AwsCallFailedError when the gateway's own credentials are the trouble; else what the SDK throws. */
  async assumeRole(request: AssumeRoleRequest): Promise<AssumedRole> {
    const client = await this.gatewayClient(request.partition);
    const command = new AssumeRoleCommand({
      RoleArn: request.roleArn,
      RoleSessionName: request.sessionName,
      ExternalId: request.externalId ?? undefined,
      Policy: request.policy,
      DurationSeconds: request.durationSeconds,
    });
    const { Credentials: credentials } = await client.send(command).catch(blameGateway);
    if (!credentials?.AccessKeyId || !credentials.SecretAccessKey || !credentials.Expiration) {
      throw new AwsCallFailedError('sts:AssumeRole answered without credentials', 'InvalidAnswer', true);
    }
    return {
      credentials: {
        accessKeyId: credentials.AccessKeyId,
        secretAccessKey: credentials.SecretAccessKey,
        sessionToken: credentials.SessionToken,
      },
      expiresAt: credentials.Expiration.getTime(),
    };
  }

  /** Who the gateway is. @throws AwsCallFailedError */
  async gatewayIdentity(partition: Partition): Promise<CallerIdentity> {
    const client = await this.gatewayClient(partition);
    return identityOf(await client.send(new GetCallerIdentityCommand({})).catch(blameGateway));
  }

  /** Who these credentials are. Needs no permission and cannot be denied. @throws what the SDK throws. */
  async callerIdentity(partition: Partition, credentials: AwsCredentials): Promise<CallerIdentity> {
    const client = this.options.clients.create(STSClient, { ...scopeIn(partition), credentials });
    return identityOf(await client.send(new GetCallerIdentityCommand({})));
  }

  /** With its credentials at hand: what the chain meets on its way is no answer of the customer's role. */
  private async gatewayClient(partition: Partition): Promise<STSClient> {
    let client = this.gatewayClients.get(partition);
    if (!client) {
      const credentials = this.options.gatewayCredentials;
      client = this.options.clients.create(STSClient, { ...scopeIn(partition), credentials });
      this.gatewayClients.set(partition, client);
    }
    await client.config.credentials().catch((error: unknown) => {
      throw gatewayIdentityMissing(error);
    });
    return client;
  }
}

interface CallerIdentity {
  awsAccountId: string;
  arn: string;
}

function identityOf({ Account = '', Arn = '' }: { Account?: string; Arn?: string }): CallerIdentity {
  return { awsAccountId: Account, arn: Arn };
}

function scopeIn(partition: Partition) {
  return { region: PARTITIONS[partition].homeRegion, allowedActions: STS_ACTIONS };
}

/** A call in the gateway's own name whose keys are not accepted or have expired says nothing of a customer. */
function blameGateway(error: unknown): never {
  const { fault } = describeAwsError(error);
  throw fault === 'credentials' || fault === 'expired' ? gatewayIdentityMissing(error) : error;
}

function gatewayIdentityMissing(error: unknown): AwsCallFailedError {
  const { code, message } = describeAwsError(error);
  return new AwsCallFailedError(
    `The gateway’s own AWS credentials cannot be used (${code}): ${message}`,
    code,
    true,
    {
      code: 'RC_GATEWAY_IDENTITY_MISSING',
      cause: error,
    },
  );
}

/** The typed answer for a call that AWS did not serve and nobody's input is to blame for. */
export function awsCallFailed(action: string, error: unknown): AwsCallFailedError {
  if (error instanceof AwsCallFailedError) return error;
  const { code, message, retryable } = describeAwsError(error);
  return new AwsCallFailedError(`${action} failed with ${code}: ${message}`, code, retryable, {
    cause: error,
  });
}

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

/** The gateway's dealings with STS, through the regional endpoint of the partition's home Region. */
export class Sts {
  constructor(
    private readonly options: {
      clients: AwsClients;
      /** The gateway's own credentials; undefined: the SDK's default chain. */
      gatewayCredentials?: () => Promise<AwsCredentials>;
    },
  ) {}

  /** @throws what the SDK throws; see describeAwsError. */
  async assumeRole(request: AssumeRoleRequest): Promise<AssumedRole> {
    const { Credentials: credentials } = await this.client(request.partition).send(
      new AssumeRoleCommand({
        RoleArn: request.roleArn,
        RoleSessionName: request.sessionName,
        ExternalId: request.externalId ?? undefined,
        Policy: request.policy,
        DurationSeconds: request.durationSeconds,
      }),
    );
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

  /** Who these credentials are; the gateway itself when none are given. Needs no permission and cannot be denied. */
  async callerIdentity(
    partition: Partition,
    credentials?: AwsCredentials,
  ): Promise<{ awsAccountId: string; arn: string }> {
    const { Account, Arn } = await this.client(partition, credentials).send(new GetCallerIdentityCommand({}));
    return { awsAccountId: Account ?? '', arn: Arn ?? '' };
  }

  private client(partition: Partition, credentials?: AwsCredentials): STSClient {
    return this.options.clients.create(STSClient, {
      credentials: credentials ?? this.options.gatewayCredentials,
      region: PARTITIONS[partition].homeRegion,
      allowedActions: STS_ACTIONS,
    });
  }
}

/** The typed answer for a call that AWS did not serve and nobody's input is to blame for. */
export function awsCallFailed(action: string, error: unknown): AwsCallFailedError {
  const { code, message, retryable, fault } = describeAwsError(error);
  const ours = fault === 'credentials' || fault === 'expired';
  return new AwsCallFailedError(
    `${action} failed with ${code}: ${message}${ours ? '. The gateway’s own AWS credentials are missing or not valid' : ''}`,
    code,
    retryable,
    { cause: error, ...(ours && { code: 'RC_GATEWAY_IDENTITY_MISSING' as const }) },
  );
}

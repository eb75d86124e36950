import { DecryptCommand, EncryptCommand, KMSClient } from '@aws-sdk/client-kms';
import type { AwsClients, AwsCredentials } from '../../aws/aws-clients';
import { describeAwsError } from '../../aws/aws-error';
import { gatewayIdentityMissing } from '../../aws/call-failed';
import type { GatewayCredentials } from '../../aws/gateway-credentials';
import { partitionOfArn } from '../../aws/partition';
import { AwsCallFailedError } from '../../errors';
import { KMS_KEY_ARN } from './encryption-keys';
import type { KeyEncryptionKey } from './key-encryption-keys';
import type { SealContext } from './seal-context';
import { notBelonging } from './sealed-text';

const KMS_ACTIONS: ReadonlySet<string> = new Set(['kms:Encrypt', 'kms:Decrypt']);
/** The bytes are not what this key made for this context. Anything else that KMS answers says nothing of them. */
const NOT_BELONGING: ReadonlySet<string> = new Set(['InvalidCiphertextException', 'IncorrectKeyException']);

/**
 * A key-encryption key that never leaves AWS KMS, called in the gateway's own name. Data keys are drawn here, as for a
 * local key, so that kms:Encrypt and kms:Decrypt on the one key are all it needs. The context is KMS's encryption
 * context: a data key opens for no other, and CloudTrail shows whose secret was opened.
 */
export class KmsKey implements KeyEncryptionKey {
  readonly id: string;
  private readonly region: string;
  /** With the credentials that it was made for: an SDK client keeps them. */
  private client: { of: AwsCredentials; client: KMSClient } | null = null;

  constructor(private readonly options: { arn: string; clients: AwsClients; gateway: GatewayCredentials }) {
    const [, region, keyId] = KMS_KEY_ARN.exec(options.arn) ?? [];
    if (!region || !keyId) throw new Error(`${options.arn} is not the ARN of a KMS key`);
    this.id = `kms-${keyId}`;
    this.region = region;
  }

  async wrap(dataKey: Buffer, context: SealContext): Promise<Buffer> {
    const command = new EncryptCommand({
      KeyId: this.options.arn,
      Plaintext: dataKey,
      EncryptionContext: encryptionContext(context),
    });
    const { CiphertextBlob } = await this.asGateway('kms:Encrypt', (client) => client.send(command));
    return bytesIn('kms:Encrypt', CiphertextBlob);
  }

  async unwrap(wrappedKey: Buffer, context: SealContext): Promise<Buffer> {
    const command = new DecryptCommand({
      KeyId: this.options.arn,
      CiphertextBlob: wrappedKey,
      EncryptionContext: encryptionContext(context),
    });
    const { Plaintext } = await this.asGateway('kms:Decrypt', (client) => client.send(command));
    return bytesIn('kms:Decrypt', Plaintext);
  }

  /** Whatever fails is retryable: key and credentials are the gateway's own, and no account is broken by them. */
  private async asGateway<T>(action: string, call: (client: KMSClient) => Promise<T>): Promise<T> {
    const { arn, gateway } = this.options;
    const partition = partitionOfArn(arn.split(':')[1])!;
    const credentials = await gateway.of(partition).catch((error: unknown) => {
      throw gatewayIdentityMissing(error);
    });
    try {
      return await call(this.clientWith(credentials));
    } catch (error) {
      const { code, fault } = describeAwsError(error);
      if (NOT_BELONGING.has(code)) throw notBelonging(error);
      if (fault === 'credentials' || fault === 'expired') {
        gateway.forget(partition);
        throw gatewayIdentityMissing(error);
      }
      const what = `The gateway could not use its encryption key ${this.id}: ${action} failed with ${code}`;
      throw new AwsCallFailedError(what, code, true, { cause: error });
    }
  }

  private clientWith(credentials: AwsCredentials): KMSClient {
    if (this.client?.of !== credentials) {
      const scope = { credentials, region: this.region, allowedActions: KMS_ACTIONS };
      this.client = { of: credentials, client: this.options.clients.create(KMSClient, scope) };
    }
    return this.client.client;
  }
}

function bytesIn(action: string, answered: Uint8Array | undefined): Buffer {
  if (answered) return Buffer.from(answered);
  throw new AwsCallFailedError(`${action} answered without bytes`, 'InvalidAnswer', true);
}

function encryptionContext({ tenantId, accountId, field }: SealContext): Record<string, string> {
  return { tenant: String(tenantId), account: String(accountId), field };
}

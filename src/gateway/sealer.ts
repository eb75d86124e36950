import { join } from 'node:path';
import type { Configuration } from '../config/settings';
import type { AwsClients } from '../core/aws/aws-clients';
import type { GatewayCredentials } from '../core/aws/gateway-credentials';
import { loadEncryptionKeys } from '../core/credentials/sealing/encryption-keys';
import { KeyEncryptionKeys } from '../core/credentials/sealing/key-encryption-keys';
import { KmsKey } from '../core/credentials/sealing/kms-key';
import { LocalKey } from '../core/credentials/sealing/local-key';
import { Sealer } from '../core/credentials/sealing/sealer';

/** The sealer of stored secrets, with the configured keys in their order. @throws EncryptionKeyError */
export function buildSealer(
  { encryptionKey, dataDir }: Pick<Configuration, 'encryptionKey' | 'dataDir'>,
  clients: AwsClients,
  gateway: GatewayCredentials,
): Sealer {
  const keys = loadEncryptionKeys({
    value: encryptionKey ?? undefined,
    file: join(dataDir, 'encryption.key'),
  });
  return new Sealer(
    new KeyEncryptionKeys(
      keys.map((key) =>
        'kmsKeyArn' in key ? new KmsKey({ arn: key.kmsKeyArn, clients, gateway }) : new LocalKey(key.bytes),
      ),
    ),
  );
}

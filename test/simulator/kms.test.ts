import {
  DecryptCommand,
  DescribeKeyCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  KMSClient,
  type EncryptCommandInput,
} from '@aws-sdk/client-kms';
import type { KmsKey, Simulator } from '../../src/simulator';
import { allow, clientConfig, customerId, errorOf, gatewayKeys, region, startTestSimulator } from './harness';

const EncryptionContext = { tenant: '1', account: '7' };
const Plaintext = Buffer.from('the secret access key');

let simulator: Simulator;
let kms: KMSClient;
let key: KmsKey;

beforeEach(async () => {
  simulator = await startTestSimulator();
  kms = new KMSClient(clientConfig(simulator));
  key = simulator.world.addKmsKey({ accountId: customerId, region, aliases: ['alias/rolecall'] });
});
afterEach(() => simulator.close());

async function encrypt(input: Partial<EncryptCommandInput> = {}): Promise<Uint8Array> {
  const command = new EncryptCommand({ KeyId: key.KeyId, Plaintext, EncryptionContext, ...input });
  return (await kms.send(command)).CiphertextBlob!;
}

test('GenerateDataKey: the plain key comes back from the wrapped one', async () => {
  const made = await kms.send(
    new GenerateDataKeyCommand({ KeyId: 'alias/rolecall', KeySpec: 'AES_256', EncryptionContext }),
  );
  expect(made.KeyId).toBe(key.Arn);
  expect(made.Plaintext).toHaveLength(32);
  const { CiphertextBlob } = made;
  expect(Buffer.from(CiphertextBlob!).includes(Buffer.from(made.Plaintext!))).toBe(false);
  const opened = await kms.send(new DecryptCommand({ CiphertextBlob, EncryptionContext }));
  expect(opened).toMatchObject({ KeyId: key.Arn, EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' });
  expect(opened.Plaintext).toEqual(made.Plaintext);
  const short = await kms.send(new GenerateDataKeyCommand({ KeyId: key.Arn, NumberOfBytes: 5 }));
  expect(short.Plaintext).toHaveLength(5);
});

test('a key is found by id, alias and the ARN of either, and no two encryptions are alike', async () => {
  const aliasArn = key.Arn.replace(`key/${key.KeyId}`, 'alias/rolecall');
  const blobs = await Promise.all(
    [key.KeyId, key.Arn, 'alias/rolecall', aliasArn].map((KeyId) => encrypt({ KeyId })),
  );
  expect(new Set(blobs.map((blob) => Buffer.from(blob).toString('hex'))).size).toBe(4);
  for (const CiphertextBlob of blobs) {
    const opened = await kms.send(new DecryptCommand({ CiphertextBlob, EncryptionContext, KeyId: aliasArn }));
    expect(Buffer.from(opened.Plaintext!)).toEqual(Plaintext);
  }
});

test('the encryption context is bound, in whatever order', async () => {
  const CiphertextBlob = await encrypt();
  const open = (context: Record<string, string> | undefined) =>
    kms.send(new DecryptCommand({ CiphertextBlob, EncryptionContext: context }));
  await open({ account: '7', tenant: '1' });
  const wrongContexts: Array<Record<string, string> | undefined> = [
    undefined,
    { tenant: '1' },
    { tenant: '1', account: '8' },
    { tenant: '17' },
  ];
  for (const wrong of wrongContexts) {
    await expect(errorOf(open(wrong))).resolves.toMatchObject({
      name: 'InvalidCiphertextException',
      status: 400,
    });
  }
});

test('a changed or cut blob does not open', async () => {
  const blob = Buffer.from(await encrypt());
  const flipped = (at: number) => {
    const copy = Buffer.from(blob);
    copy[at] ^= 1;
    return copy;
  };
  const bodyAt = 2 + key.KeyId.length;
  const broken = [
    ...[0, bodyAt, bodyAt + 12, blob.length - 1].map(flipped),
    ...[blob.subarray(0, 1), blob.subarray(0, bodyAt + 20), blob.subarray(0, -1)],
  ];
  for (const CiphertextBlob of broken) {
    await expect(
      errorOf(kms.send(new DecryptCommand({ CiphertextBlob, EncryptionContext }))),
    ).resolves.toMatchObject({ name: 'InvalidCiphertextException' });
  }
});

test('a blob opens with its own key alone', async () => {
  const other = simulator.world.addKmsKey({ accountId: customerId, region });
  const CiphertextBlob = await encrypt();
  await expect(
    errorOf(kms.send(new DecryptCommand({ CiphertextBlob, EncryptionContext, KeyId: other.KeyId }))),
  ).resolves.toMatchObject({ name: 'IncorrectKeyException' });
  simulator.world.resources(customerId, region).kmsKeys.delete(key.KeyId);
  await expect(
    errorOf(kms.send(new DecryptCommand({ CiphertextBlob, EncryptionContext }))),
  ).resolves.toMatchObject({ name: 'AccessDeniedException', status: 400 });
});

test('a disabled key does nothing until it is enabled again', async () => {
  const CiphertextBlob = await encrypt();
  const place = { accountId: customerId, region, keyId: key.KeyId };
  simulator.world.addKmsKey({ ...place, state: 'Disabled' });
  const described = await kms.send(new DescribeKeyCommand({ KeyId: 'alias/rolecall' }));
  expect(described.KeyMetadata).toMatchObject({ KeyState: 'Disabled', Enabled: false, Arn: key.Arn });
  const disabled = { name: 'DisabledException', status: 400, message: `${key.Arn} is disabled.` };
  await expect(errorOf(encrypt())).resolves.toMatchObject(disabled);
  const open = () => kms.send(new DecryptCommand({ CiphertextBlob, EncryptionContext }));
  await expect(errorOf(open())).resolves.toMatchObject(disabled);
  simulator.world.addKmsKey({ ...place, state: 'PendingDeletion' });
  await expect(errorOf(open())).resolves.toMatchObject({ name: 'KMSInvalidStateException' });
  simulator.world.addKmsKey({ ...place, state: 'Enabled' });
  expect(Buffer.from((await open()).Plaintext!)).toEqual(Plaintext);
});

test('an alias moves to the key that takes it; what it wrapped before still opens', async () => {
  const CiphertextBlob = await encrypt({ KeyId: 'alias/rolecall' });
  const next = simulator.world.addKmsKey({ accountId: customerId, region, aliases: ['alias/rolecall'] });
  const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: 'alias/rolecall' }));
  expect(KeyMetadata!.Arn).toBe(next.Arn);
  const opened = await kms.send(new DecryptCommand({ CiphertextBlob, EncryptionContext }));
  expect(opened.KeyId).toBe(key.Arn);
});

test('every action asks for its permission on the very key, alias or not', async () => {
  const other = simulator.world.addKmsKey({ accountId: customerId, region, aliases: ['alias/other'] });
  const keys = { accessKeyId: 'AKIALIMITED000000000', secretAccessKey: 'limited' };
  const permissionPolicy = allow(['kms:Encrypt', 'kms:Decrypt'], { Resource: key.Arn });
  simulator.world.addUser({ accountId: customerId, name: 'limited', permissionPolicy, ...keys });
  const limited = new KMSClient(clientConfig(simulator, keys));
  const { CiphertextBlob } = await limited.send(
    new EncryptCommand({ KeyId: 'alias/rolecall', Plaintext, EncryptionContext }),
  );
  await limited.send(new DecryptCommand({ CiphertextBlob, EncryptionContext }));
  const foreign = await encrypt({ KeyId: other.KeyId });
  const denied = await Promise.all([
    errorOf(limited.send(new EncryptCommand({ KeyId: 'alias/other', Plaintext }))),
    errorOf(limited.send(new DecryptCommand({ CiphertextBlob: foreign, EncryptionContext }))),
    errorOf(limited.send(new DescribeKeyCommand({ KeyId: key.KeyId }))),
    errorOf(limited.send(new GenerateDataKeyCommand({ KeyId: key.KeyId, KeySpec: 'AES_256' }))),
  ]);
  expect(denied.map(({ name, status }) => [name, status])).toEqual(
    denied.map(() => ['AccessDeniedException', 400]),
  );
});

test('keys are of an account and a Region', async () => {
  const elsewhere = new KMSClient({ ...clientConfig(simulator), region: 'us-east-1' });
  const others = new KMSClient(clientConfig(simulator, gatewayKeys));
  for (const client of [elsewhere, others]) {
    for (const KeyId of [key.KeyId, key.Arn, 'alias/rolecall']) {
      await expect(errorOf(client.send(new DescribeKeyCommand({ KeyId })))).resolves.toMatchObject({
        name: 'NotFoundException',
        status: 400,
      });
    }
  }
});

test('bad input', async () => {
  const calls = [
    encrypt({ Plaintext: Buffer.alloc(4_097) }),
    encrypt({ Plaintext: Buffer.alloc(0) }),
    encrypt({ KeyId: undefined }),
    encrypt({ GrantTokens: ['x'] }),
    encrypt({ EncryptionAlgorithm: 'RSAES_OAEP_SHA_256' }),
    kms.send(new GenerateDataKeyCommand({ KeyId: key.KeyId })),
    kms.send(new GenerateDataKeyCommand({ KeyId: key.KeyId, KeySpec: 'AES_256', NumberOfBytes: 32 })),
    kms.send(new GenerateDataKeyCommand({ KeyId: key.KeyId, NumberOfBytes: 1_025 })),
  ];
  const errors = await Promise.all(calls.map(errorOf));
  expect(errors.map(({ name }) => name)).toEqual(calls.map(() => 'ValidationException'));
});

import { randomBytes } from 'node:crypto';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { AwsClients } from '../../src/core/aws/aws-clients';
import { KeyEncryptionKeys } from '../../src/core/credentials/sealing/key-encryption-keys';
import { KmsKey } from '../../src/core/credentials/sealing/kms-key';
import { LocalKey } from '../../src/core/credentials/sealing/local-key';
import { Sealer } from '../../src/core/credentials/sealing/sealer';
import type { Simulator } from '../../src/simulator';
import { allow, gatewayId, gatewayKeys, region, startTestSimulator } from '../simulator/harness';
import { expectBoundToItsRow, expectNamedKeyAlone, expectWholeTags } from './support/sealing-guards';

/** The same of keys that never leave AWS KMS. */

const CONTEXT = { tenantId: 1, accountId: 7, field: 'access-key' };
const localKey = new LocalKey(randomBytes(32));

let simulator: Simulator;
let clients: AwsClients;
let credentials: typeof gatewayKeys;
let forgotten: number;

beforeEach(async () => {
  simulator = await startTestSimulator();
  clients = new AwsClients({
    endpoint: simulator.url,
    requestHandler: new NodeHttpHandler(),
    maxAttempts: 1,
  });
  credentials = gatewayKeys;
  forgotten = 0;
});
afterEach(async () => {
  clients.close();
  await simulator.close();
});

function newKmsKey(): KmsKey {
  const { Arn: arn } = simulator.world.addKmsKey({ accountId: gatewayId, region });
  const gateway = { of: async () => credentials, forget: () => void (forgotten += 1) };
  return new KmsKey({ arn, clients, gateway });
}

const sealerOf = (...keys: (KmsKey | LocalKey)[]) => new Sealer(new KeyEncryptionKeys(keys));

it('keeps to the same guards', async () => {
  const sealer = sealerOf(newKmsKey());
  await expectBoundToItsRow(sealer);
  await expectWholeTags(sealer);
  await expectNamedKeyAlone(sealer);
});

it('costs one call a seal and one an opening, and shows KMS neither secret nor data key in clear', async () => {
  const kmsKey = newKmsKey();
  const sealer = sealerOf(kmsKey);
  const sealed = await sealer.seal('secret', CONTEXT);
  expect(sealer.keyIdOf(sealed)).toBe(kmsKey.id);
  expect(kmsKey.id).toMatch(/^kms-[\w-]{36}$/);
  expect(await sealer.open(sealed, CONTEXT)).toBe('secret');
  expect(simulator.calls.counts()).toEqual({ 'kms:Encrypt': 1, 'kms:Decrypt': 1 });
});

it('moves from a local key to KMS, to another KMS key, and back, with each opening what was before', async () => {
  const [first, second] = [newKmsKey(), newKmsKey()];
  let sealed = await sealerOf(localKey).seal('secret', CONTEXT);
  const [, , , ...secret] = sealed.split('.');
  for (const [to, from] of [
    [first, localKey],
    [second, first],
    [localKey, second],
  ] as const) {
    const sealer = sealerOf(to, from);
    const rewrapped = await sealer.rewrap(sealed, CONTEXT);
    expect(sealer.keyIdOf(rewrapped)).toBe(to.id);
    expect(rewrapped.split('.').slice(3)).toEqual(secret);
    for (const text of [sealed, rewrapped]) expect(await sealer.open(text, CONTEXT)).toBe('secret');
    expect(await sealerOf(to).open(rewrapped, CONTEXT)).toBe('secret');
    await expect(sealerOf(to).open(sealed, CONTEXT)).rejects.toMatchObject({ code: 'RC_SECRET_KEY_UNKNOWN' });
    sealed = rewrapped;
  }
});

it('refuses a data key that another KMS key wrapped', async () => {
  const [mine, other] = [newKmsKey(), newKmsKey()];
  const [version, , ...rest] = (await sealerOf(other).seal('secret', CONTEXT)).split('.');
  const renamed = [version, mine.id, ...rest].join('.');
  await expect(sealerOf(mine).open(renamed, CONTEXT)).rejects.toMatchObject({ code: 'RC_SECRET_UNREADABLE' });
});

describe('when KMS does not serve', () => {
  const GATEWAYS_FAULT = { kind: 'AwsCallFailed', code: 'RC_AWS_CALL_FAILED', retryable: true };

  it.each<[string, (keyId: string) => void, string]>([
    ['is down', () => simulator.faults.add({ kind: 'error', match: { service: 'kms' } }), 'InternalFailure'],
    [
      'throttles',
      () => simulator.faults.add({ kind: 'throttle', match: { service: 'kms' } }),
      'ThrottlingException',
    ],
    [
      'may not be called',
      () =>
        simulator.world.addUser({
          ...{ accountId: gatewayId, name: 'gateway', ...gatewayKeys },
          permissionPolicy: allow('sts:*'),
        }),
      'AccessDeniedException',
    ],
    [
      'has the key disabled',
      (keyId) => simulator.world.addKmsKey({ accountId: gatewayId, region, keyId, state: 'Disabled' }),
      'DisabledException',
    ],
  ])('because it %s, no account is to blame', async (_why, break_, awsCode) => {
    const kmsKey = newKmsKey();
    const sealer = sealerOf(kmsKey, localKey);
    const sealed = await sealer.seal('secret', CONTEXT);
    break_(kmsKey.id.slice('kms-'.length));
    const byLocalKey = await sealerOf(localKey).seal('secret', CONTEXT);
    for (const attempt of [
      () => sealer.seal('secret', CONTEXT),
      () => sealer.open(sealed, CONTEXT),
      () => sealer.rewrap(byLocalKey, CONTEXT),
    ]) {
      await expect(attempt()).rejects.toMatchObject({ ...GATEWAYS_FAULT, awsCode });
      await expect(attempt()).rejects.toThrow(kmsKey.id);
    }
    expect(await sealer.open(byLocalKey, CONTEXT)).toBe('secret');
  });

  it('because the gateway’s own credentials are not accepted, it says so and looks for others', async () => {
    const sealer = sealerOf(newKmsKey());
    const sealed = await sealer.seal('secret', CONTEXT);
    credentials = { ...gatewayKeys, secretAccessKey: 'wrong' };
    const missing = { kind: 'AwsCallFailed', code: 'RC_GATEWAY_IDENTITY_MISSING', retryable: true };
    await expect(sealer.open(sealed, CONTEXT)).rejects.toMatchObject(missing);
    expect(forgotten).toBe(1);
    credentials = { ...gatewayKeys };
    expect(await sealer.open(sealed, CONTEXT)).toBe('secret');
  });
});

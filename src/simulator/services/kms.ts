import { randomBytes } from 'node:crypto';
import { AwsError } from '../protocol/aws-error';
import { jsonProtocol } from '../protocol/json';
import type { ResultTree } from '../protocol/protocol';
import type { KmsKey } from '../world/build-kms-key';
import { decryptBlob, encryptBlob, keyIdOfBlob } from './kms-ciphertext';
import {
  readDataKeyLength,
  readCiphertext,
  readContext,
  readPlaintext,
  refuseUnsupported,
} from './kms-parameters';
import type { Call, CallPlace, JsonParameters, JsonService } from './service';

/** AWS Key Management Service: symmetric keys of the caller's account, without key policies and grants. */
export const kmsService: JsonService = {
  iamPrefix: 'kms',
  signingName: 'kms',
  protocol: jsonProtocol('1.1'),
  target: 'TrentService',
  xmlNamespace: '',
  resource: keyArn,
  actions: { DescribeKey: describeKey, Encrypt: encrypt, Decrypt: decrypt, GenerateDataKey: generateDataKey },
};

/** The key that a call is about: by its id or alias, else the one that the ciphertext names. */
function keyArn(place: CallPlace, parameters: JsonParameters): string {
  const { KeyId: name, CiphertextBlob: blob } = parameters;
  if (typeof name === 'string') return findKey(place, name)?.Arn ?? localArn(place, `key/${name}`);
  return blob === undefined ? '*' : localArn(place, `key/${blobKeyId(parameters)}`);
}

function localArn({ caller, region }: CallPlace, resource: string): string {
  const { partition, id } = caller.account;
  return `arn:${partition}:kms:${region}:${id}:${resource}`;
}

function describeKey(call: Call<JsonParameters>): ResultTree {
  const key = keyOf(call);
  return {
    KeyMetadata: {
      AWSAccountId: call.caller.account.id,
      KeyId: key.KeyId,
      Arn: key.Arn,
      CreationDate: key.CreationDate,
      Enabled: key.KeyState === 'Enabled',
      Description: key.Description,
      KeyUsage: 'ENCRYPT_DECRYPT',
      KeyState: key.KeyState,
      Origin: 'AWS_KMS',
      KeyManager: 'CUSTOMER',
      CustomerMasterKeySpec: 'SYMMETRIC_DEFAULT',
      KeySpec: 'SYMMETRIC_DEFAULT',
      EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'],
      MultiRegion: false,
    },
  };
}

function encrypt(call: Call<JsonParameters>): ResultTree {
  refuseUnsupported(call.parameters);
  const key = usableKeyOf(call);
  const blob = encryptBlob(key, readPlaintext(call.parameters), readContext(call.parameters));
  return {
    CiphertextBlob: blob.toString('base64'),
    KeyId: key.Arn,
    EncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
  };
}

function generateDataKey(call: Call<JsonParameters>): ResultTree {
  refuseUnsupported(call.parameters);
  const key = usableKeyOf(call);
  const dataKey = randomBytes(readDataKeyLength(call.parameters));
  const blob = encryptBlob(key, dataKey, readContext(call.parameters));
  return { CiphertextBlob: blob.toString('base64'), Plaintext: dataKey.toString('base64'), KeyId: key.Arn };
}

/** The key is found by the ciphertext; one that is named as well must be the same. */
function decrypt(call: Call<JsonParameters>): ResultTree {
  refuseUnsupported(call.parameters);
  const { parameters, resources } = call;
  const key = resources.kmsKeys.get(blobKeyId(parameters));
  if (!key) {
    throw new AwsError(
      'AccessDeniedException',
      'The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not allowed to access.',
    );
  }
  if (parameters.KeyId !== undefined && keyOf(call) !== key) {
    throw new AwsError(
      'IncorrectKeyException',
      'The key ID in the request does not identify a CMK that can perform this operation.',
    );
  }
  checkState(key);
  const plaintext = decryptBlob(key, readCiphertext(parameters), readContext(parameters));
  if (!plaintext) throw invalidCiphertext();
  return {
    Plaintext: plaintext.toString('base64'),
    KeyId: key.Arn,
    EncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
  };
}

function blobKeyId(parameters: JsonParameters): string {
  const keyId = keyIdOfBlob(readCiphertext(parameters));
  if (keyId === undefined) throw invalidCiphertext();
  return keyId;
}

function usableKeyOf(call: Call<JsonParameters>): KmsKey {
  const key = keyOf(call);
  checkState(key);
  return key;
}

function keyOf(call: Call<JsonParameters>): KmsKey {
  const { KeyId: name } = call.parameters;
  if (typeof name !== 'string' || name === '') {
    throw new AwsError('ValidationException', "Value null at 'keyId' failed to satisfy constraint: not null");
  }
  const key = findKey(call, name);
  if (key) return key;
  const what = name.includes('alias/') ? `Alias ${name} is not found.` : `Key '${name}' does not exist`;
  throw new AwsError('NotFoundException', what);
}

/** By key id, alias, or the ARN of either; ARNs of other accounts and Regions name no key here. */
function findKey(place: CallPlace, name: string): KmsKey | undefined {
  const { kmsKeys } = place.resources;
  const prefix = localArn(place, '');
  const local = name.startsWith(prefix) ? name.slice(prefix.length).replace(/^key\//, '') : name;
  return kmsKeys.get(local) ?? [...kmsKeys.values()].find(({ aliases }) => aliases.includes(local));
}

function checkState({ Arn, KeyState }: KmsKey): void {
  if (KeyState === 'Disabled') throw new AwsError('DisabledException', `${Arn} is disabled.`);
  if (KeyState !== 'Enabled') throw new AwsError('KMSInvalidStateException', `${Arn} is pending deletion.`);
}

function invalidCiphertext(): AwsError {
  return new AwsError('InvalidCiphertextException', '');
}

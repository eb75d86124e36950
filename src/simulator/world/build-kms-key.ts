import { createSecretKey, randomBytes, randomUUID, type KeyObject } from 'node:crypto';
import { defaultCreationTime, type Location } from './identifiers';
import { partitionOfRegion } from './partitions';

/** Whether a KMS key can be used. */
export type KmsKeyState = 'Enabled' | 'Disabled' | 'PendingDeletion';

/** A symmetric KMS key. */
export interface KmsKey {
  KeyId: string;
  Arn: string;
  KeyState: KmsKeyState;
  Description: string;
  CreationDate: Date;
  /** With their prefix: `alias/rolecall`. */
  aliases: string[];
  /** AES-256; a KeyObject, so that it is never printed. */
  material: KeyObject;
}

/** A KMS key to add; `keyId` is made up when not given. */
export interface NewKmsKey extends Location {
  keyId?: string;
  aliases?: string[];
  state?: KmsKeyState;
  description?: string;
}

/** A KMS key as the world keeps it: `present` with what is given, or a new one with material of its own. */
export function buildKmsKey(input: NewKmsKey, present: KmsKey | undefined): KmsKey {
  const { accountId, region, keyId = randomUUID(), aliases, state, description } = input;
  const stray = aliases?.find((alias) => !/^alias\/[\w/-]+$/.test(alias));
  if (stray !== undefined) throw new Error(`An alias begins with "alias/": ${stray}`);
  return {
    KeyId: keyId,
    Arn: `arn:${partitionOfRegion(region)}:kms:${region}:${accountId}:key/${keyId}`,
    KeyState: state ?? present?.KeyState ?? 'Enabled',
    Description: description ?? present?.Description ?? '',
    CreationDate: defaultCreationTime,
    aliases: aliases ?? present?.aliases ?? [],
    material: present?.material ?? createSecretKey(randomBytes(32)),
  };
}

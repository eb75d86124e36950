import { parsePolicyDocument } from '../iam/parse-policy';
import { randomKeyId } from '../auth/sessions';
import { randomBytes } from 'node:crypto';
import type { SimulatedRole, SimulatedUser } from './types';

/** A new IAM user; key and secret are made at random when not given. Policies are objects or JSON text. */
export interface NewUser {
  accountId: string;
  name: string;
  accessKeyId?: string;
  secretAccessKey?: string;
  permissionPolicy?: unknown;
}

/** A new role. Policies are objects or JSON text; a malformed one throws MalformedPolicy. */
export interface NewRole {
  accountId: string;
  name: string;
  /** Begins and ends with a slash; `/` when not given. */
  path?: string;
  trustPolicy: unknown;
  permissionPolicy?: unknown;
  /** Seconds; 3,600 when not given. */
  maxSessionDuration?: number;
}

/** A user as the world keeps it. */
export function buildUser({
  accountId,
  name,
  accessKeyId,
  secretAccessKey,
  permissionPolicy,
}: NewUser): SimulatedUser {
  return {
    name,
    arn: `arn:aws:iam::${accountId}:user/${name}`,
    accessKeyId: accessKeyId ?? randomKeyId('AKIA'),
    secretAccessKey: secretAccessKey ?? randomBytes(30).toString('base64'),
    ...(permissionPolicy !== undefined && { permissionPolicy: parsePolicyDocument(permissionPolicy) }),
  };
}

/** A role as the world keeps it. */
export function buildRole(input: NewRole): SimulatedRole {
  const { accountId, name, path = '/', permissionPolicy, maxSessionDuration = 3_600 } = input;
  if (!/^\/(?:[\x21-\x7e]+\/)?$/.test(path))
    throw new Error(`A role path begins and ends with a slash: ${path}`);
  return {
    name,
    path,
    arn: `arn:aws:iam::${accountId}:role${path}${name}`,
    trustPolicy: parsePolicyDocument(input.trustPolicy),
    ...(permissionPolicy !== undefined && { permissionPolicy: parsePolicyDocument(permissionPolicy) }),
    maxSessionDuration,
  };
}

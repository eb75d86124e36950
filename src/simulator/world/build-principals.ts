import { randomBytes } from 'node:crypto';
import { randomKeyId } from '../auth/sessions';
import { parsePolicyDocument } from '../iam/parse-policy';
import type { PolicyDocument } from '../iam/policy-document';
import { buildPolicies, revokeOlderSessions, type NewPolicies } from '../iam/principal-policies';
import { varyTrust, type TrustVariant } from '../iam/trust-variants';
import type { Partition } from './partitions';
import type { SimulatedRole, SimulatedUser } from './types';

/** A new IAM user; key and secret are made at random when not given. */
export interface NewUser extends NewPolicies {
  accountId: string;
  name: string;
  accessKeyId?: string;
  secretAccessKey?: string;
}

/** A new role. Policies are objects or JSON text; a malformed one throws MalformedPolicy. */
export interface NewRole extends NewPolicies {
  accountId: string;
  name: string;
  /** Begins and ends with a slash; `/` when not given. */
  path?: string;
  trustPolicy: unknown;
  /** How the customer has written `trustPolicy`; `exact` (as it is) when not given. */
  trustVariant?: TrustVariant;
  /** Seconds, 3,600 to 43,200; 3,600 when not given. */
  maxSessionDuration?: number;
}

/** What changes in a role that is there; sessions and everything that is not named stay. */
export interface RoleChanges extends NewPolicies {
  /** Written in the variant that the role has, unless another is named. */
  trustPolicy?: unknown;
  /** Writes the trust policy that was given last in this way; `exact` mends it. */
  trustVariant?: TrustVariant;
  maxSessionDuration?: number;
  /** ISO 8601: sessions issued before it are denied everything, as by IAM's "Revoke sessions". */
  revokeSessionsBefore?: string;
}

const sessionDurations = { min: 3_600, max: 43_200 };

/** A user as the world keeps it. */
export function buildUser(input: NewUser, partition: Partition): SimulatedUser {
  const { accountId, name, accessKeyId, secretAccessKey } = input;
  return {
    name,
    arn: `arn:${partition}:iam::${accountId}:user/${name}`,
    accessKeyId: accessKeyId ?? randomKeyId('AKIA'),
    secretAccessKey: secretAccessKey ?? randomBytes(30).toString('base64'),
    ...buildPolicies(input),
  };
}

/** A role as the world keeps it. */
export function buildRole(input: NewRole, partition: Partition): SimulatedRole {
  const {
    accountId,
    name,
    path = '/',
    trustVariant = 'exact',
    maxSessionDuration = sessionDurations.min,
  } = input;
  if (!/^\/(?:[\x21-\x7e]+\/)?$/.test(path))
    throw new Error(`A role path begins and ends with a slash: ${path}`);
  return {
    name,
    path,
    arn: `arn:${partition}:iam::${accountId}:role${path}${name}`,
    ...buildTrust(parsePolicyDocument(input.trustPolicy), trustVariant),
    ...buildPolicies(input),
    maxSessionDuration: checkDuration(maxSessionDuration),
  };
}

/** The role with some things changed. */
export function rebuildRole(role: SimulatedRole, changes: RoleChanges): SimulatedRole {
  const { trustPolicy, trustVariant = role.trustVariant, revokeSessionsBefore } = changes;
  const given = trustPolicy === undefined ? role.givenTrustPolicy : parsePolicyDocument(trustPolicy);
  const revocation = revokeSessionsBefore === undefined ? {} : revokeOlderSessions(revokeSessionsBefore);
  return {
    ...role,
    ...buildTrust(given, trustVariant),
    ...buildPolicies({ ...changes, inlinePolicies: { ...changes.inlinePolicies, ...revocation } }, role),
    maxSessionDuration: checkDuration(changes.maxSessionDuration ?? role.maxSessionDuration),
  };
}

function buildTrust(
  givenTrustPolicy: PolicyDocument,
  trustVariant: TrustVariant,
): Pick<SimulatedRole, 'trustPolicy' | 'trustVariant' | 'givenTrustPolicy'> {
  return { trustPolicy: varyTrust(givenTrustPolicy, trustVariant), trustVariant, givenTrustPolicy };
}

function checkDuration(seconds: number): number {
  const { min, max } = sessionDurations;
  if (!(seconds >= min && seconds <= max)) {
    throw new Error(`A role's maximum session duration is ${min} to ${max} seconds: ${seconds}`);
  }
  return seconds;
}

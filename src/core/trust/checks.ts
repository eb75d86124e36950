import type { CheckName, CheckOutcome, ExternalId, VerificationCheck } from '../accounts/account';
import type { RoleArn } from '../aws/arn';
import type { AwsErrorFacts } from '../aws/aws-error';
import type { PermissionFindings } from './permission-prober';
import type { ProbeAnswer, ProbeKind } from './role-prober';

/** What each probe and each call proves, in words. Pure: answers in, checks out. */

interface Compared {
  expected?: string;
  found?: string;
  missingActions?: string[];
}

export function check(
  name: CheckName,
  outcome: CheckOutcome,
  code: string,
  message: string,
  { expected, found, missingActions }: Compared = {},
): VerificationCheck {
  return {
    name,
    outcome,
    code,
    message,
    expected: expected ?? null,
    found: found ?? null,
    missingActions: missingActions ?? [],
    waived: false,
  };
}

export function skipped(name: CheckName, reason: string): VerificationCheck {
  return check(name, 'SKIPPED', 'SKIPPED', reason);
}

export function assumed(): VerificationCheck {
  return check(
    'ASSUMES_WITH_EXTERNAL_ID',
    'PASSED',
    'ASSUMED',
    'The role can be assumed with its external ID',
  );
}

export function refusedWithRightId({ arn }: RoleArn, refusal: AwsErrorFacts): VerificationCheck {
  const message =
    `Role ${arn} refused sts:AssumeRole (${refusal.code}). Either it does not exist, or its trust policy does not ` +
    'name Rolecall’s principal and this external ID';
  return check('ASSUMES_WITH_EXTERNAL_ID', 'FAILED', refusal.code, message, { found: refusal.message });
}

/** Collection lives on the external ID before, which the rotation has retired: the customer should know. */
export function assumedWithFallback(
  { arn }: RoleArn,
  refusal: AwsErrorFacts,
  fallback: ExternalId,
): VerificationCheck {
  const message =
    `Role ${arn} refused the ACTIVE external ID (${refusal.code}) and accepts ${fallback.value}, which is retired. ` +
    'Put the trust policy of the onboarding in place';
  return check('ASSUMES_WITH_EXTERNAL_ID', 'WARNING', 'ASSUMED_WITH_RETIRED', message, {
    found: refusal.message,
  });
}

const HOW: Record<Exclude<ProbeKind, 'right' | 'pending' | 'retired'>, string> = {
  none: 'without an external ID',
  random: 'with any external ID',
  altered: 'with its external ID altered at the end',
  'altered-first': 'with its external ID altered at the start',
  longer: 'with its external ID and one character more',
  'other-case': 'with its external ID in the other case',
  decoy: 'with an external ID that Rolecall gave to nobody',
};

/** One negative probe and its answer. */
export interface NegativeAnswer {
  kind: keyof typeof HOW;
  answer: ProbeAnswer;
}

/** The check of one or several negative probes: passed when STS refused each. */
export function refusals(name: CheckName, answers: readonly NegativeAnswer[]): VerificationCheck {
  const expected = 'AccessDenied';
  const open = answers.filter(({ answer }) => 'credentials' in answer);
  if (open.length > 0) {
    const ways = open.map(({ kind }) => HOW[kind]).join(', ');
    const message =
      `The role can be assumed ${ways}: anyone whom Rolecall serves could reach this account. ` +
      'Let its trust policy compare sts:ExternalId by StringEquals with this account’s external ID alone';
    return check(name, 'FAILED', 'ASSUMED', message, { expected, found: 'a session' });
  }
  const ways = answers.map(({ kind }) => HOW[kind]).join(', ');
  return check(name, 'PASSED', 'REFUSED', `The role refuses to be assumed ${ways}`, {
    expected,
    found: expected,
  });
}

/** Whose session it is: GetCallerIdentity cannot be denied. A session's ARN is …:assumed-role/ROLE/SESSION. */
export function accountMatches(
  expected: { awsAccountId: string; roleName: string | null },
  found: { awsAccountId: string; arn: string },
): VerificationCheck {
  const name = 'ACCOUNT_MATCHES';
  const compared = { expected: expected.awsAccountId, found: found.awsAccountId };
  if (expected.awsAccountId !== found.awsAccountId) {
    const message = `The credentials belong to AWS account ${found.awsAccountId}, not to ${expected.awsAccountId}`;
    return check(name, 'FAILED', 'DIFFERS', message, compared);
  }
  const role = /:assumed-role\/([^/]+)\//.exec(found.arn)?.[1] ?? null;
  if (role !== expected.roleName) {
    const message = `The session is of ${found.arn}, not of the role ${expected.roleName}`;
    return check(name, 'FAILED', 'ROLE_DIFFERS', message, {
      expected: expected.roleName ?? '',
      found: found.arn,
    });
  }
  return check(
    name,
    'PASSED',
    'MATCHES',
    `The credentials belong to AWS account ${found.awsAccountId}`,
    compared,
  );
}

/** A RETIRED external ID is expected to go from the trust policy; after this long it is a fault that it has not. */
export const RETIRED_GRACE_MS = 7 * 24 * 3_600_000;

/** The role must refuse every external ID that is RETIRED. */
export function retiredRefused(
  answers: readonly { retired: ExternalId; answer: ProbeAnswer }[],
  now: number,
): VerificationCheck {
  const name = 'RETIRED_EXTERNAL_ID_REFUSED';
  const expected = 'AccessDenied';
  const accepted = answers.flatMap(({ retired, answer }) => ('credentials' in answer ? retired : []));
  if (accepted.length > 0) {
    // One that was refused before has been put back.
    const isFault = accepted.some(
      ({ refusedAt, retiredAt }) => refusedAt !== null || now - (retiredAt ?? now) > RETIRED_GRACE_MS,
    );
    const values = accepted.map(({ value }) => value).join(', ');
    const message = `The role still accepts ${values}, retired: take it out of the trust policy`;
    return check(name, isFault ? 'FAILED' : 'WARNING', 'STILL_ACCEPTED', message, {
      expected,
      found: 'a session',
    });
  }
  const what = answers.length > 1 ? 'every external ID that was retired' : 'the external ID that was retired';
  return check(name, 'PASSED', 'REFUSED', `The role refuses ${what}`, { expected, found: expected });
}

export function permissionsSufficient({
  missing,
  unproved,
  unanswered,
}: PermissionFindings): VerificationCheck {
  const name = 'PERMISSIONS_SUFFICIENT';
  if (missing.length > 0) {
    const statement = JSON.stringify({ Effect: 'Allow', Action: missing, Resource: '*' });
    const message = `The role does not allow ${missing.join(', ')}. Add this statement to its policy: ${statement}`;
    return check(name, 'FAILED', 'ACTIONS_MISSING', message, { missingActions: [...missing] });
  }
  if (unanswered.length > 0) {
    const message = `AWS did not answer whether the role allows ${unanswered.join(', ')}: the next proof asks again`;
    return check(name, 'WARNING', 'UNANSWERED', message);
  }
  const rest = unproved.length > 0 ? `; without a call that shows it: ${unproved.join(', ')}` : '';
  return check(name, 'PASSED', 'ALLOWED', `The role allows what its plugins declare${rest}`);
}

export function skipAll(names: readonly CheckName[], reason: string): VerificationCheck[] {
  return names.map((name) => skipped(name, reason));
}

import type { AwsCredentials } from '../aws/aws-clients';
import type { RoleArn } from '../aws/arn';
import { describeAwsError, isAwsError, type AwsErrorFacts } from '../aws/aws-error';
import { awsCallFailed, type Sts } from '../aws/sts';
import type { Clock } from '../clock';
import { AwsCallFailedError } from '../errors';
import { sessionName } from '../credentials/credential-broker';
import { DENY_EVERYTHING } from '../credentials/session-policy';
import type { CheckName, CheckOutcome, Partition, Verification, VerificationCheck } from './account';

/** The least that STS allows: a probe's session is thrown away at once. */
const PROBE_SECONDS = 900;

const ASSUMES: CheckName = 'ASSUMES_WITH_EXTERNAL_ID';
const WITHOUT_ID: CheckName = 'REFUSED_WITHOUT_EXTERNAL_ID';
const WITH_WRONG_ID: CheckName = 'REFUSED_WITH_WRONG_EXTERNAL_ID';

interface RoleUnderProof {
  accountId: number;
  role: RoleArn;
  externalId: string;
  /** Null while the account's number is not known: the role's own account is then expected. */
  awsAccountId: string | null;
}

/**
 * Proves that a role lets Rolecall in with its external ID, and nobody without it. AWS asks vendors for that test
 * (IAM user guide, "access to AWS accounts owned by third parties"). Every probe carries a session policy that denies
 * everything; what a negative probe happens to get is dropped unused.
 */
export class TrustVerifier {
  constructor(private readonly options: { sts: Sts; clock: Clock; newExternalId: () => string }) {}

  /** @throws AwsCallFailedError when AWS could not be asked: that proves nothing about the role. */
  async verifyRole(subject: RoleUnderProof): Promise<Verification> {
    const positive = await this.probe(subject, subject.externalId);
    if ('refusal' in positive) {
      return this.verification([
        refusedWithId(subject, positive.refusal),
        // A refusal counts only beside a positive control.
        ...[WITHOUT_ID, WITH_WRONG_ID].map((check) =>
          skipped(check, 'The role refuses the right external ID too'),
        ),
        skipped('ACCOUNT_MATCHES', 'There is no session to ask'),
      ]);
    }
    const without = await this.probe(subject, null);
    const wrong = await this.probe(subject, this.options.newExternalId());
    return this.verification([
      check(ASSUMES, 'PASSED', 'ASSUMED', 'The role can be assumed with its external ID'),
      refusalCheck(WITHOUT_ID, 'without an external ID', without),
      refusalCheck(WITH_WRONG_ID, 'with a wrong external ID', wrong),
      await this.accountCheck(
        subject.role.partition,
        positive.credentials,
        subject.awsAccountId ?? subject.role.awsAccountId,
      ),
    ]);
  }

  /** An access key carries no trust policy: only whose it is can be proved. `awsAccountId` null: any account. */
  async verifyAccessKey(
    partition: Partition,
    credentials: AwsCredentials,
    awsAccountId: string | null,
  ): Promise<{ verification: Verification; awsAccountId: string | null }> {
    const reason = 'Access keys have no trust policy';
    const skips = [ASSUMES, WITHOUT_ID, WITH_WRONG_ID].map((name) => skipped(name, reason));
    try {
      const identity = await this.options.sts.callerIdentity(partition, credentials);
      const matches = compareAccounts(awsAccountId ?? identity.awsAccountId, identity.awsAccountId);
      return { verification: this.verification([...skips, matches]), awsAccountId: identity.awsAccountId };
    } catch (error) {
      const facts = describeAwsError(error);
      if (facts.fault !== 'credentials' && facts.fault !== 'denied')
        throw awsCallFailed('sts:GetCallerIdentity', error);
      const failed = check(
        'ACCOUNT_MATCHES',
        'FAILED',
        facts.code,
        `AWS does not accept the access key: ${facts.message}`,
      );
      return { verification: this.verification([...skips, failed]), awsAccountId: null };
    }
  }

  /** Whether STS accepts this external ID now; used for the PENDING one of a rotation. */
  async accepts(subject: Omit<RoleUnderProof, 'awsAccountId'>): Promise<boolean> {
    return 'credentials' in (await this.probe(subject, subject.externalId));
  }

  private async probe(
    { accountId, role }: Pick<RoleUnderProof, 'accountId' | 'role'>,
    externalId: string | null,
  ): Promise<{ credentials: AwsCredentials } | { refusal: AwsErrorFacts }> {
    try {
      const { credentials } = await this.options.sts.assumeRole({
        partition: role.partition,
        roleArn: role.arn,
        externalId,
        sessionName: sessionName('verify', accountId),
        policy: DENY_EVERYTHING,
        durationSeconds: PROBE_SECONDS,
      });
      return { credentials };
    } catch (error) {
      if (error instanceof AwsCallFailedError || !isAwsError(error)) throw error;
      const facts = describeAwsError(error);
      if (facts.fault !== 'denied' && facts.fault !== 'rejected')
        throw awsCallFailed('sts:AssumeRole', error);
      return { refusal: facts };
    }
  }

  private async accountCheck(partition: Partition, credentials: AwsCredentials, expected: string) {
    try {
      const { awsAccountId } = await this.options.sts.callerIdentity(partition, credentials);
      return compareAccounts(expected, awsAccountId);
    } catch (error) {
      throw awsCallFailed('sts:GetCallerIdentity', error);
    }
  }

  private verification(checks: VerificationCheck[]): Verification {
    const all = [...checks, ...LATER_CHECKS];
    return {
      at: this.options.clock.now(),
      complete: true,
      ok: all.every(({ outcome }) => outcome !== 'FAILED'),
      checks: all,
    };
  }
}

/** Whether the role opened to someone who must be kept out. */
export function isOpenToOthers(verification: Verification): boolean {
  return verification.checks.some(
    ({ name, outcome }) => outcome === 'FAILED' && (name === WITHOUT_ID || name === WITH_WRONG_ID),
  );
}

function check(
  name: CheckName,
  outcome: CheckOutcome,
  code: string,
  message: string,
  compared: { expected?: string; found?: string } = {},
): VerificationCheck {
  const { expected = null, found = null } = compared;
  return { name, outcome, code, message, expected, found, missingActions: [] };
}

function skipped(name: CheckName, reason: string): VerificationCheck {
  return check(name, 'SKIPPED', 'SKIPPED', reason);
}

const LATER_CHECKS = (
  ['RETIRED_EXTERNAL_ID_REFUSED', 'PERMISSIONS_SUFFICIENT', 'PERMISSIONS_NOT_EXCESSIVE'] as const
).map((name) => check(name, 'SKIPPED', 'NOT_AVAILABLE', 'This gateway does not run this check yet'));

function refusedWithId({ role, externalId }: RoleUnderProof, refusal: AwsErrorFacts): VerificationCheck {
  const message =
    `Role ${role.arn} refused sts:AssumeRole (${refusal.code}). Either it does not exist, or its trust policy does not ` +
    'name Rolecall’s principal and this external ID';
  return check(ASSUMES, 'FAILED', refusal.code, message, { expected: externalId, found: refusal.message });
}

function refusalCheck(
  name: CheckName,
  how: string,
  probe: { credentials: AwsCredentials } | { refusal: AwsErrorFacts },
): VerificationCheck {
  const expected = 'AccessDenied';
  if ('credentials' in probe) {
    const message = `The role can be assumed ${how}: anyone whom Rolecall serves could reach this account. Put the sts:ExternalId condition into its trust policy`;
    return check(name, 'FAILED', 'ASSUMED', message, { expected, found: 'a session' });
  }
  const found = probe.refusal.code;
  if (probe.refusal.fault !== 'denied') {
    return check(name, 'FAILED', found, `AWS did not judge the call ${how}: ${probe.refusal.message}`, {
      expected,
      found,
    });
  }
  return check(name, 'PASSED', 'REFUSED', `The role refuses to be assumed ${how}`, { expected, found });
}

function compareAccounts(expected: string, found: string): VerificationCheck {
  const matches = expected === found;
  const message = matches
    ? `The credentials belong to AWS account ${found}`
    : `The credentials belong to AWS account ${found}, not to ${expected}`;
  return check('ACCOUNT_MATCHES', matches ? 'PASSED' : 'FAILED', matches ? 'MATCHES' : 'DIFFERS', message, {
    expected,
    found,
  });
}

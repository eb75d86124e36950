import { createHash } from 'node:crypto';
import type { Account } from '../accounts/account';
import { GATEWAY_ACTOR, type AuditTrail } from '../audit/audit-trail';
import type { RoleArn } from '../aws/arn';
import type { AwsCredentials } from '../aws/aws-clients';
import { describeAwsError, isAwsError, type AwsErrorFacts } from '../aws/aws-error';
import { awsCallFailed } from '../aws/call-failed';
import type { Sts } from '../aws/sts';
import type { CallsOf } from '../cost/usage-book';
import { sessionName } from '../credentials/session-name';
import { DENY_EVERYTHING } from '../credentials/session-policy';
import { AwsCallFailedError } from '../errors';

/** The least that STS allows: a probe's session is thrown away at once. */
const PROBE_SECONDS = 900;

/** What STS answered: a session that can do nothing, or AccessDenied. */
export type ProbeAnswer = { credentials: AwsCredentials } | { refusal: AwsErrorFacts };

/** Which external ID a probe carries, as the audit log names it. */
export type ProbeKind =
  | 'right'
  | 'none'
  | 'random'
  | 'altered'
  | 'altered-first'
  | 'longer'
  | 'other-case'
  | 'decoy'
  | 'pending'
  | 'retired';

/** Knocks at a customer's role. Every probe carries a session policy that denies everything, and is audited. */
export class RoleProber {
  constructor(private readonly options: { sts: Sts; audit: AuditTrail; calls: CallsOf }) {}

  /** @throws AwsCallFailedError when STS did not judge by the trust policy: any answer but AccessDenied proves nothing. */
  async probe(
    account: Pick<Account, 'id' | 'tenantId'>,
    role: RoleArn,
    kind: ProbeKind,
    externalId: string | null,
    signal?: AbortSignal,
  ): Promise<ProbeAnswer> {
    try {
      const { credentials } = await this.assume(account, role, externalId, signal);
      await this.record(account, role, kind, 'assumed');
      return { credentials };
    } catch (error) {
      if (error instanceof AwsCallFailedError || !isAwsError(error)) throw error;
      const facts = describeAwsError(error);
      const isAnswer = facts.fault === 'denied' || facts.fault === 'rejected';
      if (isAnswer) await this.record(account, role, kind, facts.code);
      if (facts.fault !== 'denied') throw awsCallFailed('sts:AssumeRole', error);
      return { refusal: facts };
    }
  }

  /** @throws AwsCallFailedError for the gateway's own trouble; else what the SDK throws. */
  private assume(
    { id, tenantId }: Pick<Account, 'id' | 'tenantId'>,
    role: RoleArn,
    externalId: string | null,
    signal?: AbortSignal,
  ) {
    const request = {
      tenantId,
      partition: role.partition,
      roleArn: role.arn,
      externalId,
      sessionName: sessionName('verify', id),
      policy: DENY_EVERYTHING,
      durationSeconds: PROBE_SECONDS,
      calls: this.options.calls({ id, partition: role.partition }),
    };
    return this.options.sts.assumeRole(request, signal);
  }

  /** @param answer the code of STS's refusal, or `assumed` */
  private async record(
    { id, tenantId }: Pick<Account, 'id' | 'tenantId'>,
    role: RoleArn,
    kind: ProbeKind,
    answer: string,
  ): Promise<void> {
    await this.options.audit.record({
      tenantId,
      actor: GATEWAY_ACTOR,
      action: 'trust.probed',
      target: { type: 'Account', id },
      accountId: id,
      detail: {
        probe: kind,
        roleArn: role.arn,
        sessionName: sessionName('verify', id),
        policySha256: createHash('sha256').update(DENY_EVERYTHING).digest('hex'),
        answer,
      },
    });
  }
}

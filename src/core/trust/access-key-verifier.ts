import { IAMClient } from '@aws-sdk/client-iam';
import type { Plugin } from '../../plugins/contract';
import type { Account, CheckName, StoredAccessKey, Verification } from '../accounts/account';
import type { AwsClients, AwsCredentials } from '../aws/aws-clients';
import { describeAwsError, isAwsError } from '../aws/aws-error';
import { awsCallFailed } from '../aws/call-failed';
import { PARTITIONS } from '../aws/partition';
import type { CallerIdentity, Sts } from '../aws/sts';
import type { Clock } from '../clock';
import type { CallsOf } from '../cost/usage-book';
import type { SessionAudit } from '../credentials/session-audit';
import { sessionName } from '../credentials/session-name';
import { DENY_EVERYTHING, neededActions } from '../credentials/session-policy';
import * as checks from './checks';
import { keyNotExcessive } from './excess-check';
import type { PermissionProber } from './permission-prober';
import { readable, simulate } from './role-evidence';
import type { VerificationOptions } from './role-verifier';
import { VerificationDraft } from './verification-draft';

const TRUST_CHECKS: readonly CheckName[] = [
  'ASSUMES_WITH_EXTERNAL_ID',
  'REFUSED_WITHOUT_EXTERNAL_ID',
  'REFUSED_WITH_WRONG_EXTERNAL_ID',
  'RETIRED_EXTERNAL_ID_REFUSED',
];

const DAY_MS = 24 * 3_600_000;
/** After so many days a key should have been replaced (AWS IAM best practices name 90 days). */
export const ACCESS_KEY_AGE_WARNING_DAYS = 90;

/** Whole days since a key was given to Rolecall. */
export function accessKeyAgeDays({ storedAt }: StoredAccessKey, now: number): number {
  return Math.floor((now - storedAt) / DAY_MS);
}

/** Proves whose an access key is, and what it may do: it has no trust policy, so the trust checks are skipped. */
export class AccessKeyVerifier {
  constructor(
    private readonly options: {
      sts: Sts;
      sessionAudit: SessionAudit;
      clients: AwsClients;
      permissions: PermissionProber;
      /** Counts what AWS is asked for an account. */
      calls: CallsOf;
      clock: Clock;
      pluginsOf: (account: Account) => Plugin[];
    },
  ) {}

  /** @returns the AWS account that the key belongs to; null when AWS does not accept it. @throws AwsCallFailedError */
  async verify(
    account: Account,
    credentials: AwsCredentials,
    options: VerificationOptions,
  ): Promise<{ verification: Verification; awsAccountId: string | null }> {
    const { clock } = this.options;
    const { waiver, tell, signal } = options;
    const draft = new VerificationDraft({ at: clock.now(), waiver, tell, signal });
    draft.add(...checks.skipAll(TRUST_CHECKS, 'Access keys have no trust policy'));
    const identity = await this.identify(account, credentials, draft);
    const awsAccountId = identity?.awsAccountId ?? null;
    if (identity) draft.add(this.compare(account, identity));
    if (!identity || !draft.isUnharmed()) {
      draft.add(
        ...checks.skipAll(
          ['PERMISSIONS_SUFFICIENT', 'PERMISSIONS_NOT_EXCESSIVE'],
          'The key is not the account’s',
        ),
      );
      return { verification: draft.complete(), awsAccountId };
    }
    draft.add(await this.excess(account, credentials, identity, signal));
    const plugins = this.options.pluginsOf(account);
    const allowedActions = new Set(neededActions(plugins));
    const sessions = [{ credentials, allowedActions }];
    const findings = await this.options.permissions.find(account, plugins, sessions, options.pays, signal);
    draft.add(checks.permissionsSufficient(findings));
    return { verification: draft.complete(), awsAccountId };
  }

  private async identify(account: Account, credentials: AwsCredentials, draft: VerificationDraft) {
    try {
      const { sts, calls } = this.options;
      const whose = { partition: account.partition, tenantId: account.tenantId, calls: calls(account) };
      return await sts.callerIdentity(whose, credentials, draft.signal);
    } catch (error) {
      draft.signal?.throwIfAborted();
      if (!isAwsError(error)) throw error;
      const { code, message, fault } = describeAwsError(error);
      if (fault !== 'credentials' && fault !== 'denied') throw awsCallFailed('sts:GetCallerIdentity', error);
      draft.add(
        checks.check('ACCOUNT_MATCHES', 'FAILED', code, `AWS does not accept the access key: ${message}`),
      );
      return null;
    }
  }

  private compare(account: Account, identity: CallerIdentity) {
    const expected = { awsAccountId: account.awsAccountId ?? identity.awsAccountId, roleName: null };
    const matches = checks.accountMatches(expected, identity);
    const age = account.accessKey ? accessKeyAgeDays(account.accessKey, this.options.clock.now()) : 0;
    if (matches.outcome !== 'PASSED' || age < ACCESS_KEY_AGE_WARNING_DAYS) return matches;
    const message = `${matches.message}. The key was stored ${age} days ago: replace it, or better connect a role`;
    return { ...matches, outcome: 'WARNING' as const, code: 'KEY_IS_OLD', message };
  }

  private async excess(
    account: Account,
    credentials: AwsCredentials,
    { arn }: CallerIdentity,
    signal?: AbortSignal,
  ) {
    const calls = this.options.calls(account);
    const iam = this.options.clients.create(IAMClient, {
      credentials,
      signal,
      calls,
      region: PARTITIONS[account.partition].homeRegion,
      allowedActions: new Set(['iam:SimulatePrincipalPolicy']),
    });
    const narrowest = {
      tenantId: account.tenantId,
      partition: account.partition,
      credentials,
      name: sessionName('verify', account.id),
      policy: DENY_EVERYTHING,
      durationSeconds: 900,
      calls,
    };
    const asked = { accountId: account.id, externalId: null, purpose: 'verify', why: 'proof' } as const;
    const { sts, sessionAudit } = this.options;
    const [allowed, narrowed] = await Promise.all([
      readable(() => simulate(iam, arn)),
      readable(() => sessionAudit.ask(narrowest, asked, (...ask) => sts.getFederationToken(...ask), signal)),
    ]);
    return keyNotExcessive(allowed, narrowed !== null);
  }
}

import type { Plugin } from '../../plugins/contract';
import {
  externalIdIn,
  type Account,
  type CheckName,
  type Verification,
  type Waiver,
} from '../accounts/account';
import type { RoleArn } from '../aws/arn';
import type { AwsClients } from '../aws/aws-clients';
import { isAwsError } from '../aws/aws-error';
import { awsCallFailed } from '../aws/call-failed';
import type { GatewayIdentity } from '../aws/gateway-identity';
import type { Sts } from '../aws/sts';
import type { Clock } from '../clock';
import type { CallsOf } from '../cost/usage-book';
import type { PolicySplits } from '../credentials/policy-splits';
import type { SessionAudit } from '../credentials/session-audit';
import { sessionName } from '../credentials/session-name';
import { neededActions, type PackedPolicy } from '../credentials/session-policy';
import * as checks from './checks';
import type { DoorProver } from './door-prover';
import { notExcessive } from './excess-check';
import type { Pays, PermissionProber, ProbeSession } from './permission-prober';
import { readRoleEvidence, SELF_AUDIT_ACTIONS, type RoleEvidence } from './role-evidence';
import { auditTrustPolicy } from './trust-policy-audit';
import { VerificationDraft } from './verification-draft';

const WITH_WRONG_ID: CheckName = 'REFUSED_WITH_WRONG_EXTERNAL_ID';
const PERMISSIONS: readonly CheckName[] = ['PERMISSIONS_SUFFICIENT', 'PERMISSIONS_NOT_EXCESSIVE'];

/** The least that STS allows; used within seconds. */
const SESSION_SECONDS = 900;

export interface VerificationOptions {
  waiver: Waiver | null;
  pays: Pays;
  /** Told of each answer as it comes. */
  tell?: (verification: Verification) => void;
  /** Aborted when the account's credentials are dropped: no call of the proof leaves after that. */
  signal?: AbortSignal;
}

/**
 * Proves that a role lets Rolecall in with its external ID, nobody without it, and neither less nor more than declared.
 * AWS asks vendors for that test (IAM user guide, "access to AWS accounts owned by third parties"). No service is called
 * before every negative probe was refused, or waived.
 */
export class RoleVerifier {
  constructor(
    private readonly options: {
      sts: Sts;
      clients: AwsClients;
      door: DoorProver;
      permissions: PermissionProber;
      identity: GatewayIdentity;
      sessionAudit: SessionAudit;
      splits: PolicySplits;
      /** Counts what AWS is asked for an account. */
      calls: CallsOf;
      clock: Clock;
      /** The plugins that an account runs. */
      pluginsOf: (account: Account) => Plugin[];
    },
  ) {}

  /** @throws AwsCallFailedError when AWS could not be asked: that proves nothing about the role. */
  async verify(account: Account, role: RoleArn, options: VerificationOptions): Promise<Verification> {
    const { clock } = this.options;
    const { waiver, tell, signal } = options;
    const draft = new VerificationDraft({ at: clock.now(), waiver, tell, signal });
    const externalId = await this.options.door.prove(account, role, draft);
    if (externalId !== null && draft.isUnharmed()) {
      await this.probePermissions(account, role, externalId, options.pays, draft);
    } else {
      draft.add(...checks.skipAll(PERMISSIONS, 'The role is not used before it is proved'));
    }
    return draft.complete();
  }

  /** What only a session with permissions shows: the role's own policies, then each declared action. */
  private async probePermissions(
    account: Account,
    role: RoleArn,
    externalId: string,
    pays: Pays,
    draft: VerificationDraft,
  ): Promise<void> {
    const { clients, permissions, pluginsOf, calls } = this.options;
    const auditors = await this.sessions(account, role, externalId, SELF_AUDIT_ACTIONS, draft.signal);
    const scope = { calls: calls({ id: account.id, partition: role.partition }), signal: draft.signal };
    const evidence = await readRoleEvidence(clients, role, auditors, scope);
    await this.auditTrust(account, role, evidence, draft);
    if (!draft.isUnharmed()) {
      draft.add(...checks.skipAll(PERMISSIONS, 'The role is not used before it keeps others out'));
      return;
    }
    draft.add(notExcessive(evidence));
    const plugins = pluginsOf(account);
    const sessions = await this.sessions(account, role, externalId, neededActions(plugins), draft.signal);
    const findings = await permissions.find(account, plugins, sessions, pays, draft.signal);
    draft.add(checks.permissionsSufficient(findings));
  }

  private async auditTrust(
    account: Account,
    role: RoleArn,
    { trustPolicy }: RoleEvidence,
    draft: VerificationDraft,
  ): Promise<void> {
    const principal = trustPolicy ? await this.options.identity.principal(role.partition) : null;
    const probed = draft.answer(WITH_WRONG_ID);
    if (!principal || probed.outcome !== 'PASSED') {
      if (probed.outcome === 'PASSED') {
        const message = `${probed.message}. Its trust policy was not read: iam:GetRole is not granted`;
        draft.add({ ...probed, message });
      }
      return;
    }
    const ownIds = account.externalIds.map(({ value }) => value);
    const faults = auditTrustPolicy(trustPolicy, principal, ownIds);
    draft.add(
      faults.length === 0
        ? { ...probed, code: 'AUDITED', message: `${probed.message}; its trust policy, read, says the same` }
        : checks.check(
            WITH_WRONG_ID,
            'FAILED',
            'TRUST_POLICY',
            `In the role’s trust policy ${faults.join('; ')}`,
          ),
    );
  }

  /** Sessions that together allow `actions`. */
  private async sessions(
    account: Account,
    role: RoleArn,
    externalId: string,
    actions: readonly string[],
    signal?: AbortSignal,
  ): Promise<readonly ProbeSession[]> {
    const { sts, sessionAudit, splits } = this.options;
    const isActive = externalId === externalIdIn(account, 'ACTIVE')?.value;
    const asked = {
      ...({ accountId: account.id, purpose: 'verify', why: 'proof' } as const),
      externalId: isActive ? ('ACTIVE' as const) : ('FALLBACK' as const),
    };
    const ask = ({ policy }: PackedPolicy) => {
      const request = {
        tenantId: account.tenantId,
        partition: role.partition,
        roleArn: role.arn,
        externalId,
        sessionName: sessionName('verify', account.id),
        policy,
        durationSeconds: SESSION_SECONDS,
        calls: this.options.calls({ id: account.id, partition: role.partition }),
      };
      return sessionAudit.ask(request, asked, (...call) => sts.assumeRole(...call), signal);
    };
    const { parts } = await splits.mint(actions, ask).catch((error: unknown) => {
      throw isAwsError(error) ? awsCallFailed('sts:AssumeRole', error) : error;
    });
    return parts;
  }
}

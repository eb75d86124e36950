import type { AuditTrail } from '../audit/audit-trail';
import { parseRoleArn } from '../aws/arn';
import type { AwsCredentials } from '../aws/aws-clients';
import type { Clock } from '../clock';
import { ConflictError, InvalidInputError, TrustRefusedError } from '../errors';
import type { Bus } from '../live/bus';
import type { Logger } from '../logger';
import type { AccessKeyVerifier } from '../trust/access-key-verifier';
import type { RoleVerifier, VerificationOptions } from '../trust/role-verifier';
import { SECOND_PROOF_MS } from '../trust/trust-watch';
import { WAIVABLE } from '../trust/verification-draft';
import type { Account, Verification, Waiver } from './account';
import type { AccessKeyVault } from './access-key-vault';
import { judgeAccessKey, judgeRoleArn } from './account-input';
import type { AccountConnectionFacts, AccountRepository } from './account-repository';
import { failuresIn, statusesBefore } from './account-transitions';

/** Exactly one of the two. */
export interface ConnectRequest {
  roleArn?: string | null;
  accessKey?: { accessKeyId: string; secretAccessKey: string } | null;
  /** Who waives checks that fail; null: nobody does. */
  waivedBy: string | null;
}

const DAY_MS = 24 * 3_600_000;
/** Long enough to mend a trust policy through a customer's change process, short enough to be noticed. */
export const WAIVER_MS = 7 * DAY_MS;

/** Takes a role or an access key, proves it, and stores it: in that order. */
export class AccountConnector {
  constructor(
    private readonly options: {
      accounts: AccountRepository;
      roles: RoleVerifier;
      keys: AccessKeyVerifier;
      vault: AccessKeyVault;
      audit: AuditTrail;
      bus: Bus;
      /** Aborted when the account's credentials are dropped, as by its removal: its role is then asked no more. */
      dropped: (accountId: number) => AbortSignal;
      clock: Clock;
      log: Logger;
    },
  ) {}

  /** @throws InvalidInputError, TrustRefusedError, AwsCallFailedError, ConflictError: nothing is stored then. */
  async connect(account: Account, request: ConnectRequest): Promise<Verification> {
    if (!request.roleArn === !request.accessKey) {
      throw new InvalidInputError(
        'RC_ACCOUNT_CREDENTIALS_AMBIGUOUS',
        'A role, an access key: one of them is needed',
        { path: ['input'] },
      );
    }
    const facts = request.accessKey
      ? await this.proveAccessKey(account, judgeAccessKey(request.accessKey), request.waivedBy)
      : await this.proveRole(account, request.roleArn!, request.waivedBy);
    if (facts.waiver) await this.recordWaiver(account, facts.waiver);
    if (!(await this.options.accounts.connect(account.id, statusesBefore('CONNECT'), facts))) {
      throw await this.whyNotConnected(account, facts.awsAccountId);
    }
    this.options.log.info({ accountId: account.id, awsAccountId: facts.awsAccountId }, 'Account connected');
    return facts.verification;
  }

  private async whyNotConnected(account: Account, awsAccountId: string): Promise<ConflictError> {
    const path = ['input', 'accountId'];
    const present = await this.options.accounts.load(account.id);
    if (!present) return new ConflictError('RC_ACCOUNT_STATE', 'The account has just been removed', { path });
    if (present.tenantId !== account.tenantId) {
      return new ConflictError('RC_ACCOUNT_CHANGED', 'The account has just been moved', { path });
    }
    const message = `AWS account ${awsAccountId} is connected already`;
    return new ConflictError('RC_ACCOUNT_AWS_ID_CONNECTED', message, { path });
  }

  private async proveRole(
    account: Account,
    roleArn: string,
    waivedBy: string | null,
  ): Promise<AccountConnectionFacts> {
    const role = judgeRoleArn(roleArn, account.partition, account.awsAccountId);
    const verification = await this.options.roles.verify(
      account,
      parseRoleArn(role.arn)!,
      this.verificationOf(account, waivedBy),
    );
    return {
      ...this.proved(account, verification, waivedBy),
      awsAccountId: role.awsAccountId,
      roleArn: role.arn,
      sealedAccessKey: null,
      accessKey: null,
    };
  }

  private async proveAccessKey(
    account: Account,
    key: AwsCredentials,
    waivedBy: string | null,
  ): Promise<AccountConnectionFacts> {
    const { keys, vault, clock } = this.options;
    // The age of the key that is replaced says nothing of this one.
    const { verification, awsAccountId } = await keys.verify(
      { ...account, accessKey: null },
      key,
      this.verificationOf(account, waivedBy),
    );
    const proved = this.proved(account, verification, waivedBy);
    return {
      ...proved,
      awsAccountId: awsAccountId!,
      roleArn: null,
      sealedAccessKey: await vault.seal(account, key),
      accessKey: { idEnding: key.accessKeyId.slice(-4), storedAt: clock.now() },
    };
  }

  private verificationOf(account: Account, waivedBy: string | null): VerificationOptions {
    const { id: accountId, tenantId } = account;
    return {
      waiver: waivedBy === null ? null : this.waiver(waivedBy, WAIVABLE),
      pays: 'ALL',
      signal: this.options.dropped(accountId),
      tell: (verification) =>
        this.options.bus.publish({ kind: 'verificationProgressed', tenantId, accountId, verification }),
    };
  }

  /** What a proof stores, whatever it is of. @throws TrustRefusedError */
  private proved({ tenantId }: Account, verification: Verification, waivedBy: string | null) {
    if (!verification.ok) {
      throw new TrustRefusedError(failuresIn(verification)!, verification, { path: ['input'] });
    }
    const waived = verification.checks.flatMap(({ name, waived }) => (waived ? name : []));
    const waiver = waived.length > 0 ? this.waiver(waivedBy!, waived) : null;
    const at = this.options.clock.now();
    return { tenantId, verification, waiver, at, nextVerificationAt: at + SECOND_PROOF_MS };
  }

  private waiver(grantedBy: string, checks: readonly Waiver['checks'][number][]): Waiver {
    const grantedAt = this.options.clock.now();
    return { checks: [...checks], grantedBy, grantedAt, expiresAt: grantedAt + WAIVER_MS };
  }

  private recordWaiver(account: Account, waiver: Waiver): Promise<void> {
    return this.options.audit.record({
      tenantId: account.tenantId,
      actor: waiver.grantedBy,
      action: 'trust.waived',
      target: { type: 'Account', id: account.id },
      accountId: account.id,
      detail: { checks: waiver.checks, expiresAt: new Date(waiver.expiresAt).toISOString() },
    });
  }
}

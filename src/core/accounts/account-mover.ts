import type { Tenant } from '../access/tenant-repository';
import type { TenantRef } from '../access/tenant-service';
import { auditActor, type TenantScope, type Viewer } from '../access/viewer';
import type { AuditRecord } from '../audit/audit-trail';
import type { Clock } from '../clock';
import { ConflictError } from '../errors';
import type { Logger } from '../logger';
import type { AccessKeyVault } from './access-key-vault';
import type { Account } from './account';
import type { AccountLifecycle } from './account-lifecycle';
import type { AccountRepository } from './account-repository';
import { accountNotFound, type AccountRef } from './account-service';

/** Moves accounts from tenant to tenant, with all that was ever stored of them. */
export class AccountMover {
  constructor(
    private readonly options: {
      accounts: AccountRepository;
      /** @throws NotFoundError RC_TENANT_NOT_FOUND */
      tenant: (scope: TenantScope, ref: TenantRef, field: string) => Promise<Tenant>;
      vault: Pick<AccessKeyVault, 'reseal'>;
      /** Ends what works with the account's credentials, and forgets them. */
      dropCredentials: (accountId: number) => void;
      lifecycle: AccountLifecycle;
      clock: Pick<Clock, 'now'>;
      log: Logger;
    },
  ) {}

  /**
   * Both tenants are the caller's or below it. What runs for the old tenant ends and stores nothing more; subscribers of
   * the new one, and of those above it, are told, and its audit log. A move to where the account is already changes nothing.
   * @throws NotFoundError; ConflictError RC_ACCOUNT_AWS_ID_CONNECTED, RC_ACCOUNT_CHANGED, RC_SECRET_UNREADABLE
   */
  async move(viewer: Viewer, { accountId, givenId }: AccountRef, to: TenantRef): Promise<Account> {
    const { accounts, vault, dropCredentials, lifecycle, clock, log } = this.options;
    const account = accountId === null ? null : await accounts.within(viewer).find(accountId);
    if (!account) throw accountNotFound(givenId);
    const { id: tenantId } = await this.options.tenant(viewer, to, 'tenantId');
    if (tenantId === account.tenantId) return account;
    // Sealed before the transaction, for the encryption key may be kept by AWS.
    const sealed = account.accessKey && (await vault.reseal(account, tenantId));
    // The mutation is in the log of the tenant that gives it away.
    const audit: AuditRecord = {
      tenantId,
      actor: auditActor(viewer),
      action: 'account.moved',
      target: { type: 'Account', id: account.id },
      accountId: account.id,
      detail: { awsAccountId: account.awsAccountId },
    };
    const outcome = await accounts.move(account, tenantId, sealed, audit, clock.now());
    if (outcome !== 'MOVED') throw whyNotMoved(account, outcome);
    dropCredentials(account.id);
    await lifecycle.schedule(account.id);
    log.info({ accountId: account.id, from: account.tenantId, to: tenantId }, 'Account moved');
    const moved = await accounts.within({ tenantId }).find(account.id);
    if (!moved) throw accountNotFound(givenId);
    lifecycle.publish(moved, moved.status);
    return moved;
  }
}

function whyNotMoved(account: Account, outcome: 'CONNECTED_THERE' | 'CHANGED'): ConflictError {
  const path = ['input', 'accountId'];
  return outcome === 'CONNECTED_THERE'
    ? new ConflictError(
        'RC_ACCOUNT_AWS_ID_CONNECTED',
        `AWS account ${account.awsAccountId} is connected in that tenant already`,
        { path },
      )
    : new ConflictError('RC_ACCOUNT_CHANGED', 'The account was changed while it was to be moved', { path });
}

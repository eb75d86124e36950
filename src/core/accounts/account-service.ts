import { auditActor, hasRole, type TenantScope, type Viewer } from '../access/viewer';
import type { Clock } from '../clock';
import type { CredentialBroker } from '../credentials/credential-broker';
import { ConflictError, InvalidInputError, NotFoundError } from '../errors';
import type { Logger } from '../logger';
import type { ExternalIdRotation } from '../trust/external-id-rotation';
import type { TrustWatch } from '../trust/trust-watch';
import {
  externalIdIn,
  type Account,
  type AccountSettings,
  type ExternalId,
  type Partition,
  type Verification,
} from './account';
import type { AccountConnector, ConnectRequest } from './account-connector';
import { judgeAwsAccountId, judgeSettings, type KnownPlugins } from './account-input';
import type { AccountLifecycle } from './account-lifecycle';
import type { AccountRepository } from './account-repository';
import { failuresIn, type AccountEvent } from './account-transitions';
import type { Onboarding } from './onboarding';
import type { OnboardingDocuments } from './onboarding-documents';

/** An account as a caller names it: null where the given id is no account id at all. */
export interface AccountRef {
  accountId: number | null;
  /** What the caller gave, for the answer. */
  givenId: string;
}

export interface RegisterInput extends Partial<AccountSettings> {
  name: string;
  /** The caller's own tenant when left out. Null: an id that is no tenant's. */
  tenantId?: number | null;
  awsAccountId?: string | null;
  partition: Partition;
}

export interface VerifiedAccount {
  account: Account;
  verification: Verification;
}

/** The life of an account, from registration to removal. Foreign and missing accounts answer alike, NotFoundError. */
export class AccountService {
  constructor(
    private readonly options: {
      accounts: AccountRepository;
      connector: AccountConnector;
      lifecycle: AccountLifecycle;
      trust: TrustWatch;
      rotation: ExternalIdRotation;
      documents: OnboardingDocuments;
      broker: CredentialBroker;
      plugins: KnownPlugins;
      /** Whether a tenant is the scope's own or below it. */
      isWithin: (scope: TenantScope, tenantId: number) => Promise<boolean>;
      /** Whether the tenant is the gateway's own. */
      isRoot: (scope: TenantScope) => Promise<boolean>;
      clock: Clock;
      newExternalId: () => string;
      log: Logger;
    },
  ) {}

  /** Reserves an account and makes its external ID. @throws InvalidInputError */
  async register(viewer: TenantScope, input: RegisterInput): Promise<Account> {
    const { tenantId = viewer.tenantId, awsAccountId, partition, ...settings } = input;
    if (tenantId === null || !(await this.options.isWithin(viewer, tenantId))) {
      throw new InvalidInputError('RC_ACCOUNT_TENANT_INVALID', 'That tenant is not yours', {
        path: ['input', 'tenantId'],
      });
    }
    const judged = judgeSettings(settings, partition, this.options.plugins);
    const account = await this.options.accounts.insert({
      ...DEFAULT_SETTINGS,
      ...judged,
      name: judged.name!,
      tenantId,
      awsAccountId: awsAccountId ? judgeAwsAccountId(awsAccountId) : null,
      partition,
      externalId: this.options.newExternalId(),
      createdAt: this.options.clock.now(),
    });
    this.options.lifecycle.publish(account, null);
    return account;
  }

  /**
   * Proves a role or an access key, then connects. Nothing is stored when a check fails; `force` waives those that may be.
   * @throws InvalidInputError, TrustRefusedError, AwsCallFailedError, ConflictError
   */
  async connect(
    viewer: Viewer,
    request: AccountRef & Omit<ConnectRequest, 'waivedBy'> & { force: boolean },
  ): Promise<VerifiedAccount> {
    const account = await this.get(viewer, request);
    if (account.status === 'REMOVED') throw stateConflict(account, 'be connected');
    if (request.force) await this.refuseUnlessRootAdmin(viewer);
    const { connector, broker, lifecycle } = this.options;
    const waivedBy = request.force ? auditActor(viewer) : null;
    const verification = await connector.connect(account, { ...request, waivedBy });
    broker.drop(account.id);
    await lifecycle.schedule(account.id);
    return { account: await this.told(account), verification };
  }

  /** Runs the trust checks again now, and brings a rotation on. */
  async verify(viewer: TenantScope, ref: AccountRef): Promise<VerifiedAccount> {
    const account = await this.get(viewer, ref);
    if (account.status === 'REMOVED' || account.status === 'AWAITING_ROLE') {
      throw stateConflict(account, 'be verified');
    }
    const verification = await this.options.trust.verifyNow(account);
    return { account: await this.reload(account), verification };
  }

  async updateSettings(
    viewer: TenantScope,
    ref: AccountRef,
    patch: Partial<AccountSettings>,
  ): Promise<Account> {
    const account = await this.get(viewer, ref);
    if (account.status === 'REMOVED') throw stateConflict(account, 'be changed');
    await this.options.accounts.updateSettings(
      account.id,
      judgeSettings(patch, account.partition, this.options.plugins),
    );
    return this.told(account);
  }

  async pause(viewer: TenantScope, ref: AccountRef): Promise<Account> {
    return this.apply(await this.get(viewer, ref), 'PAUSE', 'be paused', () => 'Paused by an operator');
  }

  /** What was missed while paused is collected by the next run, as far as CloudWatch still has it. */
  async resume(viewer: TenantScope, ref: AccountRef): Promise<Account> {
    const account = await this.get(viewer, ref);
    return this.apply(account, 'RESUME', 'be resumed', ({ verification }) => failuresIn(verification));
  }

  /** Forgets credentials and stops collecting; its external IDs are never used again for anyone. */
  async remove(viewer: TenantScope, ref: AccountRef, keepHistory: boolean): Promise<void> {
    const { accounts, lifecycle, clock, log } = this.options;
    const account = await this.get(viewer, ref);
    const removedAt = clock.now();
    if (!(await accounts.remove(account.id, keepHistory, removedAt)))
      throw stateConflict(account, 'be removed');
    await lifecycle.schedule(account.id);
    log.info({ accountId: account.id, keepHistory }, 'Account removed');
    lifecycle.publish({ ...account, status: 'REMOVED', statusReason: null, removedAt }, account.status);
  }

  async rotateExternalId(
    viewer: Viewer,
    ref: AccountRef,
  ): Promise<{ account: Account; pending: ExternalId }> {
    const account = await this.get(viewer, ref);
    await this.options.rotation.start(account, auditActor(viewer));
    const rotated = await this.told(account);
    return { account: rotated, pending: externalIdIn(rotated, 'PENDING')! };
  }

  async cancelRotation(viewer: Viewer, ref: AccountRef): Promise<Account> {
    const account = await this.get(viewer, ref);
    await this.options.rotation.cancel(account, auditActor(viewer));
    return this.told(account);
  }

  /** Every cached credential of the account goes at once; the next collection asks for new ones. */
  async dropCredentials(viewer: TenantScope, ref: AccountRef): Promise<Account> {
    const account = await this.get(viewer, ref);
    this.options.broker.drop(account.id);
    return account;
  }

  onboarding(account: Account): Promise<Onboarding | null> {
    return this.options.documents.of(account);
  }

  private async get(scope: TenantScope, { accountId, givenId }: AccountRef): Promise<Account> {
    const account = accountId === null ? null : await this.options.accounts.within(scope).find(accountId);
    if (!account) throw accountNotFound(givenId);
    return account;
  }

  private async apply(
    account: Account,
    event: AccountEvent,
    step: string,
    reasonOf: (account: Account) => string | null,
  ): Promise<Account> {
    const { lifecycle } = this.options;
    const changed = await lifecycle.apply(account, event, reasonOf(account));
    if (changed) return changed;
    // A collection or a proof may have changed the status in between.
    const present = await this.reload(account);
    const again = await lifecycle.apply(present, event, reasonOf(present));
    if (!again) throw stateConflict(present, step);
    return again;
  }

  private async refuseUnlessRootAdmin(viewer: Viewer): Promise<void> {
    if (hasRole(viewer, 'ADMIN') && (await this.options.isRoot(viewer))) return;
    throw new InvalidInputError('RC_ACCOUNT_FORCE_FORBIDDEN', 'Your token may not waive checks', {
      path: ['input', 'force'],
    });
  }

  /** As it now is. */
  private async reload(before: Account): Promise<Account> {
    const account = await this.options.accounts.load(before.id);
    if (!account) throw accountNotFound(String(before.id));
    return account;
  }

  /** As it now is, and subscribers know. */
  private async told(before: Account): Promise<Account> {
    return (await this.options.lifecycle.tell(before)) ?? this.reload(before);
  }
}

const DEFAULT_SETTINGS: Omit<AccountSettings, 'name'> = {
  regions: [],
  plugins: [],
  tagFilter: [],
  metricProfiles: [],
  labels: {},
  monthlyBudgetUsd: null,
};

export function accountNotFound(givenId: string): NotFoundError {
  return new NotFoundError('RC_ACCOUNT_NOT_FOUND', `There is no account with the id ${givenId}`, givenId, {
    path: ['input', 'accountId'],
  });
}

function stateConflict(account: Account, step: string): ConflictError {
  return new ConflictError('RC_ACCOUNT_STATE', `An account that is ${account.status} cannot ${step}`, {
    path: ['input', 'accountId'],
  });
}

import type { TenantScope } from '../access/viewer';
import type { Clock } from '../clock';
import type { CredentialBroker } from '../credentials/credential-broker';
import { ConflictError, InvalidInputError, NotFoundError } from '../errors';
import type { Leases } from '../collection/leases';
import type { Bus } from '../live/bus';
import type { Logger } from '../logger';
import {
  externalIdIn,
  isCollected,
  type Account,
  type AccountSettings,
  type AccountStatus,
  type ExternalId,
  type Partition,
  type Verification,
} from './account';
import { judgement, type AccountConnector, type ConnectRequest } from './account-connector';
import { judgeAwsAccountId, judgeSettings, type KnownPlugins } from './account-input';
import type { AccountRepository } from './account-repository';
import type { ExternalIdRotation } from './external-id-rotation';
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

const PAUSABLE: readonly AccountStatus[] = ['CONNECTED', 'DEGRADED', 'BROKEN', 'INSECURE'];

/** The life of an account, from registration to removal. Foreign and missing accounts answer alike, NotFoundError. */
export class AccountService {
  constructor(
    private readonly options: {
      accounts: AccountRepository;
      connector: AccountConnector;
      rotation: ExternalIdRotation;
      documents: OnboardingDocuments;
      broker: CredentialBroker;
      leases: Leases;
      plugins: KnownPlugins;
      bus: Bus;
      clock: Clock;
      newExternalId: () => string;
      /** When an account is next due, from now on. */
      nextDue: (accountId: number) => number;
      log: Logger;
    },
  ) {}

  /** Reserves an account and makes its external ID. @throws InvalidInputError */
  async register(viewer: TenantScope, input: RegisterInput): Promise<Account> {
    const { tenantId, awsAccountId, partition, ...settings } = input;
    if (tenantId !== undefined && tenantId !== viewer.tenantId) {
      throw new InvalidInputError('RC_ACCOUNT_TENANT_INVALID', 'That tenant is not yours', {
        path: ['input', 'tenantId'],
      });
    }
    const judged = judgeSettings(settings, partition, this.options.plugins);
    const account = await this.options.accounts.insert({
      ...DEFAULT_SETTINGS,
      ...judged,
      name: judged.name!,
      tenantId: viewer.tenantId,
      awsAccountId: awsAccountId ? judgeAwsAccountId(awsAccountId) : null,
      partition,
      externalId: this.options.newExternalId(),
      createdAt: this.options.clock.now(),
    });
    this.statusChanged(account, null);
    return account;
  }

  /**
   * Proves a role or an access key, then connects. Nothing is stored when a check fails.
   * @throws InvalidInputError, TrustRefusedError, AwsCallFailedError, ConflictError
   */
  async connect(viewer: TenantScope, request: AccountRef & ConnectRequest): Promise<VerifiedAccount> {
    const account = await this.get(viewer, request);
    if (account.status === 'REMOVED') throw stateConflict(account, 'be connected');
    const verification = await this.options.connector.connect(account, request);
    this.options.broker.drop(account.id);
    await this.options.leases.schedule(account.id, this.options.nextDue(account.id));
    return { account: await this.reload(account), verification };
  }

  /** Runs the trust checks again now, and tries a PENDING external ID. */
  async verify(viewer: TenantScope, ref: AccountRef): Promise<VerifiedAccount> {
    const account = await this.get(viewer, ref);
    if (account.status === 'REMOVED' || account.status === 'AWAITING_ROLE') {
      throw stateConflict(account, 'be verified');
    }
    await this.options.rotation.probe(account);
    const verification = await this.options.connector.verify(await this.reload(account, 'quiet'));
    const { status } = await this.reload(account, 'quiet');
    if ((status === 'INSECURE') !== (account.status === 'INSECURE'))
      await this.followStatus(account.id, status);
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
    return this.reload(account);
  }

  async pause(viewer: TenantScope, ref: AccountRef): Promise<Account> {
    const account = await this.get(viewer, ref);
    if (
      !(await this.options.accounts.changeStatus(account.id, PAUSABLE, 'PAUSED', 'Paused by an operator'))
    ) {
      throw stateConflict(account, 'be paused');
    }
    await this.followStatus(account.id, 'PAUSED');
    return this.reload(account);
  }

  /** What was missed while paused is collected by the next run, as far as CloudWatch still has it. */
  async resume(viewer: TenantScope, ref: AccountRef): Promise<Account> {
    const account = await this.get(viewer, ref);
    const [status, reason] = judgement(account.verification);
    if (!(await this.options.accounts.changeStatus(account.id, ['PAUSED'], status, reason))) {
      throw stateConflict(account, 'be resumed');
    }
    await this.followStatus(account.id, status);
    return this.reload(account);
  }

  /** Forgets credentials and stops collecting; its external IDs are never used again for anyone. */
  async remove(viewer: TenantScope, ref: AccountRef, keepHistory: boolean): Promise<void> {
    const account = await this.get(viewer, ref);
    if (!(await this.options.accounts.remove(account.id, keepHistory, this.options.clock.now()))) {
      throw stateConflict(account, 'be removed');
    }
    await this.followStatus(account.id, 'REMOVED');
    this.options.log.info({ accountId: account.id, keepHistory }, 'Account removed');
    const removed: Account = {
      ...account,
      status: 'REMOVED',
      statusReason: null,
      removedAt: this.options.clock.now(),
    };
    this.statusChanged(removed, account.status);
  }

  async rotateExternalId(
    viewer: TenantScope,
    ref: AccountRef,
  ): Promise<{ account: Account; pending: ExternalId }> {
    const account = await this.get(viewer, ref);
    await this.options.rotation.start(account);
    const rotated = await this.reload(account);
    return { account: rotated, pending: externalIdIn(rotated, 'PENDING')! };
  }

  async cancelRotation(viewer: TenantScope, ref: AccountRef): Promise<Account> {
    const account = await this.get(viewer, ref);
    await this.options.rotation.cancel(account);
    return this.reload(account);
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
    const account = accountId === null ? null : await this.options.accounts.find(scope, accountId);
    if (!account) throw accountNotFound(givenId);
    return account;
  }

  /** On the schedule while the status is a collected one; off it, and without credentials, otherwise. */
  private async followStatus(accountId: number, status: AccountStatus): Promise<void> {
    if (isCollected({ status })) {
      await this.options.leases.schedule(accountId, this.options.nextDue(accountId));
    } else {
      await this.options.leases.unschedule(accountId);
      this.options.broker.drop(accountId);
    }
  }

  /** As it now is; tells subscribers when the status is another one. */
  private async reload(before: Account, tell: 'tell' | 'quiet' = 'tell'): Promise<Account> {
    const account = await this.options.accounts.find(before, before.id);
    if (!account) throw accountNotFound(String(before.id));
    if (tell === 'tell' && account.status !== before.status) this.statusChanged(account, before.status);
    return account;
  }

  private statusChanged(account: Account, from: AccountStatus | null): void {
    this.options.bus.publish({
      kind: 'accountStatusChanged',
      tenantId: account.tenantId,
      accountId: account.id,
      account,
      from,
      to: account.status,
      reason: account.statusReason,
      at: this.options.clock.now(),
    });
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

import { parseRoleArn } from '../aws/arn';
import type { Clock } from '../clock';
import { ConflictError } from '../errors';
import type { Logger } from '../logger';
import { externalIdIn, type Account } from './account';
import type { AccountRepository } from './account-repository';
import type { TrustVerifier } from './trust-verifier';

/**
 * Rotation without an outage: a PENDING external ID stands beside the ACTIVE one until STS accepts it. Collection goes
 * on with ACTIVE alone; only the probe here ever uses PENDING: each cycle, and for an account that is not collected on
 * verifyAccount. The database decides between a cancel and a promotion.
 */
export class ExternalIdRotation {
  constructor(
    private readonly options: {
      accounts: AccountRepository;
      verifier: TrustVerifier;
      clock: Clock;
      newExternalId: () => string;
      log: Logger;
    },
  ) {}

  /** @throws ConflictError when one is under way, or the account has no role. */
  async start(account: Account): Promise<void> {
    if (account.connection !== 'ROLE' || !account.roleArn || account.status === 'REMOVED') {
      throw new ConflictError(
        'RC_ACCOUNT_STATE',
        'Only an account that is connected by a role has an ID to rotate',
      );
    }
    const { accounts, newExternalId, clock } = this.options;
    if (!(await accounts.addPendingExternalId(account.id, newExternalId(), clock.now()))) {
      throw new ConflictError('RC_ROTATION_PENDING', 'A rotation is under way already');
    }
  }

  /** @throws ConflictError when there is none, or it was promoted just now. */
  async cancel(account: Account): Promise<void> {
    const pending = externalIdIn(account, 'PENDING');
    const { accounts, clock } = this.options;
    if (!pending || !(await accounts.retirePendingExternalId(account.id, pending.value, clock.now()))) {
      throw new ConflictError('RC_ROTATION_NONE', 'There is no rotation to cancel');
    }
  }

  /** Tries the PENDING external ID, if there is one. @returns true when it was promoted. @throws AwsCallFailedError */
  async probe(account: Account): Promise<boolean> {
    const pending = externalIdIn(account, 'PENDING');
    const role = account.roleArn && parseRoleArn(account.roleArn);
    if (!pending || !role) return false;
    const { accounts, verifier, clock, log } = this.options;
    if (!(await verifier.accepts({ accountId: account.id, role, externalId: pending.value }))) return false;
    const promoted = await accounts.promoteExternalId(account.id, pending.value, clock.now());
    if (promoted) log.info({ accountId: account.id }, 'External ID rotated: STS accepts the new one');
    return promoted;
  }
}

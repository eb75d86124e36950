import { In } from 'typeorm';
import type { AccountStatus } from '../../core/accounts/account';
import type { AccountConnectionFacts } from '../../core/accounts/account-repository';
import { AccountEntity } from '../entities/account-entity';
import type { EntityTransaction } from '../transactions';
import { noteActivation } from './external-ids';

/**
 * Stores a proven connection on an account that is in one of `from`. What the facts leave null
 * is cleared: a role destroys the sealed access key, an access key forgets the role.
 * @returns false, with nothing stored, in another status or tenant, or when the tenant has this AWS account connected.
 */
export async function storeConnection(
  transaction: EntityTransaction,
  accountId: number,
  from: readonly AccountStatus[],
  facts: AccountConnectionFacts,
): Promise<boolean> {
  const { manager } = transaction;
  const { awsAccountId, roleArn, at } = facts;
  if (await isConnectedElsewhere(transaction, accountId, awsAccountId)) return false;
  const { affected } = await manager.update(
    AccountEntity,
    { id: accountId, tenantId: facts.tenantId, status: In(from) },
    {
      status: 'CONNECTED',
      statusReason: null,
      connection: roleArn === null ? 'ACCESS_KEY' : 'ROLE',
      awsAccountId,
      roleArn,
      sealedAccessKey: facts.sealedAccessKey,
      accessKey: facts.accessKey,
      waiver: facts.waiver,
      verification: facts.verification,
      nextVerificationAt: facts.nextVerificationAt,
    },
  );
  if (affected !== 1) return false;
  if (roleArn !== null) await noteActivation(transaction, accountId, at);
  return true;
}

/** The unique index account_connected_once holds the same rule against any other way. */
async function isConnectedElsewhere(
  transaction: EntityTransaction,
  accountId: number,
  awsAccountId: string,
): Promise<boolean> {
  const others = await transaction.all(
    `SELECT 1 FROM account AS other JOIN account ON account.tenant_id = other.tenant_id
    WHERE account.id = ? AND other.id <> account.id AND other.aws_account_id = ?
      AND other.status NOT IN ('AWAITING_ROLE', 'REMOVED')`,
    [accountId, awsAccountId],
  );
  return others.length > 0;
}

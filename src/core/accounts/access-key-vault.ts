import { GATEWAY_ACTOR, type AuditTrail } from '../audit/audit-trail';
import type { AwsCredentials } from '../aws/aws-clients';
import type { Sealer } from '../credentials/sealing/sealer';
import { ConflictError } from '../errors';
import type { Account } from './account';
import type { AccountRepository } from './account-repository';

/** Access keys as they are stored: sealed for one account of one tenant, and each reading of one is audited. */
export class AccessKeyVault {
  constructor(
    private readonly options: {
      accounts: Pick<AccountRepository, 'sealedAccessKey'>;
      sealer: Sealer;
      audit: AuditTrail;
    },
  ) {}

  /** @throws AwsCallFailedError when the encryption key is kept by AWS, which does not answer as needed. */
  seal(account: Pick<Account, 'id' | 'tenantId'>, key: AwsCredentials): Promise<string> {
    return this.options.sealer.seal(JSON.stringify(key), accessKeyContext(account));
  }

  /**
   * The opened key of an access-key account.
   * @throws ConflictError RC_SECRET_UNREADABLE, RC_SECRET_KEY_UNKNOWN; AwsCallFailedError as `seal`
   */
  async open(account: Account): Promise<AwsCredentials> {
    const { accounts, sealer, audit } = this.options;
    const sealed = await accounts.sealedAccessKey(account.id);
    if (!sealed) throw new ConflictError('RC_SECRET_UNREADABLE', 'No access key is stored for the account');
    await audit.record({
      tenantId: account.tenantId,
      actor: GATEWAY_ACTOR,
      action: 'secret.read',
      target: { type: 'Account', id: account.id },
      accountId: account.id,
      detail: { what: 'access key', idEnding: account.accessKey?.idEnding },
    });
    return JSON.parse(await sealer.open(sealed, accessKeyContext(account))) as AwsCredentials;
  }

  /**
   * The stored key, sealed for another tenant. It opens once the account is that tenant's: store both in one
   * transaction, and only while the account still has this key (`accessKey.storedAt`).
   * @returns null for an account that has none. @throws as `open`
   */
  async reseal(account: Account, toTenantId: number): Promise<string | null> {
    if (account.connection !== 'ACCESS_KEY') return null;
    return this.seal({ id: account.id, tenantId: toTenantId }, await this.open(account));
  }
}

/** What a sealed access key belongs to. */
export function accessKeyContext({ id, tenantId }: Pick<Account, 'id' | 'tenantId'>) {
  return { tenantId, accountId: id, field: 'access-key' };
}

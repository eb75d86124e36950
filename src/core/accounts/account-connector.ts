import { parseRoleArn } from '../aws/arn';
import type { AwsCredentials } from '../aws/aws-clients';
import type { Sealer } from '../credentials/seal';
import { ConflictError, InvalidInputError, TrustRefusedError } from '../errors';
import type { Logger } from '../logger';
import { externalIdIn, type Account, type AccountStatus, type Verification } from './account';
import { judgeAccessKey, judgeRoleArn } from './account-input';
import type { AccountConnectionFacts, AccountRepository } from './account-repository';
import { isOpenToOthers, type TrustVerifier } from './trust-verifier';

/** Exactly one of the two. */
export interface ConnectRequest {
  roleArn?: string | null;
  accessKey?: { accessKeyId: string; secretAccessKey: string } | null;
  force: boolean;
}

const CONNECTABLE: readonly AccountStatus[] = [
  'AWAITING_ROLE',
  'CONNECTED',
  'DEGRADED',
  'BROKEN',
  'INSECURE',
  'PAUSED',
];
const VERIFIABLE: readonly AccountStatus[] = ['CONNECTED', 'DEGRADED', 'BROKEN', 'INSECURE'];
const ACCESS_KEY_FIELD = 'access-key';

/** Takes a role or an access key, proves it, and stores it: in that order. */
export class AccountConnector {
  constructor(
    private readonly options: {
      accounts: AccountRepository;
      verifier: TrustVerifier;
      sealer: Sealer;
      log: Logger;
    },
  ) {}

  /** @throws InvalidInputError, TrustRefusedError, AwsCallFailedError, ConflictError: nothing is stored then. */
  async connect(account: Account, request: ConnectRequest): Promise<Verification> {
    if (request.force) {
      throw new InvalidInputError('RC_ACCOUNT_FORCE_UNAVAILABLE', 'Trust checks cannot be waived', {
        path: ['input', 'force'],
      });
    }
    if (!request.roleArn === !request.accessKey) {
      throw new InvalidInputError(
        'RC_ACCOUNT_CREDENTIALS_AMBIGUOUS',
        'A role, an access key: one of them is needed',
        {
          path: ['input'],
        },
      );
    }
    const facts = request.accessKey
      ? await this.proveAccessKey(account, judgeAccessKey(request.accessKey))
      : await this.proveRole(account, request.roleArn!);
    if (!(await this.options.accounts.connect(account.id, CONNECTABLE, facts))) {
      throw await this.whyNotConnected(account, facts.awsAccountId);
    }
    this.options.log.info({ accountId: account.id, awsAccountId: facts.awsAccountId }, 'Account connected');
    return facts.verification;
  }

  /** Proves what is stored, and lets the status follow. @throws AwsCallFailedError: the status stays. */
  async verify(account: Account): Promise<Verification> {
    const verification =
      account.connection === 'ROLE'
        ? await this.verifyRole(account, account.roleArn!)
        : await this.verifyKey(account);
    await this.options.accounts.saveVerification(account.id, verification);
    const [status, reason] = judgement(verification);
    const unchanged = verification.ok && (account.status === 'CONNECTED' || account.status === 'DEGRADED');
    if (!unchanged) await this.options.accounts.changeStatus(account.id, VERIFIABLE, status, reason);
    return verification;
  }

  /** The opened access key of an access-key account, for the broker. @throws ConflictError RC_SECRET_UNREADABLE */
  async openAccessKey(account: Account): Promise<AwsCredentials> {
    const sealed = await this.options.accounts.sealedAccessKey(account.id);
    if (!sealed) throw new ConflictError('RC_SECRET_UNREADABLE', 'No access key is stored for the account');
    return JSON.parse(this.options.sealer.open(sealed, sealContext(account))) as AwsCredentials;
  }

  private async whyNotConnected(account: Account, awsAccountId: string): Promise<ConflictError> {
    const path = ['input', 'accountId'];
    const isThere = await this.options.accounts.load(account.id);
    return isThere
      ? new ConflictError('RC_ACCOUNT_AWS_ID_CONNECTED', `AWS account ${awsAccountId} is connected already`, {
          path,
        })
      : new ConflictError('RC_ACCOUNT_STATE', 'The account has just been removed', { path });
  }

  private async proveRole(account: Account, roleArn: string): Promise<AccountConnectionFacts> {
    const role = judgeRoleArn(roleArn, account.partition, account.awsAccountId);
    const verification = await this.verifyRole(account, role.arn);
    refuseUnlessOk(verification);
    return {
      awsAccountId: role.awsAccountId,
      roleArn: role.arn,
      sealedAccessKey: null,
      verification,
      at: verification.at,
    };
  }

  private async proveAccessKey(account: Account, key: AwsCredentials): Promise<AccountConnectionFacts> {
    const { verification, awsAccountId } = await this.options.verifier.verifyAccessKey(
      account.partition,
      key,
      account.awsAccountId,
    );
    refuseUnlessOk(verification);
    const sealedAccessKey = this.options.sealer.seal(JSON.stringify(key), sealContext(account));
    return { awsAccountId: awsAccountId!, roleArn: null, sealedAccessKey, verification, at: verification.at };
  }

  private verifyRole(account: Account, roleArn: string): Promise<Verification> {
    return this.options.verifier.verifyRole({
      accountId: account.id,
      role: parseRoleArn(roleArn)!,
      externalId: externalIdIn(account, 'ACTIVE')!.value,
      awsAccountId: account.awsAccountId,
    });
  }

  private async verifyKey(account: Account): Promise<Verification> {
    const key = await this.openAccessKey(account);
    return (await this.options.verifier.verifyAccessKey(account.partition, key, account.awsAccountId))
      .verification;
  }
}

function sealContext(account: Account) {
  return { tenantId: account.tenantId, accountId: account.id, field: ACCESS_KEY_FIELD };
}

function failures(verification: Verification): string {
  const failed = verification.checks.filter(({ outcome }) => outcome === 'FAILED');
  return failed.map(({ message }) => message).join('. ');
}

function refuseUnlessOk(verification: Verification): void {
  if (!verification.ok)
    throw new TrustRefusedError(failures(verification), verification, { path: ['input'] });
}

/** The status that a proof deserves, and why. */
export function judgement(verification: Verification | null): [status: AccountStatus, reason: string | null] {
  if (!verification || verification.ok) return ['CONNECTED', null];
  return [isOpenToOthers(verification) ? 'INSECURE' : 'BROKEN', failures(verification)];
}

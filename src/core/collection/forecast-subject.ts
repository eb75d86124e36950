import type { Account, AccountSettings } from '../accounts/account';
import { judgeRoleArn, judgeSettings, type KnownPlugins } from '../accounts/account-input';
import { ConflictError, InvalidInputError } from '../errors';

/** A change to an account; what is left out stays. */
export type ForecastRequest = Partial<
  Pick<AccountSettings, 'regions' | 'plugins' | 'tagFilter' | 'metricProfiles'>
> & {
  /** Of an account that is not connected yet. */
  roleArn?: string | null;
};

/**
 * The account as it would be.
 * @throws InvalidInputError, ConflictError: it cannot be forecast as it is, or is connected already and a role is given
 */
export function forecastSubject(
  account: Account,
  { roleArn, ...settings }: ForecastRequest,
  plugins: KnownPlugins,
): Account {
  if (account.status === 'REMOVED' || account.status === 'INSECURE') {
    throw new ConflictError('RC_ACCOUNT_STATE', `An account that is ${account.status} is not forecast`, {
      path: ['input', 'accountId'],
    });
  }
  const changed = { ...account, ...judgeSettings(settings, account.partition, plugins) };
  const path = ['input', 'roleArn'];
  if (account.status !== 'AWAITING_ROLE') {
    if (!roleArn || roleArn === account.roleArn) return changed;
    const message = 'A role is given for an account that is not connected yet';
    throw new ConflictError('RC_ACCOUNT_STATE', message, { path });
  }
  if (!roleArn) {
    throw new InvalidInputError('RC_FORECAST_ROLE_NEEDED', 'The account is not connected yet', { path });
  }
  const role = judgeRoleArn(roleArn, account.partition, account.awsAccountId);
  return { ...changed, connection: 'ROLE', roleArn: role.arn, awsAccountId: role.awsAccountId };
}

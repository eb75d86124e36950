import { AwsError } from '../protocol/aws-error';
import { awsRegions } from '../world/regions';
import type { SimulatedAccount } from '../world/types';

/**
 * STS answers in every default Region, in an opt-in Region only for accounts that have enabled it, and nowhere where the
 * account has switched it off.
 */
export function isStsActive(account: SimulatedAccount, region: string): boolean {
  if (account.stsDisabledRegions.has(region)) return false;
  return (
    account.enabledRegions.has(region) || awsRegions.some(({ name, optIn }) => name === region && !optIn)
  );
}

/** STS is off in this Region for the account whose credentials are used or asked for. */
export function regionDisabled(accountId: string): AwsError {
  return new AwsError(
    'RegionDisabledException',
    `STS is not activated in this region for account:${accountId}. Your account administrator can activate STS in this region using the IAM Console.`,
    403,
  );
}

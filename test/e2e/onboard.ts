import type { GraphqlClient } from '../support/graphql-client';
import type { Simulator } from '../../src/simulator';
import { ConnectAccount, RegisterAccount } from './operations.graphql';

/** The documents of an onboarding, with which a customer makes the role. */
interface OnboardingPolicies {
  trustPolicy: unknown;
  permissionPolicy: unknown;
}

/** What the customer does: makes, or replaces, the role in the AWS account. @returns its ARN */
export function makeRole(
  simulator: Simulator,
  awsAccountId: string,
  { trustPolicy, permissionPolicy }: OnboardingPolicies,
  name = 'rolecall',
): string {
  return simulator.world.addRole({ accountId: awsAccountId, name, trustPolicy, permissionPolicy }).arn;
}

export async function register(client: GraphqlClient, name: string, settings: object = {}) {
  const { registerAccount } = await client.execute(RegisterAccount, { input: { name, ...settings } });
  if (!registerAccount.account) throw new Error(registerAccount.errors.map(({ message }) => message).join());
  return registerAccount.account;
}

/** Registers, makes the role from the generated policies, connects. @returns the account's id */
export async function onboard(
  client: GraphqlClient,
  simulator: Simulator,
  awsAccountId: string,
  settings: object = {},
): Promise<string> {
  const account = await register(client, `Account ${awsAccountId}`, settings);
  const roleArn = makeRole(simulator, awsAccountId, account.onboarding!);
  const { connectAccount } = await client.execute(ConnectAccount, {
    input: { accountId: account.id, roleArn },
  });
  if (connectAccount.account?.status !== 'CONNECTED') {
    throw new Error(connectAccount.errors.map(({ message }) => message).join());
  }
  return account.id;
}

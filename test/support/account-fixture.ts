import type { Account } from '../../src/core/accounts/account';

/** A connected account, changed as a test needs it. */
export function accountFixture(changes: Partial<Account> = {}): Account {
  return {
    id: 7,
    tenantId: 1,
    name: 'Shop',
    awsAccountId: '123456789012',
    partition: 'AWS',
    status: 'CONNECTED',
    statusReason: null,
    connection: 'ROLE',
    roleArn: 'arn:aws:iam::123456789012:role/rolecall',
    externalIds: [
      {
        value: '6b6e2c34-0f0a-4f5e-9d6c-3a0f2f1c7d11',
        state: 'ACTIVE',
        createdAt: 0,
        activatedAt: 0,
        retiredAt: null,
        acceptedAt: null,
        refusedAt: null,
      },
    ],
    verification: null,
    nextVerificationAt: null,
    waiver: null,
    accessKey: null,
    regions: [],
    plugins: [],
    tagFilter: [],
    metricProfiles: [],
    labels: {},
    monthlyBudgetUsd: null,
    createdAt: 0,
    removedAt: null,
    lastCollectedAt: null,
    nextCollectionAt: null,
    ...changes,
  };
}

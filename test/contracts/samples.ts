import type { NewAccount } from '../../src/core/accounts/account-repository';
import type { ExternalId, Verification } from '../../src/core/accounts/account';
import { newRun, type CollectionRun } from '../../src/core/collection/collection-run';
import type { FoundResource } from '../../src/core/inventory/resource';
import type { SeriesSpec } from '../../src/core/metrics/series';

/** Valid values of the core's types, to be varied by a test. */

export function newAccount(
  tenantId: number,
  varied: Partial<NewAccount> & { externalId: string },
): NewAccount {
  return {
    tenantId,
    name: 'Production',
    awsAccountId: null,
    partition: 'AWS',
    regions: [],
    plugins: [],
    tagFilter: [],
    metricProfiles: [],
    labels: {},
    monthlyBudgetUsd: null,
    createdAt: 1_000,
    ...varied,
  };
}

/** As it is stored with a new account, to be varied by a test. */
export function activeExternalId(
  value: string,
  createdAt: number,
  varied: Partial<ExternalId> = {},
): ExternalId {
  return {
    ...{ value, createdAt, state: 'ACTIVE', activatedAt: null, retiredAt: null },
    ...{ acceptedAt: null, refusedAt: null },
    ...varied,
  };
}

export const PASSED: Verification = { at: 5_000, complete: true, ok: true, checks: [] };

export function foundResource(key: string, varied: Partial<FoundResource> = {}): FoundResource {
  return {
    type: 'ec2:instance',
    key,
    arn: `arn:aws:ec2:eu-central-1:111122223333:instance/${key}`,
    name: `Name of ${key}`,
    tags: { Name: `Name of ${key}`, env: 'prod' },
    attributes: { instanceId: key, state: 'running' },
    ...varied,
  };
}

export function seriesSpec(resourceId: number, varied: Partial<SeriesSpec> = {}): SeriesSpec {
  return {
    resourceId,
    region: 'eu-central-1',
    plugin: 'ec2',
    namespace: 'AWS/EC2',
    name: 'CPUUtilization',
    statistic: 'Average',
    unit: 'Percent',
    period: 300,
    dimensions: { InstanceId: `i-${resourceId}` },
    settleSeconds: 900,
    ...varied,
  };
}

export function collectionRun(
  tenantId: number,
  accountId: number,
  varied: Partial<CollectionRun> = {},
): Omit<CollectionRun, 'id'> {
  return { ...newRun({ id: accountId, tenantId }, 'SCHEDULE', 10_000), state: 'RUNNING', ...varied };
}

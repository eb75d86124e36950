import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { Account } from '../src/core/accounts/account';
import { systemClock } from '../src/core/clock';
import type { Fence } from '../src/core/collection/leases';
import { seriesOf } from '../src/core/collection/series-of';
import type { Resource } from '../src/core/inventory/resource';
import type { Series } from '../src/core/metrics/series';
import { openDatabase, type Database } from '../src/db';
import { metric, type ResourceType } from '../src/plugins/contract';
import type { BenchWorld } from './simulator-child';

/** Ten series an instance, as much as a plugin collects of one. */
export const INSTANCE_TYPE: ResourceType = {
  graphqlType: 'BenchInstance',
  description: 'An EC2 instance.',
  attributes: z.object({ instanceId: z.string() }),
  metrics: [
    {
      namespace: 'AWS/EC2',
      dimensions: ({ attributes }) => [{ InstanceId: String(attributes.instanceId) }],
      settleSeconds: 900,
      definitions: [
        metric('CPUUtilization', ['Average', 'Maximum'], 'Percent'),
        metric('NetworkIn', ['Average', 'Sum'], 'Bytes'),
        metric('NetworkOut', ['Average', 'Sum'], 'Bytes'),
        metric('NetworkPacketsIn', ['Average'], 'Count'),
        metric('NetworkPacketsOut', ['Average'], 'Count'),
        metric('StatusCheckFailed', ['Average', 'Maximum'], 'Count'),
      ],
    },
  ],
};

/** A database of its own with one account, its resources and the lease to write for it. */
export interface CollectionSubject {
  database: Database;
  account: Account;
  resources: Resource[];
  /** All known already: a series is made once in its life, so that is no part of the measure. */
  series: Series[];
  fence: Fence;
  close(): Promise<void>;
}

/** Makes one in a temporary folder, which goes with `close`. */
export async function makeSubject({ url, region, instanceIds }: BenchWorld): Promise<CollectionSubject> {
  const folder = await mkdtemp(join(tmpdir(), 'rolecall-bench-'));
  const database = await openDatabase({ file: join(folder, 'rolecall.sqlite'), awsEndpoint: url });
  const now = systemClock.now();
  const tenant = await database.tenants.ensureRoot({ name: 'bench', createdAt: now });
  const account = await database.accounts.insert({
    tenantId: tenant.id,
    name: 'bench',
    awsAccountId: null,
    partition: 'AWS',
    externalId: 'bench',
    createdAt: now,
    regions: [],
    plugins: [],
    tagFilter: [],
    metricProfiles: [],
    labels: {},
    monthlyBudgetUsd: null,
  });
  await database.leases.schedule(account.id, now);
  const fence = await database.leases.claim(account.id, 'bench', now, 600_000, { onlyIfDue: false });
  if (!fence) throw new Error('The lease of a new account could not be claimed');
  const { resources } = await database.resources.sync(fence, {
    tenantId: tenant.id,
    plugin: 'bench',
    region,
    found: instanceIds.map((instanceId) => ({
      type: 'bench:instance',
      key: instanceId,
      arn: null,
      name: null,
      tags: {},
      attributes: { instanceId },
    })),
    at: now,
  });
  const specs = resources.flatMap((resource) => seriesOf(resource, INSTANCE_TYPE, undefined));
  const series = await database.series.ensure(fence, tenant.id, specs);
  const close = async () => {
    await database.close();
    await rm(folder, { recursive: true });
  };
  return { database, account, resources, series, fence, close };
}

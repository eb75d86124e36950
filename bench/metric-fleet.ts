import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Fence } from '../src/core/collection/leases';
import type { SeriesLocation, SeriesPoints } from '../src/core/metrics/metric-store';
import { openDatabase, type Database } from '../src/db';
import { SqliteConnection } from '../src/db/sqlite-connection';

/** Seconds between points, and the timestamp of cycle 0: the start of a day. */
export const STEP = 300_000;
export const T0 = 20_780 * 86_400_000;

export interface FleetAccount {
  fence: Fence;
  series: SeriesLocation[];
}

/** A database with accounts whose leases are held, and their series, all in blocks. */
export interface Fleet {
  database: Database;
  file: string;
  accounts: FleetAccount[];
  close(): Promise<void>;
}

/** Its rows are made by SQL: what the catalogue does for each is no part of a measure. */
export async function makeFleet(accounts: number, seriesEach: number): Promise<Fleet> {
  const folder = await mkdtemp(join(tmpdir(), 'rolecall-bench-'));
  const file = join(folder, 'rolecall.sqlite');
  const database = await openDatabase({ file, awsEndpoint: null });
  const connection = await SqliteConnection.open(file, 'readwrite');
  const upTo = (table: string, limit: number) =>
    `WITH RECURSIVE ${table}(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM ${table} WHERE n < ${limit})`;
  await connection.exec(`
    BEGIN;
    INSERT INTO tenant (id, name, created_at, parent_id) VALUES (1, 'root', 0, NULL);
    ${upTo('a', accounts)}
      INSERT INTO account (id, tenant_id, name, partition, status, connection, regions, plugins, tag_filter,
        metric_profiles, labels, created_at)
      SELECT n, 1, 'Account ' || n, 'AWS', 'CONNECTED', 'ROLE', '[]', '[]', '[]', '[]', '{}', 0 FROM a;
    INSERT INTO resource (id, tenant_id, account_id, plugin, type, region, key, tags, attributes, first_seen_at,
      last_seen_at) SELECT id, 1, id, 'ec2', 'ec2:instance', 'eu-central-1', 'i', '{}', '{}', 0, 0 FROM account;
    INSERT INTO collect_lease (account_id, owner, token, lease_until) SELECT id, 'bench', 1, 9e15 FROM account;
    INSERT INTO block (id, account_id, region, period, slots)
      SELECT id, id, 'eu-central-1', 300, ${seriesEach} FROM account;
    ${upTo('s', accounts * seriesEach)}
      INSERT INTO series (id, tenant_id, account_id, resource_id, region, plugin, namespace, name, statistic, period,
        dimensions, settle_seconds, block, slot)
      SELECT n, 1, (n - 1) / ${seriesEach} + 1, (n - 1) / ${seriesEach} + 1, 'eu-central-1', 'ec2', 'AWS/EC2', 'M' || n,
        'Average', 300, '{}', 900, (n - 1) / ${seriesEach} + 1, (n - 1) % ${seriesEach} FROM s;
    COMMIT;
  `);
  await connection.close();
  return {
    database,
    file,
    accounts: Array.from({ length: accounts }, (_, account) => ({
      fence: { accountId: account + 1, token: 1 },
      series: Array.from({ length: seriesEach }, (_, slot): SeriesLocation => {
        return { id: account * seriesEach + slot + 1, block: account + 1, slot, period: 300 };
      }),
    })),
    close: async () => {
      await database.close();
      await rm(folder, { recursive: true });
    },
  };
}

/**
 * A value as CloudWatch's metrics have them: 30 % of series are almost always zero, 20 % count, 30 % are averages with
 * every bit used, 10 % are bytes and 10 % small gauges. The same for the same arguments.
 */
export function valueAt(seriesId: number, cycle: number): number {
  const random = noise(seriesId * 7919 + cycle);
  switch (seriesId % 10) {
    case 0:
    case 1:
    case 2:
      return random < 0.005 ? Math.ceil(random * 400) : 0;
    case 3:
    case 4:
      return Math.floor(50 + 40 * Math.sin(cycle / 40 + seriesId) + 20 * random);
    case 5:
    case 6:
    case 7:
      return 30 + 20 * Math.sin(cycle / 50 + seriesId) + 5 * random;
    case 8:
      return 8_589_934_592 - 4_096 * Math.floor(random * 100 + cycle / 10);
    default:
      return Math.floor(noise(seriesId + Math.floor(cycle / 12)) * 8);
  }
}

/** What CloudWatch answers for an account in a cycle: the newest `asked` points of each series. */
export function answerOf({ series }: FleetAccount, cycle: number, asked: number): SeriesPoints[] {
  const cycles = Array.from({ length: asked }, (_, index) => cycle - asked + 1 + index);
  const timestamps = cycles.map((one) => T0 + one * STEP);
  return series.map((one) => ({
    series: one,
    timestamps,
    values: cycles.map((at) => valueAt(one.id, at)),
    watermark: timestamps.at(-1)! + STEP,
  }));
}

/** From 0 to 1. */
function noise(seed: number): number {
  let hash = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

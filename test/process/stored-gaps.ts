import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase, type Database } from '../../src/db';
import type { Series } from '../../src/core/metrics/series';
import type { Simulator } from '../../src/simulator';

/** The tenant of every account here. */
const ROOT_TENANT = { tenantId: 1 };
const EVERYTHING = { first: 5_000, after: null };

/** What a data folder held, with no gateway running on it. */
export interface StoredGaps {
  series: number;
  /** Points from `since` up to their series' watermark that AWS has and the store has not, or has otherwise. */
  gaps: string[];
}

/**
 * Whether the watermarks tell the truth, read from a copy: nobody mends the folder itself before the next start does.
 * `since` is epoch ms.
 */
export async function storedGaps(dataDir: string, simulator: Simulator, since: number): Promise<StoredGaps> {
  const copy = mkdtempSync(join(tmpdir(), 'rolecall-copy-'));
  cpSync(dataDir, copy, { recursive: true });
  const database = await openDatabase({ file: join(copy, 'rolecall.sqlite'), awsEndpoint: simulator.url });
  try {
    return await findGaps(database, simulator, since);
  } finally {
    await database.close();
    rmSync(copy, { recursive: true });
  }
}

async function findGaps(
  { accounts, series, seriesStates, metrics }: Database,
  { oracle }: Simulator,
  since: number,
): Promise<StoredGaps> {
  const items = (await series.within(ROOT_TENANT).list({}, EVERYTHING)).items.map(({ item }) => item);
  const states = await seriesStates.statesOf(items);
  const points = await metrics.read(items, since, Number.MAX_SAFE_INTEGER);
  const awsAccountIds = new Map<number, string>();
  for (const accountId of new Set(items.map((one) => one.accountId)))
    awsAccountIds.set(accountId, (await accounts.load(accountId))!.awsAccountId!);
  const truth = ({ accountId, ...one }: Series, timestamp: number) =>
    oracle.metricValue({
      ...one,
      accountId: awsAccountIds.get(accountId)!,
      metricName: one.name,
      dimensions: Object.entries(one.dimensions).map(([Name, Value]) => ({ Name, Value })),
      timestamp,
    });
  const gaps = items.flatMap((one, index) => {
    const { timestamps, values } = points[index];
    const stored = new Map(timestamps.map((timestamp, at) => [timestamp, values[at]]));
    const periods = Math.max(0, ((states[index]!.watermark ?? since) - since) / (one.period * 1000));
    return Array.from({ length: periods }, (_, step) => since + step * one.period * 1000)
      .filter((timestamp) => (stored.get(timestamp) ?? null) !== truth(one, timestamp))
      .map((timestamp) => `${one.name} ${one.statistic} at ${new Date(timestamp).toISOString()}`);
  });
  return { series: items.length, gaps };
}

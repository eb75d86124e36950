import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase, type Database } from '../../src/db';
import type { Gap } from '../../src/core/metrics/gap';
import type { Series } from '../../src/core/metrics/series';
import type { Simulator } from '../../src/simulator';

/** The tenant of every account here. */
const ROOT_TENANT = { tenantId: 1 };
const EVERYTHING = { first: 5_000, after: null };

/** What a data folder held, with no gateway running on it. */
export interface StoredGaps {
  series: number;
  /** Points that equal the oracle. */
  equal: number;
  /**
   * Points from `since` up to their series' watermark that AWS has and the store has not, or has otherwise, and that no
   * recorded gap explains.
   */
  gaps: string[];
  /** Periods that lie in recorded gaps. */
  recorded: number;
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
  { accounts, series, seriesStates, metrics, gaps: recordedGaps }: Database,
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
  const found: StoredGaps = { series: items.length, equal: 0, gaps: [], recorded: 0 };
  const known = await recordedGapsOf(recordedGaps, items);
  items.forEach((one, index) => {
    const { timestamps, values } = points[index];
    const stored = new Map(timestamps.map((timestamp, at) => [timestamp, values[at]]));
    const periods = Math.max(0, ((states[index]!.watermark ?? since) - since) / (one.period * 1000));
    for (let step = 0; step < periods; step++) {
      const timestamp = since + step * one.period * 1000;
      const value = truth(one, timestamp);
      if ((stored.get(timestamp) ?? null) === value) found.equal += value === null ? 0 : 1;
      else if (isRecorded(known, one, timestamp)) found.recorded += 1;
      else found.gaps.push(`${one.name} ${one.statistic} at ${new Date(timestamp).toISOString()}`);
    }
  });
  return found;
}

async function recordedGapsOf(gaps: Database['gaps'], series: readonly Series[]): Promise<Gap[]> {
  const accountIds = [...new Set(series.map(({ accountId }) => accountId))];
  const all = await Promise.all(accountIds.map((id) => gaps.ofAccount(id, 0, Number.MAX_SAFE_INTEGER)));
  return all.flat();
}

function isRecorded(gaps: readonly Gap[], { block, slot }: Series, timestamp: number): boolean {
  return gaps.some(
    (gap) => gap.block === block && gap.slots.includes(slot) && gap.from <= timestamp && timestamp < gap.to,
  );
}

import type { CollectionDay } from '../../core/collection/collection-run';
import type { SqlRunner } from '../sqlite-connection';

const DAY_MS = 86_400_000;

const SUMS = [
  'succeeded',
  'partial',
  'failed',
  'skipped',
  'resources_found',
  'series_collected',
  'points_stored',
  'points_backfilled',
  'aws_calls',
  'cost_usd',
  'duration_ms',
];

const countOf = (state: string) => `sum(state = '${state}')`;

/**
 * Adds runs to the sums of their days and deletes them, inside a transaction: each run is in one place, whatever happens.
 * Ids grow with time, so the oldest come first and no more rows are looked at than `limit`. Runs that are open are left.
 * @returns how many.
 */
export async function sumRuns(runner: SqlRunner, before: number, limit: number): Promise<number> {
  const oldest = await runner.all<{ id: number; scheduledFor: number; state: string }>(
    'SELECT id, scheduled_for AS scheduledFor, state FROM collection_run ORDER BY id LIMIT ?',
    [limit],
  );
  const ids = oldest
    .filter(({ scheduledFor, state }) => scheduledFor < before && state !== 'QUEUED' && state !== 'RUNNING')
    .map(({ id }) => id);
  if (ids.length === 0) return 0;
  const chosen = 'id IN (SELECT value FROM json_each(?))';
  await runner.run(
    `INSERT INTO collection_run_day (account_id, day, ${SUMS.join(', ')})
    SELECT account_id, scheduled_for / ${DAY_MS} * ${DAY_MS} AS day,
      ${['SUCCEEDED', 'PARTIAL', 'FAILED', 'SKIPPED'].map(countOf).join(', ')},
      sum(resources_found), sum(series_collected), sum(points_stored), sum(points_backfilled), sum(aws_calls),
      sum(cost_usd), sum(max(ifnull(finished_at - started_at, 0), 0))
    FROM collection_run WHERE ${chosen} GROUP BY account_id, day
    ON CONFLICT (account_id, day) DO UPDATE SET ${SUMS.map((sum) => `${sum} = ${sum} + excluded.${sum}`).join(', ')}`,
    [JSON.stringify(ids)],
  );
  await runner.run(`DELETE FROM collection_run WHERE ${chosen}`, [JSON.stringify(ids)]);
  return ids.length;
}

/** The sums of an account's days that touch [from, to), the oldest first. */
export function daysOf(
  runner: Pick<SqlRunner, 'all'>,
  accountId: number,
  from: number,
  to: number,
): Promise<CollectionDay[]> {
  return runner.all<CollectionDay>(
    `SELECT day, succeeded, partial, failed, skipped, resources_found AS resourcesFound,
      series_collected AS seriesCollected, points_stored AS pointsStored, points_backfilled AS pointsBackfilled,
      aws_calls AS awsCalls, cost_usd AS costUsd, duration_ms AS durationMs
    FROM collection_run_day WHERE account_id = ? AND day > ? AND day < ? ORDER BY day`,
    [accountId, from - DAY_MS, to],
  );
}

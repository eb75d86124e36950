import type { SqlRunner } from '../sqlite-connection';
import { HEAD_IDS_PER_MINUTE } from './head-layout';

/** Distance of two ids of one block, or of one series, one day (or rollup) apart. */
const DAY_IDS_PER_DAY = HEAD_IDS_PER_MINUTE;
const SERIES_IDS_PER_DAY = 2 ** 32;

/** Deletes the account's series with all their points. */
export async function deleteSeriesOf(runner: SqlRunner, accountId: number): Promise<void> {
  await deletePointsOf(runner, accountId);
  for (const table of ['gap', 'metric_event']) {
    await runner.run(`DELETE FROM ${table} WHERE account_id = ?`, [accountId]);
  }
  await runner.run('DELETE FROM block_state WHERE block IN (SELECT id FROM block WHERE account_id = ?)', [
    accountId,
  ]);
  await deleteByDay(runner, 'block_day', DAY_IDS_PER_DAY, 'block', accountId);
  await deleteByDay(runner, 'chunk', SERIES_IDS_PER_DAY, 'series', accountId);
  await deleteByDay(runner, 'rollup', SERIES_IDS_PER_DAY, 'series', accountId);
  await runner.run(
    'DELETE FROM sparse_point WHERE series_id IN (SELECT id FROM series WHERE account_id = ?)',
    [accountId],
  );
  await runner.run('DELETE FROM series WHERE account_id = ?', [accountId]);
  await runner.run('DELETE FROM block WHERE account_id = ?', [accountId]);
}

/**
 * Deletes every point of the account's blocks. Head ids run by time, so the rows of a block are found on the grid of
 * its period between the first and the last minute that the head holds at all.
 */
async function deletePointsOf(runner: SqlRunner, accountId: number): Promise<void> {
  await runner.run(
    `DELETE FROM head WHERE id IN (
      WITH RECURSIVE
        bounds(first, last) AS (
          SELECT min(id) / ${HEAD_IDS_PER_MINUTE}, max(id) / ${HEAD_IDS_PER_MINUTE} FROM head
        ),
        grid(minute, block, step, last) AS (
          SELECT first - first % (period / 60), block.id, period / 60, last
          FROM block, bounds WHERE account_id = ? AND last IS NOT NULL
          UNION ALL
          SELECT minute + step, block, step, last FROM grid WHERE minute + step <= last
        )
      SELECT minute * ${HEAD_IDS_PER_MINUTE} + block FROM grid
    )`,
    [accountId],
  );
}

/** Deletes rows whose id is a day × `factor` + the id of a block or series of the account. */
async function deleteByDay(
  runner: SqlRunner,
  table: 'block_day' | 'chunk' | 'rollup',
  factor: number,
  owner: 'block' | 'series',
  accountId: number,
): Promise<void> {
  await runner.run(
    `DELETE FROM ${table} WHERE id IN (
      WITH RECURSIVE
        bounds(first, last) AS (SELECT min(id) / ${factor}, max(id) / ${factor} FROM ${table}),
        days(day, last) AS (
          SELECT first, last FROM bounds WHERE last IS NOT NULL
          UNION ALL
          SELECT day + 1, last FROM days WHERE day < last
        )
      SELECT day * ${factor} + ${owner}.id FROM days CROSS JOIN ${owner} WHERE account_id = ?
    )`,
    [accountId],
  );
}

import type { SqlRunner } from '../sqlite-connection';
import { HEAD_IDS_PER_MINUTE } from './head-layout';

/** Deletes the account's series with all their points. */
export async function deleteSeriesOf(runner: SqlRunner, accountId: number): Promise<void> {
  await deletePointsOf(runner, accountId);
  await runner.run('DELETE FROM watermark WHERE series_id IN (SELECT id FROM series WHERE account_id = ?)', [
    accountId,
  ]);
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

import type { SeriesSpec } from '../../core/metrics/series';
import type { SqlRunner } from '../sqlite-connection';
import { SLOTS_PER_BLOCK } from './head-layout';
import { dimensionsText, type SeriesRow } from './series-row';

/** Stores series that do not exist yet, each with a place in the head. */
export async function insertSeries(
  runner: SqlRunner,
  accountId: number,
  tenantId: number,
  specs: readonly SeriesSpec[],
): Promise<void> {
  for (const group of byPlace(specs)) {
    const slots = await takeSlots(runner, accountId, group[0].region, group[0].period, group.length);
    const rows = group.map((spec, index) => ({
      ...spec,
      ...slots[index],
      dimensions: dimensionsText(spec.dimensions),
    }));
    await runner.run(
      `INSERT INTO series (tenant_id, account_id, resource_id, region, plugin, namespace, name, statistic, unit,
        period, dimensions, settle_seconds, block, slot)
      SELECT ?1, ?2, row.value ->> 'resourceId', row.value ->> 'region', row.value ->> 'plugin',
        row.value ->> 'namespace', row.value ->> 'name', row.value ->> 'statistic', row.value ->> 'unit',
        row.value ->> 'period', row.value ->> 'dimensions', row.value ->> 'settleSeconds', row.value ->> 'block',
        row.value ->> 'slot'
      FROM json_each(?3) AS row`,
      [tenantId, accountId, JSON.stringify(rows)],
    );
  }
}

/** Stores what may change in a series: its plugin, unit and settle time. */
export async function updateSeries(runner: SqlRunner, rows: readonly SeriesRow[]): Promise<void> {
  if (rows.length === 0) return;
  await runner.run(
    `UPDATE series SET plugin = row.value ->> 'plugin', unit = row.value ->> 'unit',
      settle_seconds = row.value ->> 'settleSeconds'
    FROM json_each(?) AS row WHERE series.id = row.value ->> 'id'`,
    [JSON.stringify(rows)],
  );
}

/** The specs by Region and period: each group shares blocks. */
function byPlace(specs: readonly SeriesSpec[]): SeriesSpec[][] {
  const groups = new Map<string, SeriesSpec[]>();
  for (const spec of specs) {
    const place = `${spec.region} ${spec.period}`;
    const group = groups.get(place);
    if (group) group.push(spec);
    else groups.set(place, [spec]);
  }
  return [...groups.values()];
}

interface Slot {
  block: number;
  slot: number;
}

/** The next free slots of the account, Region and period: first in its newest block, then in new ones. */
async function takeSlots(
  runner: SqlRunner,
  accountId: number,
  region: string,
  period: number,
  count: number,
): Promise<Slot[]> {
  const taken: Slot[] = [];
  let [block] = await newestBlock(runner, accountId, region, period);
  while (taken.length < count) {
    if (!block || block.slots === SLOTS_PER_BLOCK) {
      await runner.run('INSERT INTO block (account_id, region, period, slots) VALUES (?, ?, ?, 0)', [
        accountId,
        region,
        period,
      ]);
      [block] = await newestBlock(runner, accountId, region, period);
    }
    const { id, slots } = block;
    const end = Math.min(SLOTS_PER_BLOCK, slots + count - taken.length);
    for (let slot = slots; slot < end; slot++) taken.push({ block: id, slot });
    await runner.run('UPDATE block SET slots = ? WHERE id = ?', [end, id]);
    block = { id, slots: end };
  }
  return taken;
}

function newestBlock(
  runner: SqlRunner,
  accountId: number,
  region: string,
  period: number,
): Promise<{ id: number; slots: number }[]> {
  return runner.all(
    `SELECT id, slots FROM block WHERE account_id = ? AND region = ? AND period = ? ORDER BY id DESC LIMIT 1`,
    [accountId, region, period],
  );
}

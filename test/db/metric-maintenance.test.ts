import type { DamagedBlob } from '../../src/core/metrics/metric-maintenance';
import { SqliteConnection } from '../../src/db/sqlite-connection';
import {
  describeMetricMaintenance,
  type MetricMaintenanceFixture,
} from '../contracts/metric-maintenance.contract';
import { seriesSpec } from '../contracts/samples';
import { TemporaryDatabase } from './temporary-database';

const TABLES: Record<DamagedBlob['kind'], [table: string, key: string]> = {
  head: ['head', 'id'],
  chunk: ['chunk', 'id'],
  rollup: ['rollup', 'id'],
  state: ['block_state', 'block'],
};

describeMetricMaintenance('SQLite', async (): Promise<MetricMaintenanceFixture> => {
  const damage: DamagedBlob[] = [];
  const temporary = await TemporaryDatabase.open({ onDamage: (blob) => damage.push(blob) });
  const tenantId = await temporary.tenant();
  const fence = await temporary.lease(await temporary.account(tenantId));
  const series = await temporary.series(fence, tenantId, 20);
  const others = await temporary.database.series.ensure(
    fence,
    tenantId,
    [60, 3_600, 3_600].map((period, index) =>
      seriesSpec(series[index]!.resourceId, { period, name: `of ${period} s` }),
    ),
  );
  return {
    fence,
    series,
    minutely: others[0]!,
    sparse: others.slice(1),
    damage,
    store: () => temporary.database.metrics,
    maintenance: () => temporary.database.metricMaintenance,
    events: () => temporary.database.metricEvents,
    gaps: () => temporary.database.gaps,
    corrupt: async (kind) => {
      const [table, key] = TABLES[kind];
      const raw = await SqliteConnection.open(temporary.file, 'readwrite');
      const row = (await raw.get<{ id: number; data: Buffer }>(
        `SELECT ${key} AS id, data FROM ${table} ORDER BY ${key} LIMIT 1`,
      ))!;
      row.data[row.data.length - 1]! ^= 1;
      await raw.run(`UPDATE ${table} SET data = ? WHERE ${key} = ?`, [row.data, row.id]);
      await raw.close();
    },
    reopen: () => temporary.reopen(),
    close: () => temporary.close(),
  };
});

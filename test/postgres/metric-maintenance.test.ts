import type { DamagedBlob } from '../../src/core/metrics/metric-maintenance';
import { openPostgresMetricStore } from '../../src/db/postgres/open-metric-store';
import {
  describeMetricMaintenance,
  type MetricMaintenanceFixture,
} from '../contracts/metric-maintenance.contract';
import { PostgresServer } from '../support/postgres';
import { MetricDatabase } from './metric-database';

const ACCOUNT = 1;
const TABLES: Record<DamagedBlob['kind'], [table: string, key: string]> = {
  head: ['head', 'id'],
  chunk: ['chunk', 'id'],
  rollup: ['rollup', 'id'],
  state: ['block_state', 'block'],
};

let server: PostgresServer;

beforeAll(async () => {
  server = await PostgresServer.start();
});
afterAll(() => server.stop());

describeMetricMaintenance('PostgreSQL', async (): Promise<MetricMaintenanceFixture> => {
  const damage: DamagedBlob[] = [];
  const database = await MetricDatabase.make(server);
  const open = () =>
    openPostgresMetricStore({ connection: database.config, onDamage: (blob) => damage.push(blob) });
  let opened = await open();
  return {
    fence: await database.claim(ACCOUNT),
    series: await database.series(ACCOUNT, 20),
    minutely: (await database.series(ACCOUNT, 1, 60))[0]!,
    sparse: await database.series(ACCOUNT, 2, 3_600),
    damage,
    store: () => opened.metrics,
    maintenance: () => opened.metricMaintenance,
    events: () => opened.metricEvents,
    gaps: () => opened.gaps,
    corrupt: async (kind) => {
      const [table, key] = TABLES[kind];
      const changed = 'set_byte(data, length(data) - 1, get_byte(data, length(data) - 1) # 1)';
      await database.pool.run(
        `UPDATE ${table} SET data = ${changed} WHERE ${key} = (SELECT min(${key}) FROM ${table})`,
      );
    },
    reopen: async () => {
      await opened.close();
      opened = await open();
    },
    close: async () => {
      await opened.close();
      await database.close();
    },
  };
});

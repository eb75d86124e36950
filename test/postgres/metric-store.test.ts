import { openPostgresMetricStore } from '../../src/db/postgres/open-metric-store';
import { describeMetricStore, type MetricStoreFixture } from '../contracts/metric-store.contract';
import { PostgresServer } from '../support/postgres';
import { MetricDatabase } from './metric-database';

const ACCOUNT = 1;

let server: PostgresServer;

beforeAll(async () => {
  server = await PostgresServer.start();
});
afterAll(() => server.stop());

describeMetricStore('PostgreSQL', async (): Promise<MetricStoreFixture> => {
  const database = await MetricDatabase.make(server);
  const open = () => openPostgresMetricStore({ connection: database.config });
  let opened = await open();
  return {
    store: () => opened.metrics,
    states: () => opened.seriesStates,
    gaps: () => opened.gaps,
    events: () => opened.metricEvents,
    fence: await database.claim(ACCOUNT),
    series: [
      ...(await database.series(ACCOUNT, 1_100)),
      ...(await database.series(ACCOUNT, 20, 300, 'us-east-1')),
    ],
    revoke: () => database.revoke(ACCOUNT),
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

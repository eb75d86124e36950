import type { ClientConfig } from 'pg';
import type { DamagedBlob } from '../../core/metrics/metric-maintenance';
import { metricStorage } from '../metrics/metric-storage';
import { migrate } from './migrate';
import { PostgresMetricTables } from './metrics/postgres-metric-tables';
import { PostgresPool, type PoolOptions } from './postgres-pool';

export interface PostgresOptions extends PoolOptions {
  /** Where the database is and who asks; what it leaves out is taken from the PG* variables of the environment. */
  connection: ClientConfig;
  /** Told of each stored blob of points that is not what was written; the rest is served. */
  onDamage?: (blob: DamagedBlob) => void;
}

/** What the core asks of points, on PostgreSQL. */
export type PostgresMetricStore = ReturnType<typeof metricStorage> & {
  /** Ends what was accepted and closes every connection. */
  close(): Promise<void>;
};

/** Opens the metric store on a PostgreSQL database, making or migrating its tables where needed. */
export async function openPostgresMetricStore({
  connection,
  onDamage = () => undefined,
  ...options
}: PostgresOptions): Promise<PostgresMetricStore> {
  // Connections of their own for reads: those of the writers may all be waiting for one block.
  const [writer, reader] = [new PostgresPool(connection, options), new PostgresPool(connection, options)];
  const close = async () => {
    await Promise.all([writer.close(), reader.close()]);
  };
  try {
    await migrate(writer);
  } catch (error) {
    await close();
    throw error;
  }
  return { ...metricStorage(new PostgresMetricTables(writer, reader), onDamage), close };
}

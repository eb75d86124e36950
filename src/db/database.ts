import type { TenantRepository } from '../core/access/tenant-repository';
import type { TokenRepository } from '../core/access/token-repository';
import type { AccountRepository } from '../core/accounts/account-repository';
import type { ExternalIdRepository } from '../core/accounts/external-id-repository';
import type { SealedKeyRepository } from '../core/accounts/sealed-key-repository';
import type { AuditRepository } from '../core/audit/audit-repository';
import { systemClock, type Clock } from '../core/clock';
import type { Leases } from '../core/collection/leases';
import type { RunRepository } from '../core/collection/run-repository';
import type { SettleObservations } from '../core/collection/settle-times';
import type { SeriesDemandStore } from '../core/cost/series-demand';
import type { UsageLedger } from '../core/cost/usage-ledger';
import type { ResourceRepository } from '../core/inventory/resource-repository';
import type { Gaps } from '../core/metrics/gap';
import type { MetricEventLog } from '../core/metrics/metric-events';
import type { DamagedBlob, MetricMaintenance } from '../core/metrics/metric-maintenance';
import type { MetricStore } from '../core/metrics/metric-store';
import type { SeriesCatalog } from '../core/metrics/series';
import type { SeriesStates } from '../core/metrics/series-state';
import { SqliteTenantRepository } from './access/sqlite-tenant-repository';
import { SqliteTokenRepository } from './access/sqlite-token-repository';
import { SqliteAccountRepository } from './accounts/sqlite-account-repository';
import { SqliteAuditRepository } from './audit/sqlite-audit-repository';
import { SqliteLeases } from './collection/sqlite-leases';
import { SqliteRunRepository } from './collection/sqlite-run-repository';
import { SqliteSettleObservations } from './collection/sqlite-settle-observations';
import { SqliteSeriesDemand } from './cost/sqlite-series-demand';
import { SqliteUsageLedger } from './cost/sqlite-usage-ledger';
import { SqliteExternalIdRepository } from './accounts/sqlite-external-id-repository';
import { SqliteSealedKeyRepository } from './accounts/sqlite-sealed-key-repository';
import { openDataSource } from './data-sources';
import { openRawConnection, prepareDatabaseFile } from './database-file';
import { SqliteResourceRepository } from './inventory/sqlite-resource-repository';
import { metricStorage } from './metrics/metric-storage';
import { SqliteMetricTables } from './metrics/sqlite-metric-tables';
import { SqliteSeriesCatalog } from './metrics/sqlite-series-catalog';
import { migrate, pendingMigrations } from './migrate';
import { EntityWriter, RawWriter } from './transactions';
import { WriteQueue } from './write-queue';

export interface DatabaseOptions {
  /** Path of the SQLite file; it and its folder are made where missing. */
  file: string;
  /** The AWS endpoint's URL that the gateway talks to, null for AWS itself. The database is bound to it for ever. */
  awsEndpoint: string | null;
  /** Tells when a lease ended and an entry of the audit log was made; the machine's own by default. */
  clock?: Clock;
  /** Told of each stored blob of points that is not what was written; the rest is served. */
  onDamage?: (blob: DamagedBlob) => void;
}

export interface DatabaseHealth {
  ok: boolean;
  /** What is wrong; null when `ok`. */
  reason: string | null;
}

/** All storage of a gateway, on one file. */
export interface Database {
  readonly accounts: AccountRepository;
  readonly externalIds: ExternalIdRepository;
  readonly sealedKeys: SealedKeyRepository;
  readonly tenants: TenantRepository;
  readonly audit: AuditRepository;
  readonly tokens: TokenRepository;
  readonly resources: ResourceRepository;
  readonly series: SeriesCatalog;
  readonly metrics: MetricStore;
  readonly seriesStates: SeriesStates;
  readonly gaps: Gaps;
  readonly metricEvents: MetricEventLog;
  readonly metricMaintenance: MetricMaintenance;
  readonly settleObservations: SettleObservations;
  readonly leases: Leases;
  readonly runs: RunRepository;
  readonly usage: UsageLedger;
  readonly demand: SeriesDemandStore;
  /** Reads a row, compares the migrations, and knows whether the newest write could be made. Never rejects. */
  health(): Promise<DatabaseHealth>;
  /** Ends what was accepted, refuses new writes, closes every connection. A second call does nothing more. */
  close(): Promise<void>;
}

/**
 * Opens the database, making or migrating it where needed.
 * @throws DatabaseStampError when it belongs to another AWS endpoint.
 */
export async function openDatabase({
  file,
  awsEndpoint,
  clock = systemClock,
  onDamage = () => undefined,
}: DatabaseOptions): Promise<Database> {
  await prepareDatabaseFile(file);
  // Closed in the reverse order: the last connection to go writes the log back into the file, so it is a writer.
  const closers: (() => Promise<void>)[] = [];
  const closeAll = async () => {
    for (const close of closers.splice(0).reverse()) await close();
  };
  try {
    const queue = new WriteQueue();
    const entitySource = await openDataSource(file, 'readwrite');
    closers.push(() => entitySource.destroy());
    const entities = new EntityWriter(entitySource, queue);
    await migrate(entitySource, entities, awsEndpoint);

    const rawWriteConnection = await openRawConnection(file, 'readwrite');
    closers.push(() => rawWriteConnection.close());
    const raw = new RawWriter(rawWriteConnection, queue);
    const entityReader = await openDataSource(file, 'readonly');
    closers.push(() => entityReader.destroy());
    const reader = await openRawConnection(file, 'readonly');
    closers.push(
      () => reader.close(),
      () => queue.close(),
    );

    return {
      accounts: new SqliteAccountRepository(entities, entityReader.manager, reader, clock),
      externalIds: new SqliteExternalIdRepository(entities, reader),
      sealedKeys: new SqliteSealedKeyRepository(entities, reader),
      tenants: new SqliteTenantRepository(entities, entityReader.manager, reader),
      audit: new SqliteAuditRepository(entities, reader, clock),
      tokens: new SqliteTokenRepository(entities, entityReader.manager, reader),
      resources: new SqliteResourceRepository(entities, entityReader.manager, reader),
      series: new SqliteSeriesCatalog(raw, reader),
      ...metricStorage(new SqliteMetricTables(raw, reader), onDamage),
      settleObservations: new SqliteSettleObservations(raw, reader),
      leases: new SqliteLeases(raw, clock),
      runs: new SqliteRunRepository(entities, entityReader.manager, reader),
      usage: new SqliteUsageLedger(raw, reader),
      demand: new SqliteSeriesDemand(raw, reader),
      health: async () => {
        try {
          if (queue.failure) return { ok: false, reason: `Nothing can be written: ${queue.failure.message}` };
          const pending = await pendingMigrations(reader);
          return pending.length === 0
            ? { ok: true, reason: null }
            : { ok: false, reason: `Migrations are pending: ${pending.join(', ')}` };
        } catch (error) {
          return { ok: false, reason: error instanceof Error ? error.message : String(error) };
        }
      },
      close: closeAll,
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

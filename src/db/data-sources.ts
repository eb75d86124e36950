import * as sqlite3 from 'sqlite3';
import { DataSource } from 'typeorm';
import { BUSY_TIMEOUT, SECURE_DELETE } from './database-file';
import { AccountEntity } from './entities/account-entity';
import { ApiTokenEntity } from './entities/api-token-entity';
import { CollectionRunEntity } from './entities/collection-run-entity';
import { ExternalIdEntity } from './entities/external-id-entity';
import { ResourceEntity } from './entities/resource-entity';
import { TenantEntity } from './entities/tenant-entity';
import { MIGRATIONS, MIGRATION_TABLE } from './migrations';

const ENTITIES = [
  TenantEntity,
  ApiTokenEntity,
  AccountEntity,
  ExternalIdEntity,
  ResourceEntity,
  CollectionRunEntity,
];

/** As the pragma answers it. */
const SYNCHRONOUS_FULL = 2;

/** TypeORM calls verbose() on the driver, which makes every statement of the process collect a stack trace. */
const driver = { ...sqlite3, verbose: () => sqlite3 };

/** TypeORM's connection on the prepared file: either the one that writes entities or the one that reads them. */
export async function openDataSource(file: string, mode: 'readonly' | 'readwrite'): Promise<DataSource> {
  const source = new DataSource({
    type: 'sqlite',
    driver,
    database: file,
    flags: mode === 'readonly' ? sqlite3.OPEN_READONLY : sqlite3.OPEN_READWRITE,
    busyTimeout: BUSY_TIMEOUT,
    entities: ENTITIES,
    migrations: [...MIGRATIONS],
    migrationsTableName: MIGRATION_TABLE,
    synchronize: false,
    logging: false,
    // Without these, a find by an undefined id answers the first row of all.
    invalidWhereValuesBehavior: { null: 'throw', undefined: 'throw' },
  });
  await source.initialize();
  if (mode === 'readwrite') {
    await source.query('PRAGMA synchronous = FULL');
    await source.query(SECURE_DELETE);
    const [{ synchronous }] = await source.query<[{ synchronous: number }]>('PRAGMA synchronous');
    // Less would lose acknowledged writes with the power: better not to start.
    if (synchronous !== SYNCHRONOUS_FULL)
      throw new Error(`SQLite answers synchronous=${synchronous}, not FULL`);
  }
  return source;
}

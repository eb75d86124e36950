import { defaultCreationTime, stableHex, tagList, type Location } from './identifiers';
import { dnsSuffixOf, partitionOfRegion } from './partitions';
import type { DbInstance } from './types';

/** A new DB instance; everything but its place has a default. `fields` replaces any field of the AWS shape. */
export interface NewDbInstance extends Location {
  identifier?: string;
  /** `postgres`, `mysql`, `aurora-postgresql`, … */
  engine?: string;
  instanceClass?: string;
  status?: string;
  /** Aurora: the cluster that the instance belongs to. */
  clusterIdentifier?: string;
  tags?: Record<string, string>;
  fields?: Partial<DbInstance>;
}

const engineVersions: Record<string, string> = {
  postgres: '16.4',
  mysql: '8.0.39',
  'aurora-postgresql': '16.4',
  'aurora-mysql': '8.0.mysql_aurora.3.08.0',
};

/** A DB instance in AWS's shape; `serial` makes its name when none is given. */
export function buildDbInstance(input: NewDbInstance, serial: number): DbInstance {
  const { accountId, region, identifier = `database-${serial}`, engine = 'postgres' } = input;
  const isAurora = engine.startsWith('aurora');
  const host = stableHex(12, 'rds', accountId, region);
  return {
    DBInstanceIdentifier: identifier,
    DBInstanceArn: `arn:${partitionOfRegion(region)}:rds:${region}:${accountId}:db:${identifier}`,
    DBInstanceClass: input.instanceClass ?? 'db.t4g.medium',
    DbiResourceId: `db-${stableHex(26, 'dbi', accountId, region, identifier).toUpperCase()}`,
    Engine: engine,
    EngineVersion: engineVersions[engine] ?? '1.0',
    DBInstanceStatus: input.status ?? 'available',
    ...(input.clusterIdentifier !== undefined && { DBClusterIdentifier: input.clusterIdentifier }),
    MasterUsername: 'admin',
    Endpoint: {
      Address: `${identifier}.${host}.${region}.rds.${dnsSuffixOf(region)}`,
      Port: engine.includes('mysql') ? 3306 : 5432,
    },
    AllocatedStorage: isAurora ? 1 : 100,
    StorageType: isAurora ? 'aurora' : 'gp3',
    StorageEncrypted: true,
    MultiAZ: false,
    AvailabilityZone: `${region}${'abc'[serial % 3]}`,
    PubliclyAccessible: false,
    PerformanceInsightsEnabled: true,
    BackupRetentionPeriod: 7,
    DeletionProtection: true,
    InstanceCreateTime: defaultCreationTime,
    TagList: tagList(input.tags ?? {}),
    ...input.fields,
  };
}

import { dbInstance, dbInstanceAttributes, type DbInstanceAttributes } from './db-instance';

const POSTGRES = dbInstanceAttributes({
  DBInstanceIdentifier: 'orders',
  Engine: 'postgres',
  EngineVersion: '16.4',
  DBInstanceClass: 'db.t4g.medium',
  DBInstanceStatus: 'available',
  MultiAZ: true,
  AllocatedStorage: 200,
  StorageType: 'gp3',
  Endpoint: { Address: 'orders.abc.eu-central-1.rds.amazonaws.com', Port: 5432 },
});

const declared = (changes: Partial<DbInstanceAttributes>) => ({
  arn: null,
  name: null,
  tags: {},
  region: 'eu-central-1',
  attributes: { ...POSTGRES, ...changes },
});

/** The names of all metrics that such an instance publishes. */
function published(changes: Partial<DbInstanceAttributes>): string[] {
  const instance = declared(changes);
  return dbInstance.metrics
    .filter(({ appliesTo }) => !appliesTo || appliesTo(instance))
    .flatMap(({ definitions }) => definitions.map(({ name }) => name));
}

describe('dbInstanceAttributes', () => {
  it('maps what RDS answers', () => {
    expect(POSTGRES).toEqual({
      dbInstanceIdentifier: 'orders',
      engine: 'postgres',
      engineVersion: '16.4',
      instanceClass: 'db.t4g.medium',
      status: 'available',
      multiAz: true,
      allocatedStorageGiB: 200,
      storageType: 'gp3',
      endpoint: 'orders.abc.eu-central-1.rds.amazonaws.com:5432',
      dbClusterIdentifier: null,
      replicaSource: null,
      performanceInsights: false,
    });
    expect(dbInstance.attributes.parse(POSTGRES)).toEqual(POSTGRES);
  });

  it('has no endpoint while the instance is made', () => {
    const attributes = dbInstanceAttributes({ DBInstanceIdentifier: 'new', DBInstanceStatus: 'creating' });
    expect(attributes.endpoint).toBeNull();
    expect(dbInstance.attributes.parse(attributes)).toEqual(attributes);
  });

  it('leaves out the storage of Aurora, which answers 1 whatever it holds', () => {
    const aurora = dbInstanceAttributes({
      DBInstanceIdentifier: 'a',
      Engine: 'aurora-mysql',
      AllocatedStorage: 1,
    });
    expect(aurora.allocatedStorageGiB).toBeNull();
  });
});

describe('metrics', () => {
  it.each<[Partial<DbInstanceAttributes>, string, boolean]>([
    [{}, 'FreeStorageSpace', true],
    [{ engine: 'aurora-postgresql' }, 'FreeStorageSpace', false],
    [{ engine: 'aurora-postgresql' }, 'AuroraReplicaLag', true],
    [{}, 'AuroraReplicaLag', false],
    [{ engine: 'aurora-mysql' }, 'Queries', true],
    [{ engine: 'aurora-postgresql' }, 'Queries', false],
    [{}, 'MaximumUsedTransactionIDs', true],
    [{ engine: 'mysql' }, 'MaximumUsedTransactionIDs', false],
    [{ engine: 'mariadb' }, 'BinLogDiskUsage', true],
    [{}, 'BinLogDiskUsage', false],
    [{ storageType: 'gp2' }, 'BurstBalance', true],
    [{ storageType: 'gp3' }, 'BurstBalance', false],
    [{ replicaSource: 'primary' }, 'ReplicaLag', true],
    [{ replicaSource: 'primary', engine: 'aurora-mysql' }, 'ReplicaLag', false],
    [{}, 'ReplicaLag', false],
    [{ performanceInsights: true }, 'DBLoad', true],
    [{}, 'DBLoad', false],
    [{}, 'CPUCreditBalance', true],
    [{ instanceClass: 'db.r6g.large' }, 'CPUCreditBalance', false],
    [{ instanceClass: 'db.serverless', engine: 'aurora-mysql' }, 'ACUUtilization', true],
    [{ engine: 'aurora-mysql' }, 'ACUUtilization', false],
  ])('%j: %s is published: %s', (changes, name, expected) => {
    expect(published(changes).includes(name)).toBe(expected);
  });
});

describe('collects', () => {
  it.each([
    ['available', true],
    ['backing-up', true],
    ['modifying', true],
    ['storage-optimization', true],
    ['stopped', false],
    ['creating', false],
    ['deleting', false],
    ['inaccessible-encryption-credentials-recoverable', false],
  ])('%s: %s', (status, expected) => {
    expect(dbInstance.collects!(declared({ status }))).toBe(expected);
  });
});

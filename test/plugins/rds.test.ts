import { rdsPlugin } from '../../src/plugins/rds';
import { describePlugin } from '../contracts/plugin.contract';

describePlugin(rdsPlugin, {
  populate(world, place) {
    const cluster = { ...place, engine: 'aurora-mysql', clusterIdentifier: 'cms' };
    world.addDbInstance({
      ...place,
      identifier: 'orders',
      engine: 'postgres',
      tags: { env: 'prod', empty: '' },
    });
    world.addDbInstance({
      ...place,
      identifier: 'orders-replica',
      fields: { ReadReplicaSourceDBInstanceIdentifier: 'orders', StorageType: 'gp2' },
    });
    world.addDbInstance({ ...place, engine: 'mariadb', fields: { PerformanceInsightsEnabled: false } });
    world.addDbInstance({ ...cluster, identifier: 'cms-writer', instanceClass: 'db.r6g.large' });
    world.addDbInstance({ ...cluster, identifier: 'cms-reader', instanceClass: 'db.serverless' });
    world.addDbInstance({ ...place, status: 'stopped' });
    world.addDbInstance({ ...place, engine: 'neptune' });
    world.addDbInstance({ ...place, engine: 'docdb' });
    for (let count = 0; count < 100; count++) world.addDbInstance(place);
  },
  found: { 'rds:db-instance': 106 },
  calls: { 'rds:DescribeDBInstances': 2 },
});

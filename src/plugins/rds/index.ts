import { definePlugin } from '../contract';
import { dbInstance } from './db-instance';
import { discoverDbInstances, probeDbInstances } from './discover';

/** Amazon RDS: DB instances, those of Aurora included, and their metrics in AWS/RDS. */
export const rdsPlugin = definePlugin({
  name: 'rds',
  version: '1.0.0',
  apiVersion: 1,
  displayName: 'Amazon RDS',
  description:
    'DB instances, tagged or not, with CPU, memory, storage, I/O, connection and replication metrics.',
  iamActions: ['rds:DescribeDBInstances'],
  probes: { 'rds:DescribeDBInstances': probeDbInstances },
  resources: { 'rds:db-instance': dbInstance },
  discover: discoverDbInstances,
});

import type { DbInstance, Ec2Instance, RegionResources } from '../world/types';
import { sortDimensions, sourceKey } from './dimensions';
import { findLoadBalancerSource, loadBalancerSources } from './load-balancer-sources';
import { atPeriod, metricMap, type MetricSource, type MetricSourceQuery } from './metric-source';
import * as names from './names';

/** All sources of a Region, in the order in which ListMetrics tells them. */
export function* metricSources(resources: RegionResources): Generator<MetricSource> {
  for (const instance of resources.instances.values()) yield instanceSource(instance);
  const clusters = new Set<string>();
  for (const dbInstance of resources.dbInstances.values()) {
    yield dbInstanceSource(dbInstance);
    const cluster = dbInstance.DBClusterIdentifier;
    if (cluster !== undefined && !clusters.has(cluster)) yield clusterSource(cluster);
    if (cluster !== undefined) clusters.add(cluster);
  }
  yield* loadBalancerSources(resources);
  yield* resources.publishedMetrics.values();
}

/** The source with exactly these dimensions; undefined when nothing publishes under them. */
export function findMetricSource(
  resources: RegionResources,
  query: MetricSourceQuery,
): MetricSource | undefined {
  const sorted = sortDimensions(query.dimensions);
  const value = sorted[0]?.Value;
  const published = resources.publishedMetrics.get(sourceKey(query.namespace, sorted));
  if (published) return published;
  switch (`${query.namespace} ${sorted.map(({ Name }) => Name).join(',')}`) {
    case 'AWS/EC2 InstanceId':
      return mapDefined(resources.instances.get(value), instanceSource);
    case 'AWS/RDS DBInstanceIdentifier':
      return mapDefined(resources.dbInstances.get(value), dbInstanceSource);
    case 'AWS/RDS DBClusterIdentifier': {
      const members = [...resources.dbInstances.values()];
      return members.some((member) => member.DBClusterIdentifier === value)
        ? clusterSource(value)
        : undefined;
    }
    default:
      return findLoadBalancerSource(resources, { ...query, dimensions: sorted });
  }
}

function instanceSource(instance: Ec2Instance): MetricSource {
  const family = instance.InstanceType.split('.')[0];
  const basicPeriod = instance.Monitoring.State === 'enabled' ? 60 : 300;
  const hasLocalDisk = /^[a-z]+\d+[a-z]*d/.test(family);
  return {
    namespace: 'AWS/EC2',
    dimensions: [{ Name: 'InstanceId', Value: instance.InstanceId }],
    metrics: metricMap(`ec2 ${basicPeriod} ${isBurstable(family)} ${hasLocalDisk}`, () => [
      ...atPeriod(60, names.instanceStatusMetrics),
      ...atPeriod(basicPeriod, names.instanceMetrics, hasLocalDisk ? names.instanceStoreMetrics : []),
      ...atPeriod(300, names.instanceBalanceMetrics, isBurstable(family) ? names.creditMetrics : []),
    ]),
    isActive: instance.State.Name === 'running',
  };
}

function dbInstanceSource(dbInstance: DbInstance): MetricSource {
  const { Engine: engine, DBInstanceClass: instanceClass } = dbInstance;
  const family = instanceClass.split('.')[1] ?? '';
  const hasInsights = dbInstance.PerformanceInsightsEnabled;
  const isReplica = dbInstance.ReadReplicaSourceDBInstanceIdentifier !== undefined;
  return {
    namespace: 'AWS/RDS',
    dimensions: [{ Name: 'DBInstanceIdentifier', Value: dbInstance.DBInstanceIdentifier }],
    metrics: metricMap(`rds ${engine} ${family} ${hasInsights} ${isReplica}`, () => [
      ...atPeriod(
        60,
        names.dbInstanceMetrics,
        engine.startsWith('aurora') ? names.auroraMetrics : names.dbStorageMetrics,
        hasInsights ? names.dbInsightsMetrics : [],
        isReplica ? names.dbReplicaMetrics : [],
        engine === 'mysql' || engine === 'mariadb' ? names.mysqlMetrics : [],
        engine === 'postgres' ? names.postgresMetrics : [],
        engine === 'aurora-mysql' ? names.auroraMysqlMetrics : [],
        family === 'serverless' ? names.auroraServerlessMetrics : [],
      ),
      ...atPeriod(300, isBurstable(family) ? names.creditMetrics : []),
    ]),
    isActive: dbInstance.DBInstanceStatus === 'available',
  };
}

function clusterSource(cluster: string): MetricSource {
  return {
    namespace: 'AWS/RDS',
    dimensions: [{ Name: 'DBClusterIdentifier', Value: cluster }],
    metrics: metricMap('cluster', () => atPeriod(300, names.auroraClusterMetrics)),
    isActive: true,
  };
}

/** t2, t3, t3a, t4g earn CPU credits. */
function isBurstable(family: string): boolean {
  return /^t\d/.test(family);
}

function mapDefined<T, R>(value: T | undefined, map: (value: T) => R): R | undefined {
  return value === undefined ? undefined : map(value);
}

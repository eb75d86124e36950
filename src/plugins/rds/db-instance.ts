import type { DBInstance } from '@aws-sdk/client-rds';
import { z } from 'zod';
import { resourceType, type DeclaredResource } from '../contract';
import * as metrics from './metrics';

const attributes = z.object({
  dbInstanceIdentifier: z.string(),
  engine: z.string(),
  engineVersion: z.string().nullable(),
  instanceClass: z.string().nullable(),
  status: z.string(),
  multiAz: z.boolean().nullable(),
  allocatedStorageGiB: z.int().nullable(),
  storageType: z.string().nullable(),
  endpoint: z.string().nullable(),
  dbClusterIdentifier: z.string().nullable(),
  replicaSource: z.string().nullable(),
  performanceInsights: z.boolean(),
});

/** What is kept of a DB instance. */
export type DbInstanceAttributes = z.output<typeof attributes>;
type DeclaredDbInstance = DeclaredResource<DbInstanceAttributes>;

const AURORA = /^aurora/;

/** Nothing runs in these (RDS user guide, "Viewing Amazon RDS DB instance status"). */
const SILENT_STATUSES = new Set([
  'creating',
  'deleting',
  'failed',
  'inaccessible-encryption-credentials',
  'inaccessible-encryption-credentials-recoverable',
  'incompatible-network',
  'incompatible-restore',
  'insufficient-capacity',
  'restore-error',
  'stopped',
]);

/** The same for every group but that of CPU credits, which come every five minutes. For five minutes CloudWatch revises points; Netflix measured it on its fleet. */
const common = {
  namespace: 'AWS/RDS',
  dimensions: ({ attributes: { dbInstanceIdentifier } }: DeclaredDbInstance) => [
    { DBInstanceIdentifier: dbInstanceIdentifier },
  ],
  publishes: () => 60 as const,
  settleSeconds: 300,
};

const engineMatches =
  (pattern: RegExp) =>
  ({ attributes: { engine } }: DeclaredDbInstance) =>
    pattern.test(engine);
const classMatches =
  (pattern: RegExp) =>
  ({ attributes: { instanceClass } }: DeclaredDbInstance) =>
    pattern.test(instanceClass ?? '');

/** What CloudWatch says of a DB instance: which metrics there are follows from engine, class, storage and settings. */
export const dbInstance = resourceType({
  graphqlType: 'RdsInstance',
  description: 'An Amazon RDS or Aurora DB instance.',
  attributes,
  metrics: [
    { ...common, definitions: metrics.EVERY_ENGINE },
    { ...common, definitions: metrics.OWN_STORAGE, appliesTo: engineMatches(/^(?!aurora)/) },
    {
      ...common,
      definitions: metrics.GP2_STORAGE,
      appliesTo: ({ attributes }) => attributes.storageType === 'gp2',
    },
    {
      ...common,
      definitions: metrics.READ_REPLICA,
      appliesTo: ({ attributes: { engine, replicaSource } }) =>
        replicaSource !== null && !AURORA.test(engine),
    },
    {
      ...common,
      definitions: metrics.PERFORMANCE_INSIGHTS,
      appliesTo: ({ attributes }) => attributes.performanceInsights,
    },
    {
      ...common,
      definitions: metrics.BURSTABLE_CLASS,
      appliesTo: classMatches(/^db\.t\d/),
      publishes: () => 300,
    },
    { ...common, definitions: metrics.MYSQL, appliesTo: engineMatches(/^(mysql|mariadb)$/) },
    {
      ...common,
      definitions: metrics.POSTGRESQL,
      appliesTo: engineMatches(/^(aurora-postgresql|postgres)$/),
    },
    { ...common, definitions: metrics.AURORA, appliesTo: engineMatches(AURORA) },
    { ...common, definitions: metrics.AURORA_MYSQL, appliesTo: engineMatches(/^aurora(-mysql)?$/) },
    { ...common, definitions: metrics.AURORA_SERVERLESS, appliesTo: classMatches(/^db\.serverless$/) },
  ],
  // Any other status, a new one too, may come with points: missing them is worse than asking in vain.
  collects: ({ attributes: { status } }) => !SILENT_STATUSES.has(status),
});

/** RDS's answer in our attributes. */
export function dbInstanceAttributes(found: DBInstance): DbInstanceAttributes {
  const engine = found.Engine ?? 'unknown';
  return {
    dbInstanceIdentifier: found.DBInstanceIdentifier!,
    engine,
    engineVersion: found.EngineVersion ?? null,
    instanceClass: found.DBInstanceClass ?? null,
    status: found.DBInstanceStatus ?? 'unknown',
    multiAz: found.MultiAZ ?? null,
    // Of Aurora RDS says 1, whatever the cluster's volume holds.
    allocatedStorageGiB: AURORA.test(engine) ? null : (found.AllocatedStorage ?? null),
    storageType: found.StorageType ?? null,
    endpoint: endpointOf(found),
    dbClusterIdentifier: found.DBClusterIdentifier ?? null,
    replicaSource:
      found.ReadReplicaSourceDBInstanceIdentifier ?? found.ReadReplicaSourceDBClusterIdentifier ?? null,
    performanceInsights: found.PerformanceInsightsEnabled ?? false,
  };
}

/** `host:port`; there is none until an instance is made. */
function endpointOf({ Endpoint: { Address, Port } = {} }: DBInstance): string | null {
  return Address ? `${Address}:${Port}` : null;
}

import 'reflect-metadata';
import { assertValidSchema, type GraphQLSchema } from 'graphql';
import { buildSchemaSync, type NonEmptyArray, type PubSub } from 'type-graphql';
import { ApiTokenResolver } from './access/api-token.resolver';
import { MoveAccountResolver } from './access/move-account.resolver';
import { TenantResolver } from './access/tenant.resolver';
import { ViewerResolver } from './access/viewer.resolver';
import { AccountCommandsResolver } from './accounts/account-commands.resolver';
import { AccountConnectionResolver, AccountResolver } from './accounts/account.resolver';
import { AuditResolver } from './audit/audit.resolver';
import { auditMutations } from './audit/audited-mutations';
import { CollectionRunResolver } from './collection/collection-run.resolver';
import { ApiUsageResolver } from './cost/api-usage.resolver';
import {
  AwsCallFailedType,
  ConflictType,
  InvalidInputType,
  NotFoundType,
  TrustRefusedType,
} from './errors/user-error.types';
import { GatewayResolver } from './gateway/gateway.resolver';
import { MetricUpdateResolver, MetricUpdateSeriesResolver } from './live/metric-updates.resolver';
import { SubscriptionsResolver } from './live/subscriptions.resolver';
import { MetricDataResolver } from './metrics/metric-data.resolver';
import { MetricResolver } from './metrics/metric.resolver';
import { TopMetricsResolver } from './metrics/top-metrics.resolver';
import type { GraphqlTypeDeclaration } from '../plugins/registry';
import { NodeResolver } from './relay/node.resolver';
import { assertRolesNamed } from './required-role';
import { addPluginTypes } from './resources/plugin-types';
import { ResourceResolver } from './resources/resource.resolver';
import {
  AccountHealthResolver,
  MetricHealthResolver,
  ResourceHealthResolver,
} from './health/health.resolver';
import { GenericResourceType } from './resources/resource.types';

const RESOLVERS: NonEmptyArray<Function> = [
  NodeResolver,
  ViewerResolver,
  ApiTokenResolver,
  TenantResolver,
  MoveAccountResolver,
  AccountResolver,
  AccountConnectionResolver,
  AccountCommandsResolver,
  ResourceResolver,
  MetricResolver,
  MetricDataResolver,
  MetricHealthResolver,
  AccountHealthResolver,
  ResourceHealthResolver,
  TopMetricsResolver,
  CollectionRunResolver,
  ApiUsageResolver,
  AuditResolver,
  GatewayResolver,
  SubscriptionsResolver,
  MetricUpdateResolver,
  MetricUpdateSeriesResolver,
];

/** Types that nothing names but an interface. */
const IMPLEMENTATIONS = [
  GenericResourceType,
  InvalidInputType,
  NotFoundType,
  ConflictType,
  AwsCallFailedType,
  TrustRefusedType,
];

/** Subscriptions read the core's bus. type-graphql wants a hub of its own all the same, and never uses it. */
const UNUSED_PUB_SUB: PubSub = {
  publish: refusePubSub,
  subscribe: refusePubSub,
};

/**
 * The schema: the core's types, and one object type for each that plugins declare. It holds no service, so one process
 * may serve several.
 * @throws Error when a root field, or a type that `node` finds, names no role, or when a plugin's type does not fit
 */
export function buildSchema(declared: readonly GraphqlTypeDeclaration[]): GraphQLSchema {
  const core = buildSchemaSync({
    resolvers: RESOLVERS,
    orphanedTypes: IMPLEMENTATIONS,
    pubSub: UNUSED_PUB_SUB,
    validate: { forbidUnknownValues: false, validationError: { target: false, value: false } },
  });
  const schema = addPluginTypes(core, declared);
  assertValidSchema(schema);
  assertRolesNamed(schema);
  auditMutations(schema);
  return schema;
}

/** The names of the API's own types, which no plugin may take. */
export function coreTypeNames(): string[] {
  return Object.keys(buildSchema([]).getTypeMap());
}

function refusePubSub(): never {
  throw new Error('Subscriptions come from the bus');
}

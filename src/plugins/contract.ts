import { z } from 'zod';

/**
 * The public contract of a plugin: data in, data out. A plugin declares what it reads (IAM actions), what it finds
 * (resource types with typed attributes) and what CloudWatch publishes about it (metrics); `discover` only pages and
 * yields. The gateway derives the IAM policy, the STS session policy, the GraphQL types, the stored shape and the
 * collection plan from the declaration. A plugin sees no GraphQL, no database, no other account, no long-lived secret.
 *
 * How an attribute's zod type becomes a GraphQL field (all are nullable):
 *
 * | zod                                   | GraphQL                                               |
 * |---------------------------------------|-------------------------------------------------------|
 * | z.string()                            | String                                                |
 * | z.iso.datetime()                      | DateTime                                              |
 * | z.int()                               | Int                                                   |
 * | z.number()                            | Float                                                 |
 * | z.boolean()                           | Boolean                                               |
 * | z.enum([...])                         | an enum named graphqlType + Field, for example LoadBalancerKind |
 * | z.array(any of these)                 | [T!]                                                  |
 * | .optional(), .nullable() of any       | the same                                              |
 */

/** The version of this contract that a plugin was written for. */
export const API_VERSION = 1;

export type AttributesSchema = z.ZodObject;

/** CORE metrics are collected by default; EXTENDED ones when an account's profile asks for them. */
export type MetricTier = 'CORE' | 'EXTENDED';

/** One metric with the statistics that are worth their price. */
export interface MetricDefinition {
  name: string;
  /** As CloudWatch writes them: Average, Sum, Minimum, Maximum, SampleCount, p99, tm95, TM(10%:90%), PR(:300), IQM, … */
  statistics: readonly string[];
  /** CloudWatch's unit name, or null where it has none. */
  unit: string | null;
  tier: MetricTier;
  /** Overrides the group's. */
  settleSeconds?: number;
  description?: string;
}

/** Declares a metric: `metric('CPUUtilization', ['Average', 'Maximum'], 'Percent')`. */
export function metric(
  name: string,
  statistics: readonly string[],
  unit: string | null,
  options: { tier?: MetricTier; settleSeconds?: number; description?: string } = {},
): MetricDefinition {
  return { name, statistics, unit, tier: 'CORE', ...options };
}

/** A resource as the metric callbacks see it. */
export interface DeclaredResource<Attributes> {
  arn: string | null;
  name: string | null;
  tags: Readonly<Record<string, string>>;
  region: string;
  attributes: Readonly<Attributes>;
}

/** Metrics of one namespace that share their dimensions. */
export interface MetricGroup<Attributes> {
  namespace: string;
  /** One entry for each set of dimensions that is collected, for example one for each target group. */
  dimensions: (resource: DeclaredResource<Attributes>) => Record<string, string>[];
  /** Whether this resource publishes these metrics at all; by default it does. */
  appliesTo?: (resource: DeclaredResource<Attributes>) => boolean;
  /**
   * Seconds between the points that are collected: 300 by default; 3,600 or 86,400 for what CloudWatch has hourly or daily; 60
   * where nothing coarser has a meaning.
   */
  period?: (resource: DeclaredResource<Attributes>) => 60 | 300 | 3_600 | 86_400;
  /**
   * How often this resource publishes, in seconds: 300 by default. Where it is 60, and the account's metric profile asks for
   * it, 60 takes the place of a `period` of 300.
   */
  publishes?: (resource: DeclaredResource<Attributes>) => 60 | 300;
  /** After this many seconds CloudWatch revises a point no more. */
  settleSeconds: number;
  definitions: readonly MetricDefinition[];
}

/** One kind of resource. Several may share a `graphqlType`. */
export interface ResourceType<Schema extends AttributesSchema = AttributesSchema> {
  graphqlType: string;
  description: string;
  attributes: Schema;
  metrics: readonly MetricGroup<z.output<Schema>>[];
  /** False while it publishes nothing, such as a stopped instance: its metrics are then not asked for, which saves their price. */
  collects?: (resource: DeclaredResource<z.output<Schema>>) => boolean;
}

/** Declares a resource type, so that `attributes` types the callbacks beside it. */
export function resourceType<Schema extends AttributesSchema>(
  declaration: ResourceType<Schema>,
): ResourceType<Schema> {
  return declaration;
}

export type ResourceTypes = Record<string, ResourceType<any>>;

/** What `discover` yields: the declared type decides the attributes. */
export type DiscoveredResource<Types extends ResourceTypes = ResourceTypes> = {
  [Type in keyof Types & string]: {
    type: Type;
    arn: string | null;
    /** Unique within account, Region and type. The ARN when left out; needed where there is none. */
    id?: string;
    name: string | null;
    tags: Record<string, string>;
    attributes: z.input<Types[Type]['attributes']>;
  };
}[keyof Types & string];

/** The constructor of an AWS SDK for JavaScript v3 client. */
export type AwsClientConstructor<Client> = new (configuration: any) => Client;

/** Clients that are already scoped to the account, the Region and the declared actions; counted, retried and cancelled. */
export interface PluginAws {
  client<Client>(constructor: AwsClientConstructor<Client>): Client;
}

/** AWS's usual list of tags as a record. */
export function tagRecord(tags: readonly { Key?: string; Value?: string }[] = []): Record<string, string> {
  return Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]));
}

/** A line of the gateway's log, with account, plugin and Region added. */
export interface PluginLog {
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
}

export interface DiscoverContext {
  aws: PluginAws;
  region: string;
  /** The AWS account: its 12 digits and its partition as in an ARN (aws, aws-us-gov, aws-cn). */
  account: { id: string; partition: string };
  /** Aborted at the time limit and at shutdown. The clients obey it by themselves. */
  signal: AbortSignal;
  log: PluginLog;
  /**
   * For what costs a call a resource, or a few: the value of each id, remembered from a discovery before or loaded now, those
   * that are missing in one go. Ids that were never seen are loaded at once, the others again after `maxAgeSeconds`, a fifth
   * more or less. What `load` does not answer is not in the answer; what it throws is thrown, and nothing is remembered of it.
   * Remembered in the gateway's memory alone, for this plugin in this Region of this account, until the account's credentials
   * are dropped.
   * @param kind tells apart what one plugin remembers, such as `tags`
   */
  remember<Value>(
    kind: string,
    ids: readonly string[],
    maxAgeSeconds: number,
    load: (ids: string[]) => Promise<ReadonlyMap<string, Value>>,
  ): Promise<Map<string, Value>>;
}

/**
 * Shows whether an IAM action is allowed, by the cheapest real call that needs it: a dry run, one item a page, a name that
 * nothing has. What it answers is not looked at; AWS's refusal, or its absence, is.
 */
export type PermissionProbe = (
  context: Pick<DiscoverContext, 'aws' | 'region' | 'signal'>,
) => Promise<unknown>;

export interface Plugin<Types extends ResourceTypes = ResourceTypes> {
  /** Lower case, digits and hyphens; prefix of its resource types. */
  name: string;
  /** Semantic version. */
  version: string;
  apiVersion: typeof API_VERSION;
  displayName: string;
  description: string;
  /** Everything that `discover` may call, and can never exceed. */
  iamActions: readonly string[];
  /** By action; one without a probe cannot be said to be missing before `discover` meets it. */
  probes?: Readonly<Record<string, PermissionProbe>>;
  resources: Types;
  /** One Region of one account. Every resource once; throwing leaves what is stored as it was. */
  discover(context: DiscoverContext): AsyncIterable<DiscoveredResource<Types>>;
}

/** Declares a plugin; a wrong attribute, type or dimension does not compile. What the gateway holds is type-erased. */
export function definePlugin<Types extends ResourceTypes>(plugin: Plugin<Types>): Plugin {
  return plugin as unknown as Plugin;
}

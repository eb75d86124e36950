import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OidcIssuer } from '../../src/core/access/oidc/oidc-issuer';
import type { SignIn } from '../../src/core/access/authenticator';
import { TenantService } from '../../src/core/access/tenant-service';
import { TenantTree } from '../../src/core/access/tenant-tree';
import type { Role } from '../../src/core/access/viewer';
import type { Account } from '../../src/core/accounts/account';
import type { CollectionRun } from '../../src/core/collection/collection-run';
import { AuditIntegrity } from '../../src/core/audit/audit-integrity';
import { AuditKey, AuditPublicKeys } from '../../src/core/audit/audit-key';
import { AuditVerifier } from '../../src/core/audit/audit-verifier';
import { CheckpointFile } from '../../src/core/audit/checkpoint-file';
import { systemClock } from '../../src/core/clock';
import { AccountCosts } from '../../src/core/cost/account-costs';
import type { FoundResource, Resource } from '../../src/core/inventory/resource';
import { InProcessBus } from '../../src/core/live/in-process-bus';
import { HealthReader } from '../../src/core/metrics/health-reader';
import { MetricPublisher } from '../../src/core/live/metric-publisher';
import { MetricRanking } from '../../src/core/metrics/metric-ranking';
import { MetricReader } from '../../src/core/metrics/metric-reader';
import type { Series, SeriesSpec } from '../../src/core/metrics/series';
import { type Database, openDatabase } from '../../src/db';
import { buildAccess } from '../../src/gateway/access';
import type { GraphqlTypeDeclaration } from '../../src/plugins/registry';
import type { OperationLimits } from '../../src/schema/operation/limits';
import { type RunningServer, startServer } from '../../src/schema/server/server';
import type { SchemaServices } from '../../src/schema/services';
import { silentLog } from '../support/silent-log';

/** Now, in every test of the API. */
export const NOW = Date.UTC(2026, 0, 15, 12, 2);
/** What signs the audit log. */
export const AUDIT_KEY = new AuditKey(Buffer.alloc(32, 7));
/** The start of the last closed period of 300 s. */
export const LAST_PERIOD = Date.UTC(2026, 0, 15, 11, 55);

/** What two plugins declare: one plain type, and one that two resource types share and that has every kind of field. */
export const DECLARED: GraphqlTypeDeclaration[] = [
  {
    name: 'Ec2Instance',
    description: 'A "virtual" machine.',
    types: ['ec2:instance'],
    fields: [
      { name: 'instanceId', type: { kind: 'String', list: false } },
      { name: 'launchedAt', type: { kind: 'DateTime', list: false } },
    ],
  },
  {
    name: 'LoadBalancer',
    description: 'A load balancer.',
    types: ['elb:classic-load-balancer', 'elb:application-load-balancer'],
    fields: [
      {
        name: 'kind',
        type: { kind: 'Enum', enumName: 'LoadBalancerKind', values: ['CLASSIC', 'APPLICATION'], list: false },
      },
      { name: 'ports', type: { kind: 'Int', list: true } },
      { name: 'weight', type: { kind: 'Float', list: false } },
      { name: 'internal', type: { kind: 'Boolean', list: false } },
    ],
  },
];

export interface Answer<Data = Record<string, any>> {
  status: number;
  data: Data;
  errors?: { message: string; path?: unknown[]; extensions: Record<string, unknown> }[];
}

/** A running API on real SQLite and a real bus; the commands on accounts are whatever a test puts there. */
export interface Api {
  services: SchemaServices;
  database: Database;
  databaseFile: string;
  bus: InProcessBus;
  publisher: MetricPublisher;
  server: RunningServer;
  /** What was logged, line by line. */
  log: Record<string, unknown>[];
  query<Data = Record<string, any>>(
    document: string,
    variables?: Record<string, unknown>,
    token?: string | null,
  ): Promise<Answer<Data>>;
  stop(): Promise<void>;
}

/**
 * Tokens are `<role>-<tenant number>`: VIEWER-1 is a viewer of the root, Acme; Umbrella (2) and Initech (3) are below it,
 * side by side. Real ones are good too.
 */
export async function startApi(
  options: {
    limits?: Partial<OperationLimits>;
    services?: Partial<SchemaServices>;
    introspection?: boolean;
    oidc?: OidcIssuer[];
  } = {},
): Promise<Api> {
  const folder = await mkdtemp(join(tmpdir(), 'rolecall-api-'));
  const databaseFile = join(folder, 'rolecall.sqlite');
  const database = await openDatabase({ file: databaseFile, awsEndpoint: null });
  const root = await database.tenants.ensureRoot({ name: 'Acme', createdAt: NOW });
  for (const name of ['Umbrella', 'Initech']) {
    await database.tenants.createTenant({ parentId: root.id, name, createdAt: NOW });
  }
  const tree = new TenantTree(database.tenants);
  await tree.refresh();
  const bus = new InProcessBus(tree);
  const clock = { ...systemClock, now: () => NOW };
  const log: Record<string, unknown>[] = [];
  const write = (fields: object, message: string) => void log.push({ ...fields, message });
  const access = buildAccess(
    { env: 'development', oidc: options.oidc ?? null, failuresPerAddress: 1_000, failuresPerToken: 1_000 },
    { clock, database, log: silentLog },
  );
  const services: SchemaServices = {
    accounts: { onboarding: async () => null } as unknown as SchemaServices['accounts'],
    accountCosts: new AccountCosts({ ledger: database.usage, clock }),
    accountMover: {} as SchemaServices['accountMover'],
    collections: {} as SchemaServices['collections'],
    forecasts: {} as SchemaServices['forecasts'],
    tenants: new TenantService({ tenants: database.tenants, tree, clock }),
    accountRepository: database.accounts,
    resourceRepository: database.resources,
    seriesCatalog: database.series,
    runRepository: database.runs,
    usage: database.usage,
    demand: { note: () => undefined },
    tenantRepository: database.tenants,
    metricReader: new MetricReader({ metrics: database.metrics, clock }),
    metricRanking: new MetricRanking({ metrics: database.metrics, clock, fineRetentionDays: 63 }),
    metricHealth: new HealthReader({
      metrics: database.metrics,
      states: database.seriesStates,
      gaps: database.gaps,
      catalog: database.series,
      clock,
    }),
    metricEvents: database.metricEvents,
    metricStore: database.metrics,
    bus,
    plugins: { list: () => [], graphqlTypes: () => DECLARED },
    clock,
    tokenRepository: database.tokens,
    audit: database.audit,
    auditIntegrity: new AuditIntegrity({
      chains: database.audit,
      file: new CheckpointFile(join(folder, 'audit-checkpoints.jsonl')),
      verifier: new AuditVerifier(new AuditPublicKeys([AUDIT_KEY.publicKey])),
      clock,
    }),
    tokens: access.tokens,
    authenticator: {
      authenticate: async (token, from) =>
        testSignIn(token) ?? access.authenticator.authenticate(token, from),
    },
    gatewayInfo: {
      version: '0.0.0-test',
      startedAt: NOW - 1000,
      collectionIntervalSeconds: 300,
      fineRetentionDays: 63,
      hourlyRetentionDays: 455,
    },
    health: async () => ({ ok: true, checks: { database: true } }),
    logger: { debug: write, info: write, warn: write, error: write },
    ...options.services,
  };
  const { limits, introspection } = options;
  const server = await startServer({ host: '127.0.0.1', port: 0, services, limits, introspection });
  return {
    services,
    database,
    databaseFile,
    bus,
    publisher: new MetricPublisher({ events: database.metricEvents, bus, clock }),
    server,
    log,
    query: (document, variables, token = 'ADMIN-1') =>
      post(server.url, token, { query: document, variables }),
    async stop() {
      bus.close();
      await server.close(2_000);
      await database.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** Null for what is no token of a test: it may be a real one. */
function testSignIn(token: string | null): SignIn | null {
  const match = /^(VIEWER|OPERATOR|ADMIN)-(\d+)$/.exec(token ?? '');
  return (
    match && {
      viewer: {
        role: match[1] as Role,
        tenantId: Number(match[2]),
        actor: `test ${match[1]}`,
        tokenId: 0,
        expiresAt: null,
      },
    }
  );
}

/** Posts a body; no Authorization header when the token is null. */
export async function post<Data>(url: string, token: string | null, body: object): Promise<Answer<Data>> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token !== null && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
  });
  return { status: response.status, ...((await response.json()) as object) } as Answer<Data>;
}

/** Stores a connected account. */
export async function addAccount(
  { database }: Api,
  { tenantId = 1, name = 'production', awsAccountId = '111111111111' } = {},
): Promise<Account> {
  const { id } = await database.accounts.insert({
    tenantId,
    name,
    awsAccountId,
    partition: 'AWS',
    externalId: randomUUID(),
    regions: [],
    plugins: [],
    tagFilter: [],
    metricProfiles: [],
    labels: { team: name },
    monthlyBudgetUsd: null,
    createdAt: NOW,
  });
  await database.accounts.connect(id, ['AWAITING_ROLE'], {
    tenantId,
    awsAccountId,
    roleArn: `arn:aws:iam::${awsAccountId}:role/rolecall`,
    sealedAccessKey: null,
    accessKey: null,
    waiver: null,
    verification: { at: NOW, complete: true, ok: true, checks: [] },
    nextVerificationAt: NOW + 300_000,
    at: NOW,
  });
  return (await database.accounts.within({ tenantId }).find(id))!;
}

/** Stores resources as one discovery of a Region would. */
export async function addResources(
  api: Api,
  account: Account,
  found: (Partial<FoundResource> & { key: string })[],
): Promise<Resource[]> {
  const { resources } = await withFence(api, account, (fence) =>
    api.database.resources.sync(fence, {
      tenantId: account.tenantId,
      plugin: 'ec2',
      region: 'eu-central-1',
      at: NOW,
      found: found.map((one) => ({
        type: 'ec2:instance',
        arn: null,
        name: one.key,
        tags: {},
        attributes: { instanceId: one.key },
        ...one,
      })),
    }),
  );
  return resources;
}

/** Stores a series of a resource. */
export async function addSeries(
  api: Api,
  resource: Resource,
  spec: Partial<SeriesSpec> = {},
): Promise<Series> {
  return (await addManySeries(api, resource, [spec]))[0];
}

/** Stores several series of a resource at once. */
export function addManySeries(api: Api, resource: Resource, specs: Partial<SeriesSpec>[]): Promise<Series[]> {
  const complete = specs.map((spec) => ({
    resourceId: resource.id,
    region: resource.region,
    plugin: resource.plugin,
    namespace: 'AWS/EC2',
    name: 'CPUUtilization',
    statistic: 'Average',
    unit: 'Percent',
    period: 300,
    dimensions: { InstanceId: resource.key },
    settleSeconds: 60,
    ...spec,
  }));
  return withFence(api, { id: resource.accountId }, (fence) =>
    api.database.series.ensure(fence, resource.tenantId, complete),
  );
}

/** Stores points of a series and, as a collection does, tells the bus of what changed. */
export async function addPoints(
  api: Api,
  series: Series,
  points: [timestamp: number, value: number][],
): Promise<void> {
  const batch = {
    series,
    timestamps: points.map(([timestamp]) => timestamp),
    values: points.map(([, value]) => value),
    watermark: null,
  };
  const { accountId, tenantId } = series;
  await withFence(api, { id: accountId }, async (fence) => {
    const { changes } = await api.database.metrics.append(fence, [batch]);
    await api.publisher.publish({ id: accountId, tenantId }, fence, changes);
  });
}

/** Stores a finished collection. */
export function addRun(
  { database }: Api,
  account: Account,
  run: Partial<CollectionRun> = {},
): Promise<CollectionRun> {
  return database.runs.insert({
    tenantId: account.tenantId,
    accountId: account.id,
    trigger: 'SCHEDULE',
    state: 'SUCCEEDED',
    scheduledFor: NOW,
    startedAt: NOW,
    finishedAt: NOW,
    resourcesFound: 1,
    seriesCollected: 1,
    pointsStored: 1,
    pointsBackfilled: 0,
    awsCalls: 3,
    costUsd: 0.01,
    steps: [],
    ...run,
  });
}

/** Runs a write of a collection with the lease of its account. */
export async function withFence<T>(
  { database }: Api,
  account: Pick<Account, 'id'>,
  write: (fence: { accountId: number; token: number }) => Promise<T>,
): Promise<T> {
  await database.leases.schedule(account.id, NOW);
  const lease = await database.leases.claim(account.id, 'test', NOW, 60_000, { onlyIfDue: false });
  try {
    return await write(lease!);
  } finally {
    await database.leases.release(lease!, null);
  }
}

/** Waits until something is so; a test's own time limit ends it. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
}

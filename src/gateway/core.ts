import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Configuration } from '../config/settings';
import { TenantService } from '../core/access/tenant-service';
import { TenantTree } from '../core/access/tenant-tree';
import { AccessKeyVault } from '../core/accounts/access-key-vault';
import { AccountConnector } from '../core/accounts/account-connector';
import { AccountHealth } from '../core/accounts/account-health';
import { AccountLifecycle } from '../core/accounts/account-lifecycle';
import { AccountMover } from '../core/accounts/account-mover';
import { AccountService } from '../core/accounts/account-service';
import { OnboardingDocuments } from '../core/accounts/onboarding-documents';
import { AuditedAuthenticator } from '../core/audit/audited-authenticator';
import type { AuditTrail } from '../core/audit/audit-trail';
import type { AwsClients } from '../core/aws/aws-clients';
import type { GatewayCredentials } from '../core/aws/gateway-credentials';
import { GatewayIdentity } from '../core/aws/gateway-identity';
import { OwnRole } from '../core/aws/own-role';
import { TokenBuckets } from '../core/aws/token-buckets';
import { systemClock, type Clock } from '../core/clock';
import { AccountForecaster } from '../core/collection/account-forecaster';
import { ListedActivity } from '../core/collection/activity/listed-activity';
import { CollectionService } from '../core/collection/collection-service';
import { Collector } from '../core/collection/collector';
import { Discovery } from '../core/collection/discovery';
import { nextDueTime } from '../core/collection/due-time';
import { EnabledRegions } from '../core/collection/enabled-regions';
import { InProcessJobs } from '../core/collection/in-process-jobs';
import { InventoryStep } from '../core/collection/inventory-step';
import type { JobHandler } from '../core/collection/jobs';
import { Remembered } from '../core/collection/remembered';
import { RunKeeper } from '../core/collection/run-keeper';
import { Scheduler } from '../core/collection/scheduler';
import { AccountCosts } from '../core/cost/account-costs';
import { Budget } from '../core/cost/budget';
import { SeriesDemand } from '../core/cost/series-demand';
import { countInto, UsageBook } from '../core/cost/usage-book';
import { CredentialBroker } from '../core/credentials/credential-broker';
import { SessionAudit } from '../core/credentials/session-audit';
import type { Sealer } from '../core/credentials/sealing/sealer';
import { CompletenessKeeper } from '../core/metrics/completeness-keeper';
import { HealthReader } from '../core/metrics/health-reader';
import { InProcessBus } from '../core/live/in-process-bus';
import type { Database } from '../db';
import { buildAccess } from './access';
import { buildMetricCollection } from './collection';
import type { GatewayOptions, Limits } from './options';
import { buildSts } from './sts';
import { buildTrust } from './trust';
import type { GatewayLogger } from '../logger';
import { nodeCron } from '../node-cron';
import type { PluginRegistry } from '../plugins/registry';

/** What every room stands on. */
export interface Foundation {
  audit: AuditTrail;
  clock: Clock;
  log: GatewayLogger;
  limits: Limits;
  plugins: PluginRegistry;
  sealer: Sealer;
  clients: AwsClients;
  /** The gateway's own. */
  credentials: GatewayCredentials;
  database: Database;
}

export type Core = ReturnType<typeof buildCore>;

/** The rooms of the core, wired to each other and to storage. Nothing runs yet. */
export function buildCore(
  configuration: Configuration,
  options: GatewayOptions,
  { audit, clock, log, limits, plugins, sealer, clients, credentials, database }: Foundation,
) {
  const { intervalMinutes } = configuration;
  const { accounts, leases, runs, resources } = database;
  const intervalMs = intervalMinutes * 60_000;
  const nextDue = (accountId: number) => nextDueTime(accountId, clock.now(), intervalMs);
  const cron = options.cron ?? nodeCron;
  const tenantTree = new TenantTree(database.tenants);
  const tenants = new TenantService({ tenants: database.tenants, tree: tenantTree, clock });
  const bus = new InProcessBus(tenantTree);
  const jobs = new InProcessJobs();
  const { access, authenticator, tokens } = buildAccess(configuration, { clock, database, log });
  const rootTenant = () => database.tenants.rootTenant();
  const signIns = new AuditedAuthenticator({ authenticator, audit, rootTenant, clock, log });

  const random = options.random ?? Math.random;
  const sessionAudit = new SessionAudit({ audit, rootTenant, log });
  const sts = buildSts(configuration, {
    base: credentials,
    ...{ clients, clock, limits, log, random, sessionAudit },
  });
  const ownRole = new OwnRole({ clients, gateway: credentials });
  // A role that the gateway assumes first is whom customers see.
  const principalArns = [configuration.gatewayRoleArns ?? [], configuration.principalArns ?? []].flat();
  const identity = new GatewayIdentity({ sts, ownRole, principalArns, clock, log });
  const vault = new AccessKeyVault({ accounts, sealer, audit });
  const callLimits =
    options.callLimits ??
    new TokenBuckets({ share: limits.quotaShare, clock: systemClock, now: () => clock.now() });
  const usage = new UsageBook({ ledger: database.usage, clock, log });
  const demand = new SeriesDemand({ store: database.demand, clock, log });
  const budget = new Budget({ ledger: database.usage, book: usage, demand, clock });
  const broker = new CredentialBroker({
    limits: callLimits,
    calls: (account) => countInto(usage.meter(account)),
    ...{ sts, clients, sessionAudit, clock, random, log },
    accessKey: (account) => vault.open(account),
    account: (id) => accounts.load(id),
    actionsOfPlugin: (name) => plugins.get(name)?.iamActions ?? [],
    capacity: limits.sessionsKept,
  });
  const activity = new ListedActivity({
    ...{ broker, clock, intervalMs, log },
    concurrency: limits.listingsPerAccount,
    timeLimitMs: limits.listingMs * 2,
  });
  const dropCredentials = (accountId: number) => broker.drop(accountId);
  const lifecycle = new AccountLifecycle({ accounts, leases, dropCredentials, bus, clock, nextDue });
  const { roles, keys, rotation, trust } = buildTrust({
    dropped: (accountId) => broker.dropped(accountId),
    ...{ audit, budget, bus, clients, clock, database, identity, lifecycle, limits, log, plugins },
    ...{ sessionAudit, sts, usage, vault },
  });
  const regions = new EnabledRegions({ broker, timeLimitMs: limits.listingMs });
  const discovery = new Discovery({
    broker,
    remembered: new Remembered({ clock, random, capacity: limits.remembered }),
    timeLimitMs: limits.discoveryMs,
  });
  const documents = new OnboardingDocuments({
    identity,
    pluginActions: (names) => plugins.iamActions(names.length > 0 ? [...names] : undefined),
  });
  const owner = `${hostname()}-${process.pid}-${randomUUID()}`;
  const { metrics, backfiller, settleTimes } = buildMetricCollection(configuration, {
    ...{ database, broker, plugins, usage, jobs, bus, clock, owner, limits, log },
    spending: budget,
    activity,
  });
  const collector = new Collector({
    accounts,
    leases,
    runs,
    plugins,
    broker,
    regions,
    trust,
    inventory: new InventoryStep({
      discovery,
      resources,
      bus,
      clock,
      concurrency: limits.discoveriesPerAccount,
      // The other half is for the metrics of what is known.
      timeLimitMs: limits.runMs / 2,
    }),
    metrics,
    health: new AccountHealth({ lifecycle }),
    usage,
    bus,
    clock,
    owner,
    leaseTtlMs: limits.leaseTtlMs,
    runLimitMs: limits.runMs,
    nextDue,
    log,
  });
  const handleJob: JobHandler = async (job, signal) => {
    if (job.isBackfill) return backfiller.handle(job, signal);
    if (await collector.handle(job, signal)) await backfiller.offer(job);
  };
  const accountService = new AccountService({
    accounts,
    connector: new AccountConnector({
      ...{ accounts, roles, keys, vault, audit, bus, clock, log },
      dropped: (accountId) => broker.dropped(accountId),
    }),
    lifecycle,
    trust,
    rotation,
    documents,
    broker,
    plugins,
    isWithin: (scope, tenantId) => tenants.isWithin(scope, tenantId),
    isRoot: (scope) => access.isRoot(scope),
    clock,
    newExternalId: randomUUID,
    log,
  });
  const accountMover = new AccountMover({
    ...{ accounts, vault, dropCredentials, lifecycle, clock, log },
    tenant: (scope, ref, field) => tenants.find(scope, ref, field),
  });
  const collections = new CollectionService({ accounts, runs, collector, jobs, plugins, budget, clock });
  const forecasts = new AccountForecaster({
    ...{ accounts, resources, roles, keys, vault, broker, regions, discovery, documents, plugins },
    activity,
    usage,
    concurrency: limits.discoveriesPerAccount,
    intervalMs,
    backfillDays: configuration.backfillDays,
    clock,
    log,
  });
  const { runRetentionDays: retentionDays } = configuration;
  const runKeeper = new RunKeeper({ runs, retentionDays, clock, log });
  const scheduler = new Scheduler({ cron, leases, jobs, clock, intervalMinutes, log });
  const metricHealth = new HealthReader({
    metrics: database.metrics,
    states: database.seriesStates,
    gaps: database.gaps,
    catalog: database.series,
    ...{ settleTimes, clock },
  });
  const completenessKeeper = new CompletenessKeeper({ accounts, health: metricHealth, clock, log });
  const accountCosts = new AccountCosts({ ledger: database.usage, clock });
  return {
    access,
    accountCosts,
    accountMover,
    accountService,
    authenticator: signIns,
    broker,
    bus,
    collections,
    completenessKeeper,
    cron,
    demand,
    forecasts,
    handleJob,
    intervalMs,
    jobs,
    metricHealth,
    nextDue,
    runKeeper,
    scheduler,
    settleTimes,
    tenantTree,
    tenants,
    tokens,
    trust,
    usage,
  };
}

import type { Configuration } from '../config/settings';
import type { AuditIntegrity } from '../core/audit/audit-integrity';
import { MetricRanking } from '../core/metrics/metric-ranking';
import { MetricReader } from '../core/metrics/metric-reader';
import type { Core, Foundation } from './core';
import type { SchemaServices } from '../schema/services';
import { version } from '../version';

/** The scheduler ticks every few seconds: one that has not for so long is not well. */
const TICK_OVERDUE_MS = 60_000;

type Retention = Pick<Configuration, 'fineRetentionDays' | 'hourlyRetentionDays'>;

/** What the API is given of the gateway. */
export function schemaServices(
  core: Core,
  { clock, database, log, plugins }: Foundation,
  auditIntegrity: AuditIntegrity,
  { fineRetentionDays, hourlyRetentionDays }: Retention,
): SchemaServices {
  const {
    accountCosts,
    accountMover,
    accountService,
    authenticator,
    bus,
    collections,
    forecasts,
    intervalMs,
  } = core;
  const { demand, metricHealth, scheduler, settleTimes, tenants, tokens } = core;
  const { metrics } = database;
  return {
    accounts: accountService,
    accountCosts,
    accountMover,
    collections,
    forecasts,
    accountRepository: database.accounts,
    resourceRepository: database.resources,
    seriesCatalog: database.series,
    runRepository: database.runs,
    usage: database.usage,
    demand,
    tenantRepository: database.tenants,
    tokenRepository: database.tokens,
    audit: database.audit,
    auditIntegrity,
    tenants,
    tokens,
    metricReader: new MetricReader({ metrics, clock, fineRetentionDays, demand, settleTimes }),
    metricRanking: new MetricRanking({ metrics, clock, fineRetentionDays, demand }),
    metricHealth,
    metricEvents: database.metricEvents,
    metricStore: metrics,
    bus,
    plugins,
    clock,
    authenticator,
    gatewayInfo: {
      version,
      startedAt: clock.now(),
      collectionIntervalSeconds: intervalMs / 1000,
      ...{ fineRetentionDays, hourlyRetentionDays },
    },
    health: async () => {
      const { ok: databaseIsWell } = await database.health();
      const { lastTickAt } = scheduler;
      const schedulerIsWell = lastTickAt !== null && clock.now() - lastTickAt < TICK_OVERDUE_MS;
      return {
        ok: databaseIsWell && schedulerIsWell,
        checks: { database: databaseIsWell, scheduler: schedulerIsWell },
      };
    },
    logger: log,
  };
}

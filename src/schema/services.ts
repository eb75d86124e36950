import type { TenantRepository } from '../core/access/tenant-repository';
import type { Authenticator } from '../core/access/authenticator';
import type { TokenRepository } from '../core/access/token-repository';
import type { TokenService } from '../core/access/token-service';
import type { TenantService } from '../core/access/tenant-service';
import type { AccountMover } from '../core/accounts/account-mover';
import type { AccountRepository } from '../core/accounts/account-repository';
import type { AccountService } from '../core/accounts/account-service';
import type { AuditIntegrity } from '../core/audit/audit-integrity';
import type { AuditRepository } from '../core/audit/audit-repository';
import type { Clock } from '../core/clock';
import type { AccountCosts } from '../core/cost/account-costs';
import type { SeriesDemand } from '../core/cost/series-demand';
import type { UsageLedger } from '../core/cost/usage-ledger';
import type { AccountForecaster } from '../core/collection/account-forecaster';
import type { CollectionService } from '../core/collection/collection-service';
import type { RunRepository } from '../core/collection/run-repository';
import type { ResourceRepository } from '../core/inventory/resource-repository';
import type { Bus } from '../core/live/bus';
import type { Logger } from '../core/logger';
import type { HealthReader } from '../core/metrics/health-reader';
import type { MetricEventLog } from '../core/metrics/metric-events';
import type { MetricRanking } from '../core/metrics/metric-ranking';
import type { MetricReader } from '../core/metrics/metric-reader';
import type { MetricStore } from '../core/metrics/metric-store';
import type { SeriesCatalog } from '../core/metrics/series';
import type { PluginRegistry } from '../plugins/registry';

/** The commands on accounts. Every mistake is a DomainError. */
export type AccountCommands = Pick<
  AccountService,
  | 'register'
  | 'connect'
  | 'verify'
  | 'updateSettings'
  | 'pause'
  | 'resume'
  | 'remove'
  | 'rotateExternalId'
  | 'cancelRotation'
  | 'dropCredentials'
  | 'onboarding'
>;

/** What an operator may know about the gateway itself. */
export interface GatewayInfo {
  version: string;
  /** Epoch ms. */
  startedAt: number;
  collectionIntervalSeconds: number;
  fineRetentionDays: number;
  hourlyRetentionDays: number;
}

/** Everything that the API asks of the rest of the gateway. */
export interface SchemaServices {
  accounts: AccountCommands;
  accountCosts: Pick<AccountCosts, 'of'>;
  accountMover: Pick<AccountMover, 'move'>;
  collections: Pick<CollectionService, 'collectNow'>;
  forecasts: Pick<AccountForecaster, 'forecast'>;
  tenants: Pick<TenantService, 'create' | 'update'>;
  accountRepository: Pick<AccountRepository, 'within'>;
  resourceRepository: Pick<ResourceRepository, 'within'>;
  seriesCatalog: Pick<SeriesCatalog, 'within'>;
  runRepository: Pick<RunRepository, 'within'>;
  usage: Pick<UsageLedger, 'within'>;
  /** Told of the series that a subscription shows; the reader tells of those that it reads. */
  demand: Pick<SeriesDemand, 'note'>;
  tenantRepository: Pick<TenantRepository, 'within'>;
  tokenRepository: Pick<TokenRepository, 'within'>;
  tokens: Pick<TokenService, 'create' | 'revoke' | 'revokedOf'>;
  audit: Pick<AuditRepository, 'record' | 'within'>;
  auditIntegrity: Pick<AuditIntegrity, 'check'>;
  metricHealth: Pick<HealthReader, 'ofSeries' | 'completeness' | 'noData' | 'missingIds'>;
  metricReader: Pick<
    MetricReader,
    'read' | 'latest' | 'gridValues' | 'provisionalSince' | 'summaries' | 'summaryWeight'
  >;
  metricRanking: Pick<MetricRanking, 'top'>;
  /** What changed, for a subscription that resumes. */
  metricEvents: Pick<MetricEventLog, 'bounds' | 'since'>;
  /** Raw points, for subscriptions. */
  metricStore: Pick<MetricStore, 'read'>;
  bus: Bus;
  plugins: Pick<PluginRegistry, 'list' | 'graphqlTypes'>;
  clock: Clock;
  authenticator: Authenticator;
  gatewayInfo: GatewayInfo;
  /** For /readyz; each check by name. */
  health(): Promise<{ ok: boolean; checks: Record<string, boolean> }>;
  logger: Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;
}

import type { AccessRepository } from '../core/access/access-repository';
import type { Viewer } from '../core/access/viewer';
import type { AccountRepository } from '../core/accounts/account-repository';
import type { AccountService } from '../core/accounts/account-service';
import type { Clock } from '../core/clock';
import type { CollectionService } from '../core/collection/collection-service';
import type { RunRepository } from '../core/collection/run-repository';
import type { ResourceRepository } from '../core/inventory/resource-repository';
import type { Bus } from '../core/live/bus';
import type { Logger } from '../core/logger';
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
  collections: Pick<CollectionService, 'collectNow'>;
  accountRepository: Pick<AccountRepository, 'findMany' | 'list' | 'statusCounts'>;
  resourceRepository: Pick<ResourceRepository, 'findMany' | 'list'>;
  seriesCatalog: Pick<SeriesCatalog, 'findMany' | 'ofResources' | 'list'>;
  runRepository: Pick<RunRepository, 'findMany' | 'list'>;
  accessRepository: Pick<AccessRepository, 'findTenant'>;
  metricReader: Pick<MetricReader, 'read' | 'latest' | 'gridValues'>;
  /** Raw points, for the replay of a subscription. */
  metricStore: Pick<MetricStore, 'read'>;
  bus: Bus;
  plugins: Pick<PluginRegistry, 'list' | 'graphqlTypes'>;
  clock: Clock;
  /** Null for a token that is unknown, expired or revoked. */
  authenticate(token: string): Promise<Viewer | null>;
  gatewayInfo: GatewayInfo;
  /** For /readyz; each check by name. */
  health(): Promise<{ ok: boolean; checks: Record<string, boolean> }>;
  logger: Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;
}

import type { Configuration } from '../config/settings';
import type { Clock } from '../core/clock';
import { answerRooms } from '../core/collection/answer-room';
import { BackfillStep } from '../core/collection/backfill-step';
import { Backfiller } from '../core/collection/backfiller';
import { Backoff } from '../core/collection/backoff';
import type { Jobs } from '../core/collection/jobs';
import type { MetricActivity } from '../core/collection/activity/metric-activity';
import { LivePlanner } from '../core/collection/live-plan';
import { MetricCalls } from '../core/collection/metric-calls';
import { MetricPublisher } from '../core/live/metric-publisher';
import { MetricsStep } from '../core/collection/metrics-step';
import { SettleTimes } from '../core/collection/settle-times';
import type { Spending } from '../core/collection/spending';
import type { UsageBook } from '../core/cost/usage-book';
import type { CredentialBroker } from '../core/credentials/credential-broker';
import type { Bus } from '../core/live/bus';
import type { Logger } from '../core/logger';
import type { Database } from '../db';
import type { PluginRegistry } from '../plugins/registry';
import type { Limits } from './options';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** What asks CloudWatch: live and for backfills. */
export function buildMetricCollection(
  { backfillDays, intervalMinutes }: Pick<Configuration, 'backfillDays' | 'intervalMinutes'>,
  room: {
    database: Database;
    broker: CredentialBroker;
    plugins: PluginRegistry;
    spending: Spending;
    activity: MetricActivity;
    usage: UsageBook;
    jobs: Jobs;
    bus: Bus;
    clock: Clock;
    /** This process, in the lease table. */
    owner: string;
    limits: Limits;
    log: Logger;
  },
) {
  const { database, broker, plugins, spending, activity, usage, jobs, bus, clock, owner, limits, log } = room;
  const { accounts, leases, runs, gaps, series: catalog, seriesStates: states, metrics: store } = database;
  const intervalMs = intervalMinutes * MINUTE_MS;
  const settleTimes = new SettleTimes({ observations: database.settleObservations, clock });
  const refused = new Backoff({ firstMs: HOUR_MS, mostMs: 24 * HOUR_MS });
  const calls = new MetricCalls({ broker, spending });
  const publisher = new MetricPublisher({ events: database.metricEvents, bus, clock });
  const rooms = answerRooms(limits.pointsInMemory);
  const planner = new LivePlanner({
    ...{ catalog, states, settleTimes, spending, activity, refused, clock, intervalMs },
    declarations: plugins,
  });
  const metrics = new MetricsStep({
    ...{ planner, calls, catalog, store, states, settleTimes, refused, publisher, clock },
    ...{ intervalMs, backfillDays },
    room: rooms.live,
    concurrency: limits.fetchesPerAccount,
  });
  const step = new BackfillStep({
    ...{ calls, catalog, gaps, store, publisher, clock },
    room: rooms.backfill,
    failed: new Backoff({ firstMs: 5 * MINUTE_MS, mostMs: 6 * HOUR_MS }),
    // The account's quota is for what is live.
    concurrency: Math.max(1, Math.floor(limits.fetchesPerAccount / 2)),
  });
  const backfiller = new Backfiller({
    ...{ accounts, leases, runs, gaps, step, spending, usage, broker, jobs, bus, clock, owner, log },
    leaseTtlMs: limits.leaseTtlMs,
  });
  return { metrics, backfiller, settleTimes };
}

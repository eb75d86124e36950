import { InvalidInputError } from '../../core/errors';
import type { SeriesFilter } from '../../core/metrics/series';
import { closingSource, type LiveIterator } from './live-stream';
import { assertKept, invalidCursor, parseMetricCursor, positionAt } from './metric-cursor';
import type { MetricUpdate } from './metric-messages';
import { MetricSubscription, type LiveServices, type Subscriber } from './metric-subscription';

const DAY_MS = 86_400_000;

/** Where a subscription begins: with what is stored since an instant (epoch ms), behind a cursor, or, with neither, now. */
export interface MetricUpdatesStart {
  since?: number | null;
  after?: string | null;
}

/**
 * The points of the matching series that change: behind the start first, then as each collection stores them. It listens
 * before it reads, so that nothing falls between the two.
 * @throws InvalidInputError RC_RANGE_INVALID when `since` is before what is kept, RC_CURSOR_INVALID, RC_CURSOR_TOO_OLD
 */
export async function metricUpdates(
  subscriber: Subscriber,
  filter: SeriesFilter,
  { since, after }: MetricUpdatesStart,
): Promise<LiveIterator<MetricUpdate>> {
  const { services, viewer } = subscriber;
  if (since != null && after != null) throw invalidCursor('Both `since` and `after` were given');
  const resumed = after == null ? null : parseMetricCursor(after);
  const replayedSince = since ?? resumed?.replay?.since ?? null;
  if (replayedSince !== null) assertPointsKept(services, replayedSince);
  const accounts = filter.accountIds && new Set(filter.accountIds);
  const live = services.bus.subscribe(
    'metricsStored',
    viewer.tenantId,
    ({ accountId }) => !accounts || accounts.has(accountId),
  );
  try {
    const kept = await services.metricEvents.bounds();
    if (resumed) assertKept(resumed, kept);
    const start = since == null ? resumed : { ...positionAt(kept.newest), replay: { since, seriesId: 0 } };
    const updates = new MetricSubscription(subscriber, filter, start);
    const read = noted(updates.read(live), services.demand);
    return closingSource({ ...live, return: () => updates.end(live) }, read);
  } catch (error) {
    await live.return?.();
    throw error;
  }
}

function assertPointsKept({ clock, gatewayInfo }: LiveServices, since: number): void {
  const days = gatewayInfo.fineRetentionDays;
  if (since >= clock.now() - days * DAY_MS) return;
  throw new InvalidInputError('RC_RANGE_INVALID', `Points are kept for ${days} days`, { path: ['since'] });
}

/** What is shown is read. */
async function* noted(
  updates: AsyncGenerator<MetricUpdate>,
  demand: LiveServices['demand'],
): AsyncGenerator<MetricUpdate> {
  for await (const update of updates) {
    demand.note(update.series.map(({ series }) => series));
    yield update;
  }
}

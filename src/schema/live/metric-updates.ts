import type { Viewer } from '../../core/access/viewer';
import { InvalidInputError } from '../../core/errors';
import type { MetricsStored } from '../../core/live/bus';
import type { Points } from '../../core/metrics/metric-store';
import type { Series, SeriesFilter } from '../../core/metrics/series';
import type { AnswerBudget } from '../operation/answer-budget';
import type { SchemaServices } from '../services';
import { closingSource, type LiveIterator } from './live-stream';
import { ReplayedPoints } from './replayed-points';
import { SeriesMatcher } from './series-matcher';

/** The series of one message, at most. */
const SERIES_A_MESSAGE = 500;
/** The points of one message of a replay, about: a longer past comes with fewer series a message. */
const POINTS_A_MESSAGE = 50_000;
const DAY_MS = 86_400_000;

/** New points of one account, as one message carries them. */
export interface MetricUpdate {
  accountId: number;
  /** Epoch ms. */
  collectedAt: number;
  replay: boolean;
  merged: number;
  series: ({ series: Series } & Points)[];
}

type Services = Pick<
  SchemaServices,
  'bus' | 'seriesCatalog' | 'metricStore' | 'clock' | 'gatewayInfo' | 'demand'
>;

interface Subscriber {
  viewer: Viewer;
  services: Services;
  /** A replay counts as one answer. */
  budget: AnswerBudget;
}

/**
 * The points of the matching series: first those stored since `since` (epoch ms; null: none), then each collection's as
 * it is stored. It listens before it reads, so that nothing falls between the two.
 * @throws InvalidInputError RC_RANGE_INVALID when `since` is before what is kept
 */
export function metricUpdates(
  { services, viewer, budget }: Subscriber,
  filter: SeriesFilter,
  since: number | null,
): LiveIterator<MetricUpdate> {
  if (since !== null) assertKept(services, since);
  const matcher = new SeriesMatcher(services.seriesCatalog.within(viewer), filter);
  const accounts = filter.accountIds && new Set(filter.accountIds);
  const live = services.bus.subscribe(
    'metricsStored',
    viewer.tenantId,
    ({ accountId }) => !accounts || accounts.has(accountId),
  );

  async function* updates(): AsyncGenerator<MetricUpdate> {
    const replayed = new ReplayedPoints();
    try {
      if (since !== null) {
        for await (const update of replay(services, matcher, since)) {
          for (const { series, ...points } of update.series) {
            budget.takePoints(points.timestamps.length);
            replayed.add(update.accountId, series.id, points);
          }
          services.demand.note(update.series.map(({ series }) => series));
          yield update;
        }
        replayed.end(services.clock.now());
      }
      for await (const event of live) {
        for await (const update of liveUpdates(event, matcher, replayed)) {
          services.demand.note(update.series.map(({ series }) => series));
          yield update;
        }
      }
    } finally {
      await live.return?.();
    }
  }
  return closingSource(live, updates());
}

function assertKept({ clock, gatewayInfo }: Services, since: number): void {
  const days = gatewayInfo.fineRetentionDays;
  if (since >= clock.now() - days * DAY_MS) return;
  throw new InvalidInputError('RC_RANGE_INVALID', `Points are kept for ${days} days`, { path: ['since'] });
}

/** Stored points, a page of series at a time, one message for each account in it. */
async function* replay(
  { metricStore, clock }: Services,
  matcher: SeriesMatcher,
  since: number,
): AsyncGenerator<MetricUpdate> {
  for await (const page of matcher.all()) {
    for (const part of partsOf(page, since, clock.now())) {
      const now = clock.now();
      const points = await metricStore.read(part, since, now + 1);
      const series = part.map((one, i) => ({ series: one, ...points[i] })).filter(hasPoints);
      if (series.length === 0) continue;
      yield { accountId: part[0].accountId, collectedAt: now, replay: true, merged: 0, series };
    }
  }
}

/** A page in parts of one account each, small enough for one message. */
function partsOf(page: Series[], since: number, now: number): Series[][] {
  const parts: Series[][] = [];
  for (const accountId of new Set(page.map((series) => series.accountId))) {
    const series = page.filter((one) => one.accountId === accountId);
    const shortest = Math.min(...series.map(({ period }) => period));
    const pointsEach = Math.max(1, (now - since) / (shortest * 1000));
    const size = Math.max(1, Math.min(SERIES_A_MESSAGE, Math.floor(POINTS_A_MESSAGE / pointsEach)));
    for (let start = 0; start < series.length; start += size) parts.push(series.slice(start, start + size));
  }
  return parts;
}

/** The matching points of one event, in as many messages as they need. */
async function* liveUpdates(
  event: MetricsStored,
  matcher: SeriesMatcher,
  replayed: ReplayedPoints,
): AsyncGenerator<MetricUpdate> {
  const { accountId, collectedAt, merged } = event;
  const matching = await matcher.match(event.series.map(({ seriesId }) => seriesId));
  const series = event.series.flatMap(({ seriesId, ...points }) => {
    const one = matching.get(seriesId);
    return one ? [{ series: one, ...replayed.unseen(accountId, seriesId, points) }] : [];
  });
  replayed.passed(accountId, collectedAt);
  const news = series.filter(hasPoints);
  for (let start = 0; start < news.length; start += SERIES_A_MESSAGE) {
    const part = news.slice(start, start + SERIES_A_MESSAGE);
    yield { accountId, collectedAt, replay: false, merged, series: part };
  }
}

function hasPoints({ timestamps }: Points): boolean {
  return timestamps.length > 0;
}

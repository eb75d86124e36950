import type { Viewer } from '../../core/access/viewer';
import type { MetricsStored } from '../../core/live/bus';
import type { Series, SeriesFilter } from '../../core/metrics/series';
import type { AnswerBudget } from '../operation/answer-budget';
import type { SchemaServices } from '../services';
import { catchUp, type CatchUpSources } from './metric-catch-up';
import { positionAt, toMetricCursor, type MetricPosition } from './metric-cursor';
import {
  hasPoints,
  inMessages,
  POINTS_A_MESSAGE,
  SERIES_A_MESSAGE,
  type MetricUpdate,
  type SeriesUpdate,
} from './metric-messages';
import { ReplayedPoints } from './replayed-points';
import { SeriesMatcher } from './series-matcher';

export type LiveServices = Pick<
  SchemaServices,
  'bus' | 'seriesCatalog' | 'metricStore' | 'metricEvents' | 'clock' | 'gatewayInfo' | 'demand'
>;

/** Who is told, and by what. */
export interface Subscriber {
  viewer: Viewer;
  services: LiveServices;
  /** A replay counts as one answer. */
  budget: AnswerBudget;
}

/** One subscription as it goes on. */
export class MetricSubscription {
  private readonly matcher: SeriesMatcher;
  private readonly sources: CatchUpSources;
  private readonly replayed = new ReplayedPoints();
  private readonly ended = new AbortController();

  /** @param position null: from now on. It follows what is delivered. */
  constructor(
    private readonly subscriber: Subscriber,
    filter: SeriesFilter,
    private position: MetricPosition | null,
  ) {
    const { services, viewer } = subscriber;
    const catalog = services.seriesCatalog.within(viewer);
    const matcher = (this.matcher = new SeriesMatcher(catalog, filter));
    this.sources = {
      ...{ events: services.metricEvents, store: services.metricStore, matcher },
      signal: this.ended.signal,
      accountIds: () => catalog.accountIds(filter),
    };
  }

  async *read(live: AsyncIterableIterator<MetricsStored>): AsyncGenerator<MetricUpdate> {
    const { metricEvents } = this.subscriber.services;
    try {
      if (this.position) {
        yield* this.replay(this.position);
        const { newest } = await metricEvents.bounds();
        this.replayed.end(newest);
        yield* this.catchUp(this.position, newest);
      }
      for await (const event of live) yield* this.deliver(event);
    } finally {
      await live.return?.();
    }
  }

  /** Also while something is read: that is then the last. */
  async end(live: AsyncIterableIterator<MetricsStored>): Promise<IteratorResult<MetricsStored>> {
    this.ended.abort();
    return live.return!();
  }

  /** Stored points, some series at a time, by id. What changes meanwhile is caught up on behind it. */
  private async *replay(position: MetricPosition): AsyncGenerator<MetricUpdate> {
    if (!position.replay) return;
    const { services, budget } = this.subscriber;
    const { metricStore, clock } = services;
    const { since, seriesId } = position.replay;
    for await (const page of this.matcher.all(seriesId)) {
      if (this.ended.signal.aborted) return;
      for (const part of partsOf(page, since, clock.now())) {
        const now = clock.now();
        const points = await metricStore.read(part, since, now + 1);
        const series = part.map((one, i) => ({ series: one, ...points[i] })).filter(hasPoints);
        if (series.length === 0) continue;
        const { accountId } = part[0];
        for (const { series: one, ...ofOne } of series) {
          budget.takePoints(ofOne.timestamps.length);
          this.replayed.add(accountId, one.id, ofOne);
        }
        const cursor = toMetricCursor({ ...position, replay: { since, seriesId: part.at(-1)!.id } });
        yield { cursor, accountId, collectedAt: now, replay: true, merged: 0, series };
      }
    }
  }

  private async *catchUp(position: MetricPosition, upTo: number): AsyncGenerator<MetricUpdate> {
    for await (const { position: reached, sequence, ...found } of catchUp(this.sources, position, upTo)) {
      const series = this.unseen(found.accountId, found.series);
      if (series.length > 0) yield { ...found, cursor: toMetricCursor(reached), replay: false, series };
    }
    this.position = positionAt(Math.max(upTo, position.to));
  }

  /** The matching points of one event, in as many messages as they need. */
  private async *deliver(event: MetricsStored): AsyncGenerator<MetricUpdate> {
    const { accountId, collectedAt, sequence, after } = event;
    const reached = this.position?.from ?? after;
    // It was caught up on.
    if (sequence <= reached) return;
    // Nothing that this subscriber may hear lies between the two.
    if (event.series === null) return yield* this.catchUp(positionAt(Math.max(reached, after)), sequence);
    const matching = await this.matcher.match(event.series.map(({ seriesId }) => seriesId));
    const changed = event.series.flatMap(({ seriesId, ...points }) => {
      const series = matching.get(seriesId);
      return series ? [{ series, ...points }] : [];
    });
    const messages = inMessages(this.unseen(accountId, changed));
    this.replayed.passed(accountId, sequence);
    const last = messages.length - 1;
    for (const [index, series] of messages.entries()) {
      const part = { from: sequence - 1, to: sequence, accountId, seriesId: series.at(-1)!.series.id };
      const cursor = toMetricCursor(index === last ? positionAt(sequence) : { ...part, replay: null });
      yield { cursor, accountId, collectedAt, replay: false, merged: 0, series };
    }
    this.position = positionAt(sequence);
  }

  /** Without what the replay has shown. */
  private unseen(accountId: number, series: readonly SeriesUpdate[]): SeriesUpdate[] {
    return series
      .map(({ series: one, ...points }) => ({
        series: one,
        ...this.replayed.unseen(accountId, one.id, points),
      }))
      .filter(hasPoints);
  }
}

/** A page in parts of one account each, in order, small enough for one message. */
function partsOf(page: readonly Series[], since: number, now: number): Series[][] {
  const parts: Series[][] = [];
  let room = 0;
  for (const series of page) {
    const points = Math.max(1, (now - since) / (series.period * 1000));
    const last = parts.at(-1);
    if (
      !last ||
      last[0].accountId !== series.accountId ||
      last.length === SERIES_A_MESSAGE ||
      room < points
    ) {
      parts.push([series]);
      room = POINTS_A_MESSAGE - points;
      continue;
    }
    last.push(series);
    room -= points;
  }
  return parts;
}

import type { MetricEvent, MetricEventLog } from '../../core/metrics/metric-events';
import type { MetricStore, Points } from '../../core/metrics/metric-store';
import type { Series } from '../../core/metrics/series';
import { assertKept, positionAt, type MetricPosition } from './metric-cursor';
import { hasPoints, inMessages, type SeriesUpdate } from './metric-messages';
import type { SeriesMatcher } from './series-matcher';

/** Events that are merged by account: more would hold more pointers at once, fewer would repeat what was revised often. */
const EVENTS_AT_ONCE = 64;
const HOUR_MS = 3_600_000;

/** What changed in one account, in one message. */
export interface CaughtUp {
  /** Where the subscriber is after it. */
  position: MetricPosition;
  accountId: number;
  /** The newest event in it. */
  sequence: number;
  collectedAt: number;
  /** Older events in it. */
  merged: number;
  series: SeriesUpdate[];
}

/** Where the changes of a subscriber are. */
export interface CatchUpSources {
  events: Pick<MetricEventLog, 'bounds' | 'since'>;
  store: Pick<MetricStore, 'read'>;
  matcher: Pick<SeriesMatcher, 'match'>;
  /** Aborted when the subscriber has gone: nothing more is read for it. */
  signal: AbortSignal;
  /** The accounts that it may see, as of now. */
  accountIds(): Promise<number[]>;
}

/**
 * The changes behind a position up to an event, from the log: late points and revisions included, each once, with their
 * values as they are by now. What was deleted meanwhile is left out. Events are merged by account, some at a time; their
 * number is bounded, not their points, so a subscriber may be as far behind as the log goes back.
 * @throws InvalidInputError RC_CURSOR_TOO_OLD when the log has let go of events before they were read
 */
export async function* catchUp(
  sources: CatchUpSources,
  position: MetricPosition,
  upTo: number,
): AsyncGenerator<CaughtUp> {
  const accountIds = await sources.accountIds();
  let { from } = position;
  if (position.to > from) {
    // A part of these was delivered: the same events are merged again, whatever their number.
    const events: MetricEvent[] = [];
    for (let after = from; ; after = events.at(-1)!.sequence) {
      const more = await eventsBehind(sources, accountIds, after, position.to);
      events.push(...more);
      if (more.length < EVENTS_AT_ONCE) break;
    }
    yield* inMessagesOf(sources, events, position);
    from = position.to;
  }
  while (from < upTo && !sources.signal.aborted) {
    const events = await eventsBehind(sources, accountIds, from, upTo);
    const to = events.length < EVENTS_AT_ONCE ? upTo : events.at(-1)!.sequence;
    yield* inMessagesOf(sources, events, { ...positionAt(from), to });
    from = to;
  }
}

async function eventsBehind(
  { events }: CatchUpSources,
  accountIds: readonly number[],
  after: number,
  upTo: number,
): Promise<MetricEvent[]> {
  const found = await events.since(accountIds, after, upTo, EVENTS_AT_ONCE);
  // Looked at behind the read: they may have gone just before it.
  assertKept(positionAt(after), await events.bounds());
  return found;
}

/** @param start the events' bounds, and what of them was delivered. */
async function* inMessagesOf(
  { store, matcher, signal }: CatchUpSources,
  events: readonly MetricEvent[],
  start: MetricPosition,
): AsyncGenerator<CaughtUp> {
  for (const { accountId, sequence, at, merged, changes } of byAccount(events)) {
    if (signal.aborted) return;
    if (accountId < start.accountId) continue;
    const behind = accountId === start.accountId ? start.seriesId : 0;
    const pointers = changes.filter(({ seriesId }) => seriesId > behind);
    const matching = await matcher.match(pointers.map(({ seriesId }) => seriesId));
    const wanted = pointers.flatMap(({ seriesId, timestamps }) => {
      const series = matching.get(seriesId);
      return series ? [{ series, timestamps }] : [];
    });
    for (const part of inMessages(wanted)) {
      const series = (await valuesOf(store, part)).filter(hasPoints);
      if (series.length === 0) continue;
      const seriesId = part.at(-1)!.series.id;
      const position = { ...start, accountId, seriesId, replay: null };
      yield { position, accountId, sequence, collectedAt: at, merged, series };
    }
  }
}

interface ChangesOfAccount extends MetricEvent {
  merged: number;
}

/** By account, ascending; of each the series by id and their timestamps ascending, once. */
function byAccount(events: readonly MetricEvent[]): ChangesOfAccount[] {
  const accounts = new Map<number, MetricEvent[]>();
  for (const event of events) {
    const ofAccount = accounts.get(event.accountId);
    if (ofAccount) ofAccount.push(event);
    else accounts.set(event.accountId, [event]);
  }
  return [...accounts]
    .sort(([a], [b]) => a - b)
    .map(([, ofAccount]) => ({
      ...ofAccount.at(-1)!,
      merged: ofAccount.length - 1,
      changes: ofAccount.length === 1 ? ofAccount[0].changes : mergePointers(ofAccount),
    }));
}

function mergePointers(events: readonly MetricEvent[]): MetricEvent['changes'] {
  const bySeries = new Map<number, Set<number>>();
  for (const { changes } of events) {
    for (const { seriesId, timestamps } of changes) {
      const merged = bySeries.get(seriesId);
      if (merged) timestamps.forEach((timestamp) => merged.add(timestamp));
      else bySeries.set(seriesId, new Set(timestamps));
    }
  }
  return [...bySeries]
    .sort(([a], [b]) => a - b)
    .map(([seriesId, timestamps]) => ({ seriesId, timestamps: [...timestamps].sort((a, b) => a - b) }));
}

interface Wanted {
  series: Series;
  timestamps: number[];
}

/** The points at these timestamps, as far as they are there. Series whose timestamps lie within the same hours are read together. */
async function valuesOf(store: CatchUpSources['store'], wanted: readonly Wanted[]): Promise<SeriesUpdate[]> {
  const found = wanted.map(({ series }): SeriesUpdate => ({ series, timestamps: [], values: [] }));
  const alike = new Map<string, number[]>();
  wanted.forEach(({ timestamps }, index) => {
    const key = `${hourOf(timestamps[0])} ${hourOf(timestamps.at(-1)!)}`;
    const indexes = alike.get(key);
    if (indexes) indexes.push(index);
    else alike.set(key, [index]);
  });
  for (const indexes of alike.values()) {
    const { timestamps } = wanted[indexes[0]];
    const stored = await store.read(
      indexes.map((index) => wanted[index].series),
      hourOf(timestamps[0]),
      hourOf(timestamps.at(-1)!) + HOUR_MS,
    );
    indexes.forEach((index, at) => pick(stored[at], wanted[index].timestamps, found[index]));
  }
  return found;
}

function hourOf(timestamp: number): number {
  return Math.floor(timestamp / HOUR_MS) * HOUR_MS;
}

/** Both ascending. */
function pick(stored: Points, timestamps: readonly number[], into: Points): void {
  let at = 0;
  for (const timestamp of timestamps) {
    while (stored.timestamps[at] < timestamp) at++;
    if (stored.timestamps[at] !== timestamp) continue;
    into.timestamps.push(timestamp);
    into.values.push(stored.values[at]);
  }
}

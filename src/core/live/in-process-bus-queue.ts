import type { LiveEvent, MetricsStored } from './bus';
import { mergeMetrics } from './in-process-bus-merge';

/** How many events wait for a subscriber before metrics are merged and others dropped. */
export const MAX_QUEUED_EVENTS = 256;

/** How many points wait for a subscriber before the oldest go: 16 bytes each, shared between subscribers. */
export const MAX_QUEUED_POINTS = 100_000;

/**
 * One delivery to come: a single event, or metrics events of one account that will be merged when they are
 * read.
 */
type Entry = LiveEvent[];

/**
 * What waits for one subscriber. Beyond MAX_QUEUED_EVENTS a metrics event joins the newest queued one of
 * its account (an account without any gets an entry of its own, so that no point is lost), and any other
 * event pushes the oldest out. Beyond MAX_QUEUED_POINTS the oldest metrics events go; only the newest may
 * be larger than that alone. A subscriber that wants those points reads them from the store.
 */
export class InProcessBusQueue {
  private readonly entries: Entry[] = [];
  private readonly waiting: ((result: IteratorResult<LiveEvent>) => void)[] = [];
  private points = 0;
  private ended = false;

  push(event: LiveEvent): void {
    if (this.ended) return;
    const reader = this.waiting.shift();
    if (reader) return reader({ done: false, value: event });
    if (event.kind === 'metricsStored') this.pushMetrics(event);
    else this.pushOther(event);
  }

  /** Waits for an event when there is none. */
  next(): Promise<IteratorResult<LiveEvent>> {
    const entry = this.entries.shift();
    if (entry) {
      this.points -= weight(entry);
      return Promise.resolve({ done: false, value: merge(entry) });
    }
    if (this.ended) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  /** Forgets what waits. */
  clear(): void {
    this.entries.length = 0;
    this.points = 0;
  }

  /** Takes no more; readers that wait are told of the end. */
  end(): void {
    this.ended = true;
    for (const reader of this.waiting.splice(0)) reader({ done: true, value: undefined });
  }

  private pushOther(event: LiveEvent): void {
    if (this.entries.length >= MAX_QUEUED_EVENTS) this.entries.shift();
    this.entries.push([event]);
  }

  private pushMetrics(event: MetricsStored): void {
    const isFull = this.entries.length >= MAX_QUEUED_EVENTS;
    const sameAccount = isFull && this.entries.findLast(([first]) => first.accountId === event.accountId);
    if (sameAccount) sameAccount.push(event);
    else this.entries.push([event]);
    this.points += weight([event]);
    while (this.points > MAX_QUEUED_POINTS && this.dropOldest(event));
  }

  /** @returns false when `newest` is all there is. */
  private dropOldest(newest: LiveEvent): boolean {
    const entry = this.entries[0];
    const [oldest] = entry;
    if (oldest === newest) return false;
    this.points -= weight([oldest]);
    if (entry.length === 1) this.entries.shift();
    else entry.shift();
    return true;
  }
}

/** Points of the entry's events; an event without any counts as one. Only metrics are weighed. */
function weight(entry: Entry): number {
  return entry.reduce((total, event) => total + (event.kind === 'metricsStored' ? countPoints(event) : 0), 0);
}

function countPoints(event: MetricsStored): number {
  return Math.max(
    1,
    event.series.reduce((total, { timestamps }) => total + timestamps.length, 0),
  );
}

/** Only metrics share an entry. */
function merge(entry: Entry): LiveEvent {
  return entry.length === 1 ? entry[0] : mergeMetrics(entry as MetricsStored[]);
}

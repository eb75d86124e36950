import type { LiveEvent, MetricsStored } from './bus';

/** How many events wait for a subscriber before metrics are forgotten and others dropped. */
export const MAX_QUEUED_EVENTS = 256;

/** How many points wait for a subscriber before they are forgotten: 16 bytes each, shared between subscribers. */
export const MAX_QUEUED_POINTS = 100_000;

/**
 * What waits for one subscriber. Beyond MAX_QUEUED_EVENTS or MAX_QUEUED_POINTS metrics are forgotten: their newest event
 * stands for all, without points, for the log has them; a single event may be larger than that. Any other event pushes the
 * oldest out.
 */
export class InProcessBusQueue {
  private readonly entries: LiveEvent[] = [];
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
    const event = this.entries.shift();
    if (event) {
      this.points -= weight(event);
      return Promise.resolve({ done: false, value: event });
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
    this.entries.push(event);
  }

  private pushMetrics(event: MetricsStored): void {
    this.entries.push(event);
    this.points += weight(event);
    const isFull = this.entries.length > MAX_QUEUED_EVENTS || this.points > MAX_QUEUED_POINTS;
    if (!isFull || this.entries.length === 1) return;
    const { after } = this.entries[0] as MetricsStored;
    this.clear();
    this.entries.push({ ...event, after, series: null });
  }
}

/** Points of the event; only metrics are weighed. */
function weight(event: LiveEvent): number {
  if (event.kind !== 'metricsStored') return 0;
  return (event.series ?? []).reduce((total, { timestamps }) => total + timestamps.length, 0);
}

import type { Clock } from '../clock';
import type { Logger } from '../logger';
import type { Series } from '../metrics/series';
import { DAY_MS, dayOf } from './utc-days';

/** A series that nobody has read for so long may be asked for at a slower pace. */
const UNREAD_DAYS = 30;

/** Storage of the UTC day on which each series was read last. Days are their starts, epoch ms. */
export interface SeriesDemandStore {
  /** Never sets a day back. Series that are gone are left out. */
  note(days: ReadonlyMap<number, number>): Promise<void>;
  /** Those that have no day are left out. */
  lastRead(seriesIds: readonly number[]): Promise<Map<number, number>>;
}

/**
 * Which series are read through the API: noted in memory once a series and day, and written down every minute. A series
 * of which there is no note is new, or notes of it have only begun: it counts as read from then on for 30 days, so that no
 * pace is slowed for want of knowledge.
 */
export class SeriesDemand {
  private today = 0;
  /** Noted today. */
  private readonly noted = new Set<number>();
  /** Not written down yet. */
  private unwritten = new Map<number, number>();

  constructor(private readonly options: { store: SeriesDemandStore; clock: Clock; log: Logger }) {}

  /** Takes down that the series are read now. */
  note(series: readonly Pick<Series, 'id'>[]): void {
    const today = dayOf(this.options.clock.now());
    if (today !== this.today) {
      this.today = today;
      this.noted.clear();
    }
    for (const { id } of series) {
      if (this.noted.has(id)) continue;
      this.noted.add(id);
      this.unwritten.set(id, today);
    }
  }

  /** Those that nobody has read for 30 days. */
  async unread(series: readonly Pick<Series, 'id'>[]): Promise<Set<number>> {
    const { store, clock } = this.options;
    const oldest = dayOf(clock.now()) - UNREAD_DAYS * DAY_MS;
    const lastRead = await store.lastRead(series.map(({ id }) => id));
    const isKnown = ({ id }: Pick<Series, 'id'>) => lastRead.has(id) || this.unwritten.has(id);
    this.note(series.filter((one) => !isKnown(one)));
    const isUnread = (id: number) => Math.max(lastRead.get(id) ?? 0, this.unwritten.get(id) ?? 0) <= oldest;
    return new Set(series.flatMap(({ id }) => (isUnread(id) ? id : [])));
  }

  /** Writes down what was noted. Never throws: what could not be written waits for the next time. */
  async flush(): Promise<void> {
    const { store, log } = this.options;
    const leaving = this.unwritten;
    if (leaving.size === 0) return;
    this.unwritten = new Map();
    try {
      await store.note(leaving);
    } catch (error) {
      log.error({ err: error }, 'Which series are read could not be written down: it is kept in memory');
      for (const [id, day] of leaving) if (!this.unwritten.has(id)) this.unwritten.set(id, day);
    }
  }
}

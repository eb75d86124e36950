import type { Clock } from '../clock';
import type { Series } from '../metrics/series';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** What was observed longer ago no longer counts. */
const MEMORY_DAYS = 7;
/** No metric is waited for longer because of what is observed; what its plugin declares may be longer. */
const MOST_MS = 6 * HOUR_MS;
/** Other processes observe as well: what they wrote down is read this often. */
const READ_AGAIN_MS = 10 * 60_000;

/** How old a point of a metric was, at most, when its value last changed. */
export interface SettleObservation {
  namespace: string;
  name: string;
  /** UTC day of the observation, epoch ms. */
  day: number;
  /** Since the end of the point's period. */
  ageMs: number;
}

/** Storage of what was observed. */
export interface SettleObservations {
  /** Those of `since` (a UTC day) and later. */
  load(since: number): Promise<SettleObservation[]>;
  /** Keeps the largest age of each metric and day, and forgets days before `since`. */
  record(observations: readonly SettleObservation[], since: number): Promise<void>;
}

/** A point that was there before with another value, or was not, though it had been asked for. */
export interface LatePoint {
  series: Pick<Series, 'namespace' | 'name'>;
  /** Since the end of its period. */
  ageMs: number;
  /** Later than windows look in most cycles. When it came nobody knows: at the latest since the look of an hour ago. */
  isStraggler?: boolean;
}

/** One late delivery is no habit: so many hours of a day with stragglers are. */
const STRAGGLER_HOURS = 3;

/**
 * How long a metric takes to settle: as declared, or longer where CloudWatch was seen to revise it later than that. An
 * observation reaches one period further than it was made, so that the next window finds what comes later still. Stragglers
 * are stored within the hour whatever is learned: they count once three hours within a day had some, and no more than the
 * least late of the three, so that one bad delivery does not widen the windows of a week.
 */
export class SettleTimes {
  private readonly ages = new Map<string, Map<number, number>>();
  /** By metric, then by hour: how late its latest straggler was. */
  private readonly stragglers = new Map<string, Map<number, number>>();
  private readAt: number | null = null;

  constructor(private readonly options: { observations: SettleObservations; clock: Clock }) {}

  /** Seconds after the end of a period from which on its point counts as final. */
  secondsOf({
    namespace,
    name,
    period,
    settleSeconds,
  }: Pick<Series, 'namespace' | 'name' | 'period' | 'settleSeconds'>): number {
    // Asked for every series of every cycle: without observations there is no key to build.
    const byDay = this.ages.size > 0 && this.ages.get(keyOf(namespace, name));
    if (!byDay) return settleSeconds;
    const since = this.firstDay();
    let oldest = 0;
    for (const [day, ageMs] of byDay) if (day >= since) oldest = Math.max(oldest, ageMs);
    if (oldest === 0) return settleSeconds;
    return Math.max(settleSeconds, Math.ceil(Math.min(oldest + period * 1000, MOST_MS) / 1000));
  }

  /** Reads what is known where that was long ago. What cannot be read now is read the next time. */
  async refresh(): Promise<void> {
    const now = this.options.clock.now();
    if (this.readAt !== null && now < this.readAt + READ_AGAIN_MS) return;
    const since = this.firstDay();
    const observed = await this.options.observations.load(since);
    this.readAt = now;
    for (const observation of observed) this.note(observation);
    for (const [key, byHour] of this.stragglers) if (!hasRecent(byHour, now)) this.stragglers.delete(key);
    for (const [key, byDay] of this.ages) {
      for (const day of byDay.keys()) if (day < since) byDay.delete(day);
      if (byDay.size === 0) this.ages.delete(key);
    }
  }

  /** Takes down what a run saw, in one write where it is news. */
  async observe(late: readonly LatePoint[]): Promise<void> {
    const day = Math.floor(this.options.clock.now() / DAY_MS) * DAY_MS;
    const news = new Map<string, SettleObservation>();
    const ordinary = late.filter(({ isStraggler }) => !isStraggler);
    for (const { series, ageMs } of [...ordinary, ...this.habitual(late)]) {
      const { namespace, name } = series;
      const observation = { namespace, name, day, ageMs: Math.min(ageMs, MOST_MS) };
      if (this.note(observation)) news.set(keyOf(namespace, name), observation);
    }
    if (news.size > 0) await this.options.observations.record([...news.values()], this.firstDay());
  }

  /** Takes down stragglers. @returns those that are a habit of their metric's */
  private habitual(late: readonly LatePoint[]): LatePoint[] {
    const now = this.options.clock.now();
    const hour = Math.floor(now / HOUR_MS);
    const touched = new Map<string, LatePoint['series']>();
    for (const { series, ageMs, isStraggler } of late) {
      if (!isStraggler) continue;
      const key = keyOf(series.namespace, series.name);
      const byHour = this.stragglers.get(key) ?? new Map<number, number>();
      byHour.set(hour, Math.max(byHour.get(hour) ?? 0, ageMs));
      this.stragglers.set(key, byHour);
      touched.set(key, series);
    }
    return [...touched].flatMap(([key, series]) => {
      const byHour = this.stragglers.get(key)!;
      for (const at of byHour.keys()) if (!isRecent(at, now)) byHour.delete(at);
      if (byHour.size < STRAGGLER_HOURS) return [];
      return [{ series, ageMs: [...byHour.values()].sort((a, b) => b - a)[STRAGGLER_HOURS - 1]! }];
    });
  }

  /** @returns whether it is the largest of its day so far */
  private note({ namespace, name, day, ageMs }: SettleObservation): boolean {
    const key = keyOf(namespace, name);
    let byDay = this.ages.get(key);
    if (!byDay) this.ages.set(key, (byDay = new Map<number, number>()));
    if (ageMs <= (byDay.get(day) ?? 0)) return false;
    byDay.set(day, ageMs);
    return true;
  }

  private firstDay(): number {
    return Math.floor(this.options.clock.now() / DAY_MS) * DAY_MS - (MEMORY_DAYS - 1) * DAY_MS;
  }
}

/** Whether an hour is of the last day. */
function isRecent(hour: number, now: number): boolean {
  return Math.abs(now - hour * HOUR_MS) < DAY_MS;
}

function hasRecent(byHour: ReadonlyMap<number, number>, now: number): boolean {
  return [...byHour.keys()].some((hour) => isRecent(hour, now));
}

function keyOf(namespace: string, name: string): string {
  return `${namespace} ${name}`;
}

import { CloudWatchClient, paginateListMetrics } from '@aws-sdk/client-cloudwatch';
import pLimit from 'p-limit';
import { linkedSignal } from '../../abort';
import type { Account } from '../../accounts/account';
import type { CallCounter } from '../../aws/call-counter';
import { describeAwsError, isAwsError } from '../../aws/aws-error';
import { AwsTimeoutError } from '../../aws/aws-timeout-error';
import type { Clock } from '../../clock';
import type { CredentialBroker } from '../../credentials/credential-broker';
import type { Logger } from '../../logger';
import { nextDueTime } from '../due-time';
import type { ActivityPreview, ForeseenActivity, MetricActivity, WantedSeries } from './metric-activity';
import { metricKey } from './metric-key';
import { SilentMetrics } from './silent-metrics';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Between two listings of a namespace, and where a listing is not worth its price. */
const LISTED_EVERY_MS = HOUR_MS;
const UNPAID_EVERY_MS = 6 * HOUR_MS;
/** A place in the hour that comes sooner than this after a listing is that of the next hour. */
const SHORTEST_MS = 30 * MINUTE_MS;
/** After a listing that failed; doubled each time, to six hours. */
const RETRY_MS = 5 * MINUTE_MS;
/** What was learned so long ago is not known any more. */
const STALE_MS = 3 * HOUR_MS;
/** A series of a longer period, or one whose points come later, is never judged by what there was in three hours. */
const LONGEST_SECONDS = 3_600;
/** 200,000 metrics of one namespace, Region and account: more cost more than they tell. */
const MAX_PAGES = 400;
/** A listing that costs no more than this share of what asking costs is worth being early with what falls silent. */
const CHEAP_SHARE = 0.01;

/** What is known of one namespace in one Region of an account. */
interface Place {
  silent: SilentMetrics;
  /** Of the last listing, and how long until the next is due. */
  pages: number;
  everyMs: number;
  listedAt: number;
  dueAt: number;
  failures: number;
}

/** The wanted metrics of a place, and how many series (statistics) each has: that many queries are saved without it. */
interface WantedPlace {
  number: number;
  region: string;
  namespace: string;
  metrics: Map<number, number>;
}

/**
 * MetricActivity by ListMetrics with RecentlyActive=PT3H: one listing a namespace, Region and account an hour, all its pages,
 * never one a metric.
 *
 * **Nothing is lost by it.** A series is left out only when two listings in a row were without it; PT3H leaves out what had
 * no point for three hours (AWS: up to 50 minutes more), so that three and a half hours at least lie behind it then. Series with periods of an
 * hour or more, or whose points come more than an hour late, are not judged. A series that was not wanted at the last listing
 * (a new resource, an instance that was started) is asked for, as is everything where a listing failed, was denied, or lies
 * three hours back. What publishes again is named by the next listing, at the latest an hour and a quarter after its first
 * point; its watermark has stayed, so that its first ask brings what it published meanwhile.
 *
 * **What it costs.** A page of 500 metrics costs as much as one metric requested, $0.00001. With an interval of five minutes
 * one silent series costs 12 of these an hour: one is worth a listing of up to 11 pages. Where a listing costs more than it
 * saves nothing is left out, and it is made every six hours only, unless it costs less than a hundredth of the asking (a
 * page for nine series): then the hour stays, so that what falls silent is noticed early.
 *
 * **Memory.** Only what is wanted and missing is kept: 8 bytes a metric, and about 200 a place.
 */
export class ListedActivity implements MetricActivity, ForeseenActivity {
  /** By account, then by place. */
  private readonly places = new Map<number, Map<number, Place>>();
  /** Region and namespace as a number: there are a few hundred. */
  private readonly numbers = new Map<string, number>();

  constructor(
    private readonly options: {
      broker: CredentialBroker;
      clock: Clock;
      /** Between two collections of an account. */
      intervalMs: number;
      /** Listings of one account at work at once. */
      concurrency: number;
      /** A run waits for its listings no longer than so many milliseconds of real time. */
      timeLimitMs: number;
      log: Logger;
    },
  ) {}

  async refresh(
    account: Account,
    wanted: readonly WantedSeries[],
    calls: CallCounter,
    signal: AbortSignal,
  ): Promise<void> {
    const { clock, concurrency, timeLimitMs: milliseconds } = this.options;
    const places = this.knownOf(account.id);
    const now = clock.now();
    const due = this.placesOf(wanted, (number) => (places.get(number)?.dueAt ?? 0) <= now);
    // What is wanted no more.
    for (const [number, { dueAt }] of places) if (dueAt <= now - STALE_MS) places.delete(number);
    if (due.length === 0) return;
    const limit = pLimit(concurrency);
    const reason = new AwsTimeoutError(`ListMetrics was not done within ${milliseconds / 1000} s`);
    const stop = linkedSignal([signal], { milliseconds, reason });
    try {
      await Promise.all(
        due.map((place) =>
          limit(async () => {
            const known = places.get(place.number) ?? newPlace();
            places.set(place.number, known);
            try {
              await this.list(account, place, known, calls, stop.signal);
            } catch (error) {
              // A run that was cut short has learned nothing, in favour or against.
              if (!signal.aborted) this.failed(account, place, known, error);
            }
          }),
        ),
      );
    } finally {
      stop.release();
    }
  }

  isActive(accountId: number, series: WantedSeries): boolean {
    if (!isJudged(series)) return true;
    const place = this.places.get(accountId)?.get(this.numberOf(series));
    if (!place || place.silent.size === 0 || this.options.clock.now() - place.listedAt > STALE_MS)
      return true;
    return !place.silent.has(keyOf(series));
  }

  async preview(
    account: Account,
    wanted: readonly WantedSeries[],
    calls: CallCounter,
    signal: AbortSignal,
  ): Promise<ActivityPreview> {
    const { broker, concurrency } = this.options;
    const limit = pLimit(concurrency);
    const silent = new Map<number, ReadonlySet<number>>();
    let pagesAnHour = 0;
    await Promise.all(
      this.placesOf(wanted).map((place) =>
        limit(async () => {
          const { region, metrics } = place;
          const { missing, pages } = await broker.use(account, 'collect', signal, (session) =>
            missingOf(session.client(CloudWatchClient, { region, calls }), place),
          );
          const { isPaid, every } = this.worth(metrics, missing, pages);
          if (isPaid) silent.set(place.number, missing);
          pagesAnHour += (pages * HOUR_MS) / every;
        }),
      ),
    );
    const isActive = (series: WantedSeries) =>
      !isJudged(series) || !silent.get(this.numberOf(series))?.has(keyOf(series));
    return { isActive, pagesAnHour };
  }

  present(accountId: number): ActivityPreview {
    let pagesAnHour = 0;
    for (const { pages, everyMs } of this.places.get(accountId)?.values() ?? [])
      pagesAnHour += (pages * HOUR_MS) / everyMs;
    return { isActive: (series) => this.isActive(accountId, series), pagesAnHour };
  }

  /** Forgotten with the credentials of the account. */
  private knownOf(accountId: number): Map<number, Place> {
    let places = this.places.get(accountId);
    if (!places) {
      this.places.set(accountId, (places = new Map()));
      const forget = () => this.places.delete(accountId);
      this.options.broker.dropped(accountId).addEventListener('abort', forget, { once: true });
    }
    return places;
  }

  private async list(
    account: Account,
    place: WantedPlace,
    known: Place,
    calls: CallCounter,
    signal: AbortSignal,
  ): Promise<void> {
    const { region, metrics } = place;
    const { broker, clock } = this.options;
    const { missing, pages } = await broker.use(account, 'collect', signal, (session) =>
      missingOf(session.client(CloudWatchClient, { region, calls }), place),
    );
    const now = clock.now();
    known.listedAt = now;
    known.failures = 0;
    const { isPaid, every } = this.worth(metrics, missing, pages);
    if (isPaid) known.silent.replace(missing);
    else known.silent.clear();
    known.pages = pages;
    known.everyMs = every;
    // Each has its own place in the hour, so that the hour's edge is no spike.
    const earliest = now + every - LISTED_EVERY_MS + SHORTEST_MS;
    known.dueAt = nextDueTime(account.id * 1_009 + place.number, earliest, HOUR_MS);
  }

  /** Whether a listing saves more than it costs, and when to list again. */
  private worth(metrics: WantedPlace['metrics'], missing: ReadonlySet<number>, pages: number) {
    const asks = HOUR_MS / this.options.intervalMs;
    const isPaid = asks * seriesIn(metrics, missing) > pages && pages < MAX_PAGES;
    const isCheap = pages <= CHEAP_SHARE * asks * seriesIn(metrics, metrics.keys());
    return { isPaid, every: isPaid || isCheap ? LISTED_EVERY_MS : UNPAID_EVERY_MS };
  }

  /** Nothing is known then. */
  private failed(
    { id: accountId }: Account,
    { region, namespace }: WantedPlace,
    known: Place,
    error: unknown,
  ): void {
    known.silent.clear();
    known.dueAt = this.options.clock.now() + Math.min(RETRY_MS * 2 ** known.failures, UNPAID_EVERY_MS);
    known.failures += 1;
    if (known.failures > 1) return;
    const code = isAwsError(error) ? describeAwsError(error).code : String(error);
    this.options.log.warn(
      { accountId, region, namespace, code },
      'ListMetrics failed: every declared metric of the namespace is asked for',
    );
  }

  /** What is wanted where, without what is not judged; of the places that are chosen, as a cycle mostly needs none. */
  private placesOf(
    wanted: readonly WantedSeries[],
    isChosen: (place: number) => boolean = () => true,
  ): WantedPlace[] {
    const places = new Map<number, WantedPlace | null>();
    for (const series of wanted) {
      if (!isJudged(series)) continue;
      const number = this.numberOf(series);
      let place = places.get(number);
      if (place === undefined) {
        const { region, namespace } = series;
        place = isChosen(number) ? { number, region, namespace, metrics: new Map() } : null;
        places.set(number, place);
      }
      if (!place) continue;
      const key = keyOf(series);
      place.metrics.set(key, (place.metrics.get(key) ?? 0) + 1);
    }
    return [...places.values()].filter((place) => place !== null);
  }

  private numberOf({ region, namespace }: WantedSeries): number {
    const name = `${region} ${namespace}`;
    const number = this.numbers.get(name) ?? this.numbers.size;
    this.numbers.set(name, number);
    return number;
  }
}

/** Reads pages until every wanted metric was named. */
async function missingOf(client: CloudWatchClient, { namespace, metrics }: WantedPlace) {
  const missing = new Set(metrics.keys());
  let pages = 0;
  const listing = paginateListMetrics({ client }, { Namespace: namespace, RecentlyActive: 'PT3H' });
  for await (const { Metrics = [] } of listing) {
    pages += 1;
    for (const { MetricName = '', Dimensions = [] } of Metrics) {
      missing.delete(
        metricKey(
          MetricName,
          Dimensions.map(({ Name = '', Value = '' }) => [Name, Value]),
        ),
      );
    }
    if (missing.size === 0 || pages === MAX_PAGES) break;
  }
  return { missing, pages };
}

function newPlace(): Place {
  return {
    ...{ silent: new SilentMetrics(), pages: 0, everyMs: LISTED_EVERY_MS },
    ...{ listedAt: 0, dueAt: 0, failures: 0 },
  };
}

function isJudged({ period, settleSeconds }: WantedSeries): boolean {
  return period < LONGEST_SECONDS && settleSeconds <= LONGEST_SECONDS;
}

function keyOf({ name, dimensions }: WantedSeries): number {
  return metricKey(name, Object.entries(dimensions));
}

function seriesIn(metrics: ReadonlyMap<number, number>, keys: Iterable<number>): number {
  let count = 0;
  for (const key of keys) count += metrics.get(key)!;
  return count;
}

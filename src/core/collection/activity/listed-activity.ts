import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
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
import { listMetrics, LISTED_EVERY_MS, UNPAID_EVERY_MS, worthOf } from './metric-listing';
import { SilentMetrics } from './silent-metrics';
import { isJudged, keyOf, WantedPlaces, type WantedPlace } from './wanted-places';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** A place in the hour that comes sooner than this after a listing is that of the next hour. */
const SHORTEST_MS = 30 * MINUTE_MS;
/** After a listing that failed; doubled each time, to six hours. */
const RETRY_MS = 5 * MINUTE_MS;
/** What was learned so long ago is not known any more. */
const STALE_MS = 3 * HOUR_MS;

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
  private readonly wanted = new WantedPlaces();

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
    const due = this.wanted.in(wanted, (number) => (places.get(number)?.dueAt ?? 0) <= now);
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
    const place = this.places.get(accountId)?.get(this.wanted.numberOf(series));
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
    const limit = pLimit(this.options.concurrency);
    const silent = new Map<number, ReadonlySet<number>>();
    let pagesAnHour = 0;
    await Promise.all(
      this.wanted.in(wanted).map((place) =>
        limit(async () => {
          const { missing, pages, isPaid, every } = await this.listing(account, place, calls, signal);
          if (isPaid) silent.set(place.number, missing);
          pagesAnHour += (pages * HOUR_MS) / every;
        }),
      ),
    );
    const isActive = (series: WantedSeries) =>
      !isJudged(series) || !silent.get(this.wanted.numberOf(series))?.has(keyOf(series));
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
    const { missing, pages, isPaid, every } = await this.listing(account, place, calls, signal);
    const now = this.options.clock.now();
    known.listedAt = now;
    known.failures = 0;
    if (isPaid) known.silent.replace(missing);
    else known.silent.clear();
    known.pages = pages;
    known.everyMs = every;
    // Each has its own place in the hour, so that the hour's edge is no spike.
    const earliest = now + every - LISTED_EVERY_MS + SHORTEST_MS;
    known.dueAt = nextDueTime(account.id * 1_009 + place.number, earliest, HOUR_MS);
  }

  private async listing(account: Account, place: WantedPlace, calls: CallCounter, signal: AbortSignal) {
    const { broker, intervalMs } = this.options;
    const { region } = place;
    const listing = await broker.use(account, 'collect', signal, (session) =>
      listMetrics(session.client(CloudWatchClient, { region, calls }), place),
    );
    return { ...listing, ...worthOf(listing, place, intervalMs) };
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
}

function newPlace(): Place {
  return {
    ...{ silent: new SilentMetrics(), pages: 0, everyMs: LISTED_EVERY_MS },
    ...{ listedAt: 0, dueAt: 0, failures: 0 },
  };
}

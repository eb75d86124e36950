import type { ResourceType } from '../../plugins/contract';
import type { Account } from '../accounts/account';
import type { CallCounter } from '../aws/call-counter';
import type { Clock } from '../clock';
import type { Resource } from '../inventory/resource';
import type { Trouble } from '../metrics/no-data';
import type { Series, SeriesCatalog, SeriesSpec } from '../metrics/series';
import type { SeriesState, SeriesStates } from '../metrics/series-state';
import { inSlices } from '../slices';
import type { MetricActivity } from './activity/metric-activity';
import type { Backoff } from './backoff';
import { seriesOfInactive } from './inactive-resources';
import { KnownSeries } from './known-series';
import type { Fence } from './leases';
import { packCalls, type Ask, type PlannedCall } from './planner';
import { profileOf, seriesOf } from './series-of';
import type { SettleTimes } from './settle-times';
import type { Spending } from './spending';
import { isSparse, lateSince, liveWindow } from './windows';

/** A series that nobody reads is asked for so often while its account's budget is stretched. */
const STRETCHED_MS = 3_600_000;
/** What is planned in one turn of the event loop: about a millisecond. */
const RESOURCES_A_TURN = 100;
const SERIES_A_TURN = 1_000;
/** Of all accounts: what is known of so many takes 48 MB. */
const MOST_KNOWN_SERIES = 4_000_000;

export interface LivePlan {
  calls: PlannedCall[];
  /** Of every series that is collected, by id. */
  states: ReadonlyMap<number, SeriesState>;
  /** Series that are not asked for, and why. */
  unasked: { series: Series; trouble: Trouble }[];
  /** The budget leaves nothing to ask with. */
  isHeld: boolean;
}

/** Plans what a live run asks for: the series of the resources that are there, each with its window, packed into calls. */
export class LivePlanner {
  private readonly known: KnownSeries;

  constructor(
    private readonly options: {
      catalog: SeriesCatalog;
      states: SeriesStates;
      declarations: { resourceType(type: string): { declaration: ResourceType } | null };
      settleTimes: SettleTimes;
      spending: Spending;
      activity: MetricActivity;
      /** Series whose query CloudWatch refused. */
      refused: Backoff;
      clock: Clock;
      /** Between two collections of an account. */
      intervalMs: number;
    },
  ) {
    this.known = new KnownSeries(options.catalog, MOST_KNOWN_SERIES);
  }

  /** @throws StaleLeaseError */
  async plan(
    account: Account,
    fence: Fence,
    resources: readonly Resource[],
    calls: CallCounter,
    signal: AbortSignal,
  ): Promise<LivePlan> {
    const { catalog, declarations, states, settleTimes, spending, activity } = this.options;
    const specs: SeriesSpec[] = [];
    for await (const slice of inSlices(resources, RESOURCES_A_TURN)) {
      for (const resource of slice) {
        const declared = declarations.resourceType(resource.type);
        if (!declared) continue;
        specs.push(...seriesOf(resource, declared.declaration, profileOf(account, resource.plugin)));
      }
    }
    const series = await this.known.ensure(fence, account.tenantId, specs);
    await settleTimes.refresh();
    const known = await states.statesOf(series);
    const plan: LivePlan = {
      calls: [],
      states: new Map(series.map(({ id }, index) => [id, known[index]!])),
      unasked: await seriesOfInactive(catalog, account, resources, declarations),
      isHeld: false,
    };
    const allowance = await spending.allowance(account);
    if (allowance === 'HELD') {
      const trouble: Trouble = {
        reason: 'OVER_BUDGET',
        evidence: 'The monthly budget of the account is used up',
      };
      const held = series.map((one) => ({ series: one, trouble }));
      return { ...plan, isHeld: true, unasked: [...plan.unasked, ...held] };
    }
    // ListMetrics has a price too.
    await activity.refresh(account, series, calls, signal);
    const unread = await spending.unread(account, series);
    const asks: Ask[] = [];
    for await (const slice of inSlices(series, SERIES_A_TURN)) {
      asks.push(...this.asksOf(account, slice, plan, unread));
    }
    plan.calls = packCalls(asks);
    return plan;
  }

  private asksOf(
    account: Account,
    series: readonly Series[],
    { states, unasked }: LivePlan,
    unread: ReadonlySet<number>,
  ): Ask[] {
    const { settleTimes, activity, refused, clock, intervalMs } = this.options;
    const now = clock.now();
    return series.flatMap((one) => {
      const state = states.get(one.id)!;
      if (refused.isWaiting(one.id, now)) return [];
      if (!isSparse(one) && !activity.isActive(account.id, one)) {
        unasked.push({ series: one, trouble: inactive(state) });
        return [];
      }
      const isSlow = unread.has(one.id) && state.askedAt !== null;
      if (isSlow && now - state.askedAt! < STRETCHED_MS - intervalMs / 2) return [];
      const progress = {
        period: one.period,
        settleSeconds: settleTimes.secondsOf(one),
        watermark: state.watermark,
        askedAt: state.askedAt,
        lateSince: lateSince(account.id, state.answeredAt, now),
      };
      const window = liveWindow(progress, now);
      return window ? [{ series: one, from: window.from, to: window.to, period: one.period }] : [];
    });
  }
}

function inactive({ receivedAt }: SeriesState): Trouble {
  const listed = 'ListMetrics does not list it as active in the last three hours';
  return receivedAt === null
    ? { reason: 'NEVER_PUBLISHED', evidence: `CloudWatch never had a point of it, and ${listed}` }
    : { reason: 'SPARSE', evidence: listed };
}

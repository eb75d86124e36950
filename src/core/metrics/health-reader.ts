import type { Account } from '../accounts/account';
import type { Clock } from '../clock';
import type { SettleTimes } from '../collection/settle-times';
import type { Gap, Gaps } from './gap';
import type { MetricStore } from './metric-store';
import { NO_DATA_REASONS, type NoDataReason, type Trouble } from './no-data';
import type { Series, SeriesCatalog, SettlingSeries } from './series';
import {
  completenessOf,
  healthOf,
  OVERDUE_MS,
  leftOutOf,
  standstillOf,
  type SeriesHealth,
} from './series-health';
import type { SeriesState, SeriesStates } from './series-state';
import { resolveTimeRange, type TimeRange, type TimeRangeInput } from './time-range';

const LAST_DAY: TimeRangeInput = { last: 86_400 };

/** What health needs to know of an account. */
export type HealthAccount = Pick<Account, 'id' | 'status' | 'statusReason' | 'lastCollectedAt'>;

/** Series that miss points now, by reason, in the order of NO_DATA_REASONS. */
export interface NoDataCount {
  reason: NoDataReason;
  count: number;
}

/** Tells of series and accounts what is missing, and why. The caller has checked that it may see them. */
export class HealthReader {
  constructor(
    private readonly options: {
      metrics: Pick<MetricStore, 'aggregate'>;
      states: Pick<SeriesStates, 'statesOf'>;
      gaps: Pick<Gaps, 'ofAccount'>;
      catalog: Pick<SeriesCatalog, 'ofAccount'>;
      /** What was learned of how late points come; as declared where it is left out. */
      settleTimes?: Pick<SettleTimes, 'secondsOf'>;
      clock: Clock;
    },
  ) {}

  /**
   * In the order of `series`; the last day when there is no range.
   * @throws InvalidInputError RC_RANGE_INVALID
   */
  async ofSeries(
    series: readonly (SettlingSeries | Series)[],
    accounts: ReadonlyMap<number, HealthAccount>,
    range: TimeRangeInput | null,
  ): Promise<SeriesHealth[]> {
    const { metrics, states, clock } = this.options;
    const now = clock.now();
    const { from, to } = resolveTimeRange(range ?? LAST_DAY, now);
    const [aggregates, present, gaps] = await Promise.all([
      metrics.aggregate(series, from, to),
      states.statesOf(series),
      this.gapsOf(series, { from, to }),
    ]);
    return series.map((one, index) =>
      healthOf({
        series: this.settling(one),
        state: present[index]!,
        gaps: gaps[index]!,
        received: aggregates.count[index]!,
        standstill: standstill(one, present[index]!, accounts.get(one.accountId)),
        ...{ from, to, now },
      }),
    );
  }

  /** Of all series of the account, as `completenessOf`. The last day when there is no range. */
  async completeness(account: HealthAccount, range: TimeRangeInput | null): Promise<number | null> {
    const series = await this.options.catalog.ofAccount(account.id);
    return completenessOf(await this.ofSeries(series, new Map([[account.id, account]]), range));
  }

  /** The series of the account that miss points now. */
  private async missing(account: HealthAccount): Promise<{ seriesId: number; trouble: Trouble }[]> {
    const now = this.options.clock.now();
    const series = await this.options.catalog.ofAccount(account.id);
    const states = await this.options.states.statesOf(series);
    return series.flatMap((one, index) => {
      const { period, settleSeconds } = one;
      const { watermark, trouble } = states[index]!;
      const overdue = now - settleSeconds * 1000 - period * 1000 - OVERDUE_MS;
      const isBehind = watermark === null || watermark < overdue;
      // What is gone, or chosen no more, misses nothing.
      if (leftOutOf(one, states[index]!, account)) return [];
      const why = standstillOf(account) ?? trouble ?? (isBehind ? NOT_ASKED : null);
      return why ? [{ seriesId: one.id, trouble: why }] : [];
    });
  }

  /** The ids of all series of these accounts that miss points now. */
  async missingIds(accounts: readonly HealthAccount[], signal: AbortSignal): Promise<number[]> {
    const ids: number[] = [];
    for (const account of accounts) {
      signal.throwIfAborted();
      for (const { seriesId } of await this.missing(account)) ids.push(seriesId);
    }
    return ids;
  }

  async noData(account: HealthAccount): Promise<NoDataCount[]> {
    const counts = new Map<NoDataReason, number>();
    for (const { trouble } of await this.missing(account)) {
      counts.set(trouble.reason, (counts.get(trouble.reason) ?? 0) + 1);
    }
    return NO_DATA_REASONS.flatMap((reason) => {
      const count = counts.get(reason);
      return count ? [{ reason, count }] : [];
    });
  }

  /** An account as a whole goes by what is declared. */
  private settling(series: SettlingSeries | Series): SettlingSeries {
    const { settleTimes } = this.options;
    if (!settleTimes || !('namespace' in series)) return series;
    return { ...series, settleSeconds: settleTimes.secondsOf(series) };
  }

  private async gapsOf(series: readonly SettlingSeries[], { from, to }: TimeRange): Promise<Gap[][]> {
    const bySlot = new Map<string, Gap[]>();
    for (const accountId of new Set(series.map((one) => one.accountId))) {
      for (const gap of await this.options.gaps.ofAccount(accountId, from, to)) {
        for (const slot of gap.slots) {
          const key = `${gap.block} ${slot}`;
          const ofSlot = bySlot.get(key);
          if (ofSlot) ofSlot.push(gap);
          else bySlot.set(key, [gap]);
        }
      }
    }
    return series.map(({ block, slot }) => bySlot.get(`${block} ${slot}`) ?? []);
  }
}

function standstill(
  series: Pick<SettlingSeries, 'period'>,
  state: SeriesState,
  account?: HealthAccount,
): Trouble | null {
  return standstillOf(account) ?? leftOutOf(series, state, account);
}

const NOT_ASKED: Trouble = { reason: 'NOT_DUE', evidence: 'A coming collection asks for it' };

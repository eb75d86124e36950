import type { TenantScope } from '../../core/access/viewer';
import type { UsdBounds } from '../../core/cost/prices';
import type {
  UsageDimension,
  UsageEntry,
  UsageLedger,
  UsageQuery,
  UsageReads,
  UsageSum,
} from '../../core/cost/usage-ledger';
import { DAY_MS } from '../../core/cost/utc-days';
import { Conditions } from '../conditions';
import type { SqliteConnection } from '../sqlite-connection';
import type { RawWriter } from '../transactions';

/** Money is stored in billionths of a dollar: $0.00001, the price of a request, is 10,000 of them. */
const NANO = 1e9;

const COLUMN: Record<UsageDimension, string> = {
  DAY: 'day',
  ACCOUNT: 'account_id',
  PLUGIN: 'plugin',
  REGION: 'region',
  API: 'api',
};

/** Bounds in billionths. */
type SumRow = Omit<UsageSum, 'cost'> & UsdBounds;

/** The table `api_usage`. Its rows have the tenant that their account has, and go where it goes. */
export class SqliteUsageLedger implements UsageLedger {
  constructor(
    private readonly writer: RawWriter,
    private readonly reader: SqliteConnection,
  ) {}

  within(scope: TenantScope): UsageReads {
    return { sum: (query) => this.#sum(scope, query) };
  }

  async add(entries: readonly UsageEntry[]): Promise<void> {
    if (entries.length === 0) return;
    const rows = entries.map(({ accountId, day, plugin, cost, ...usage }) => ({
      ...usage,
      accountId,
      day: day / DAY_MS,
      plugin: plugin ?? '',
      lower: Math.round(cost.lower * NANO),
      upper: Math.round(cost.upper * NANO),
    }));
    await this.writer.transaction((connection) =>
      connection.run(
        `INSERT INTO api_usage (account_id, day, plugin, region, api, tenant_id, calls, throttled, metrics,
          metrics_lower, nano_usd, nano_usd_lower)
        SELECT account.id, row.value ->> 'day', row.value ->> 'plugin', row.value ->> 'region', row.value ->> 'api',
          account.tenant_id, row.value ->> 'calls', row.value ->> 'throttled', row.value ->> 'metricsRequested',
          row.value ->> 'metricsRequestedLowerBound', row.value ->> 'upper', row.value ->> 'lower'
        FROM json_each(?) AS row JOIN account ON account.id = row.value ->> 'accountId'
        WHERE TRUE
        ON CONFLICT (account_id, day, plugin, region, api) DO UPDATE SET
          calls = calls + excluded.calls, throttled = throttled + excluded.throttled,
          metrics = metrics + excluded.metrics, metrics_lower = metrics_lower + excluded.metrics_lower,
          nano_usd = nano_usd + excluded.nano_usd, nano_usd_lower = nano_usd_lower + excluded.nano_usd_lower`,
        [JSON.stringify(rows)],
      ),
    );
  }

  async spentByDay(
    accountIds: readonly number[],
    from: number,
    to: number,
  ): Promise<{ accountId: number; day: number; cost: UsdBounds }[]> {
    const rows = await this.reader.all<{ accountId: number; day: number; lower: number; upper: number }>(
      `SELECT account_id AS accountId, day, sum(nano_usd_lower) AS lower, sum(nano_usd) AS upper FROM api_usage
      WHERE account_id IN (SELECT value FROM json_each(?)) AND day >= ? AND day < ?
      GROUP BY account_id, day`,
      [JSON.stringify(accountIds), firstDay(from), firstDay(to)],
    );
    return rows.map(({ accountId, day, ...nano }) => ({ accountId, day: day * DAY_MS, cost: dollars(nano) }));
  }

  async #sum(scope: TenantScope, { from, to, groupBy, limit }: UsageQuery): Promise<UsageSum[]> {
    const where = new Conditions()
      .within('tenant_id', scope)
      .and('day >= ? AND day < ?', firstDay(from), firstDay(to));
    const has = (dimension: UsageDimension) => (groupBy.includes(dimension) ? COLUMN[dimension] : 'NULL');
    // Constants as well: without a dimension there is one sum, and none where nothing was used.
    const groups = [...new Set(groupBy)].map((dimension) => COLUMN[dimension]);
    const rows = await this.reader.all<SumRow>(
      `SELECT ${has('DAY')} AS day, ${has('ACCOUNT')} AS accountId, nullif(${has('PLUGIN')}, '') AS plugin,
        ${has('REGION')} AS region, ${has('API')} AS api, sum(calls) AS calls, sum(throttled) AS throttled,
        sum(metrics) AS metricsRequested, sum(nano_usd_lower) AS lower, sum(nano_usd) AS upper
      FROM api_usage WHERE ${where} GROUP BY ${groups.length > 0 ? groups.join(', ') : `'all'`}
      ORDER BY ${groups.includes('day') ? 'day DESC, ' : ''}upper DESC, calls DESC, ${[...groups, '1'].join(', ')}
      LIMIT ?`,
      [...where.parameters, limit],
    );
    return rows.map(({ day, lower, upper, ...row }) => ({
      ...row,
      day: day === null ? null : day * DAY_MS,
      cost: dollars({ lower, upper }),
    }));
  }
}

/** The number of the first UTC day that begins at the instant or after it. */
function firstDay(at: number): number {
  return Math.ceil(at / DAY_MS);
}

function dollars({ lower, upper }: UsdBounds): UsdBounds {
  return { lower: lower / NANO, upper: upper / NANO };
}

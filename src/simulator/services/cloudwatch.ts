import { metricSources } from '../metrics/catalogue';
import { isLongQuiet, quietTimesOf } from '../metrics/quiet-times';
import { jsonProtocol } from '../protocol/json';
import { pageOf } from '../protocol/page';
import type { ResultTree } from '../protocol/protocol';
import { invalidNextToken, validationError } from './cloudwatch-errors';
import { getMetricData } from './get-metric-data';
import type { Call, JsonParameters, JsonService } from './service';

/** Metrics a page. */
const listPageSize = 500;
/** Dimension filters of one call. */
const maxDimensionFilters = 10;

/** Amazon CloudWatch. */
export const cloudWatchService: JsonService = {
  iamPrefix: 'cloudwatch',
  signingName: 'monitoring',
  protocol: jsonProtocol('1.0'),
  target: 'GraniteServiceVersion20100801',
  xmlNamespace: '',
  actions: { ListMetrics: listMetrics, GetMetricData: getMetricData },
};

interface DimensionFilter {
  Name: string;
  Value?: string;
}

/** Sources that have stopped publishing are listed too, unless RecentlyActive leaves them out. */
function listMetrics({
  parameters,
  resources,
  caller,
  world,
  region,
  now,
}: Call<JsonParameters>): ResultTree {
  const { Namespace, MetricName, RecentlyActive, NextToken, IncludeLinkedAccounts } = parameters;
  if (RecentlyActive !== undefined && RecentlyActive !== 'PT3H') {
    throw validationError(`Value '${RecentlyActive}' at 'recentlyActive' must be PT3H`);
  }
  const filters = (parameters.Dimensions ?? []) as DimensionFilter[];
  if (filters.length > maxDimensionFilters) {
    throw validationError(
      `The collection Dimensions must not have a size greater than ${maxDimensionFilters}.`,
    );
  }
  const metrics: ResultTree[] = [];
  for (const source of metricSources(resources)) {
    const isWanted =
      (Namespace === undefined || source.namespace === Namespace) &&
      (RecentlyActive === undefined || source.isActive) &&
      filters.every(({ Name, Value }) =>
        source.dimensions.some((own) => own.Name === Name && (Value === undefined || own.Value === Value)),
      );
    if (!isWanted) continue;
    const dimensions = source.dimensions.map((dimension) => ({ ...dimension }));
    for (const name of source.metrics.keys()) {
      if (MetricName !== undefined && MetricName !== name) continue;
      if (RecentlyActive !== undefined && world.quietTimes.length > 0) {
        const identity = { ...source, accountId: caller.account.id, region, metricName: name };
        if (isLongQuiet(quietTimesOf(world, identity), now)) continue;
      }
      metrics.push({ Namespace: source.namespace, MetricName: name, Dimensions: dimensions });
    }
  }
  const page = pageOf(metrics, listPageSize, NextToken as string | undefined);
  if (!page) throw invalidNextToken();
  return {
    Metrics: page.items,
    NextToken: page.nextToken,
    ...(IncludeLinkedAccounts === true && { OwningAccounts: page.items.map(() => caller.account.id) }),
  };
}

import type { SeriesFilter } from '../../core/metrics/series';
import type { OperationContext } from '../context';
import { toSeriesFilter, type MetricFilterInput } from './metric-inputs';

/**
 * The filter in the core's terms; which series miss points is looked up now.
 * @throws InvalidInputError RC_FILTER_INVALID
 */
export async function seriesFilterOf(
  { viewer, services, signal }: OperationContext,
  input: MetricFilterInput | null | undefined,
): Promise<SeriesFilter> {
  const filter = toSeriesFilter(input);
  const missing = input?.missing ?? null;
  if (missing === null) return filter;
  const accountIds = await services.seriesCatalog.within(viewer).accountIds(filter);
  const accounts = await services.accountRepository.within(viewer).findMany(accountIds);
  const ids = await services.metricHealth.missingIds(
    accounts.filter((account) => account !== null),
    signal,
  );
  if (!missing) return { ...filter, exceptIds: ids };
  const wanted = filter.ids && new Set(filter.ids);
  return { ...filter, ids: wanted ? ids.filter((id) => wanted.has(id)) : ids };
}

import { describeAwsError } from '../aws/aws-error';
import type { Series } from '../metrics/series';
import type { FetchedCall } from './metric-fetcher';
import type { PlannedCall } from './planner';

/** Calls beyond the first: three bad queries of 500 are found with 54. What is left then is for the next cycle. */
const MOST_EXTRA_CALLS = 64;

/** What became of one planned call, each of its series in exactly one of the three. */
export interface CallOutcome {
  fetched: FetchedCall[];
  /** Queries that CloudWatch refuses by themselves, each asked alone. */
  refused: { series: Series; error: unknown }[];
  /** Parts of the call that failed as a whole. */
  failed: { call: PlannedCall; error: unknown }[];
}

/**
 * One bad query makes CloudWatch refuse the whole call. So a call that is refused for what it asks is asked in halves, down to
 * the query that is to blame: it alone goes without an answer. Never throws.
 */
export async function fetchBisecting(
  call: PlannedCall,
  fetch: (call: PlannedCall) => Promise<FetchedCall>,
): Promise<CallOutcome> {
  const outcome: CallOutcome = { fetched: [], refused: [], failed: [] };
  let calls = 0;
  const ask = async (part: PlannedCall): Promise<void> => {
    try {
      calls += 1;
      outcome.fetched.push(await fetch(part));
    } catch (error) {
      if (!isRefused(error)) return void outcome.failed.push({ call: part, error });
      if (part.series.length === 1) return void outcome.refused.push({ series: part.series[0]!, error });
      const middle = Math.ceil(part.series.length / 2);
      for (const series of [part.series.slice(0, middle), part.series.slice(middle)]) {
        if (calls <= MOST_EXTRA_CALLS) await ask({ ...part, series });
        else outcome.failed.push({ call: { ...part, series }, error });
      }
    }
  };
  await ask(call);
  return outcome;
}

/** Whether CloudWatch found fault with what was asked, and not with who asked or when. */
function isRefused(error: unknown): boolean {
  const { code, fault } = describeAwsError(error);
  return (
    fault === 'rejected' &&
    /^(Validation|InvalidParameter|MissingRequiredParameter|MissingParameter)/.test(code)
  );
}

import { GET_METRIC_DATA } from '../cost/prices';
import type { CallOutcome } from './bisection';
import { collectionError } from './collection-failure';
import type { PlannedCall } from './planner';
import type { RunRecorder, StepTally } from './run-recorder';

/** Counts what was answered, and notes what was not. */
export function noteAnswers(
  { fetched, refused, failed }: CallOutcome,
  call: PlannedCall,
  tally: StepTally,
  recorder: RunRecorder,
): void {
  const answers = fetched.flatMap((one) => one.answers);
  const forbidden = answers.filter(({ status }) => status === 'Forbidden').length;
  const incomplete = answers.filter(({ status }) => status !== 'Forbidden' && status !== 'Complete').length;
  tally.seriesCollected += answers.length - forbidden;
  if (forbidden > 0) tally.note(partialAnswer('Forbidden', forbidden, call));
  if (incomplete > 0) tally.note(partialAnswer('PartialData', incomplete, call));
  const [first] = refused;
  if (first) {
    const { code, message } = collectionError(first.error);
    const refusal = `CloudWatch refused ${refused.length} of ${call.series.length} metrics in ${call.region}`;
    tally.note({ code, message: `${refusal}: ${message}`, retryable: false, missingActions: [] });
  }
  const lost = [...failed.map(({ error }) => error), ...fetched.flatMap(({ failure }) => failure ?? [])];
  if (fetched.length > 0) lost.forEach((error) => tally.note(recorder.describe(error)));
}

function partialAnswer(code: 'Forbidden' | 'PartialData', count: number, { series, region }: PlannedCall) {
  const message = `CloudWatch answered ${code} for ${count} of ${series.length} metrics in ${region}`;
  const missingActions = code === 'Forbidden' ? [GET_METRIC_DATA] : [];
  return { code, message, retryable: code === 'PartialData', missingActions };
}

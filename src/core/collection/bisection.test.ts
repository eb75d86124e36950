import fc from 'fast-check';
import type { Series } from '../metrics/series';
import { fetchBisecting } from './bisection';
import type { PlannedCall } from './planner';

const callOf = (size: number): PlannedCall => ({
  ...{ region: 'eu-central-1', from: 0, to: 300_000, period: 300 },
  series: Array.from({ length: size }, (_, id) => ({ id }) as Series),
});
const awsError = (name: string) => Object.assign(new Error(name), { name, $metadata: {}, $fault: 'client' });
const refusal = Object.assign(awsError('ValidationError'), { $metadata: { httpStatusCode: 400 } });

/** CloudWatch that refuses every call with one of these queries. */
function cloudWatch(bad: readonly number[]) {
  const calls: number[] = [];
  const fetch = async (call: PlannedCall) => {
    calls.push(call.series.length);
    if (call.series.some(({ id }) => bad.includes(id))) throw refusal;
    return {
      call,
      answers: [],
      dropped: { outside: 0, offGrid: 0, notFinite: 0 },
      answeredAt: null,
      failure: null,
    };
  };
  return { calls, fetch };
}

describe('fetchBisecting', () => {
  it('finds one bad query of 500 with 18 calls more, and answers the 499 others', async () => {
    const { calls, fetch } = cloudWatch([321]);
    const { fetched, refused, failed } = await fetchBisecting(callOf(500), fetch);
    expect(refused).toEqual([{ series: { id: 321 }, error: refusal }]);
    expect(failed).toEqual([]);
    expect(fetched.flatMap(({ call }) => call.series)).toHaveLength(499);
    expect(calls.length).toBeLessThanOrEqual(1 + 2 * Math.ceil(Math.log2(500)));
  });

  it('puts every series in exactly one place, with a bounded number of calls', async () => {
    const bad = fc.uniqueArray(fc.integer({ min: 0, max: 499 }), { maxLength: 500 });
    await fc.assert(
      fc.asyncProperty(bad, fc.integer({ min: 1, max: 500 }), async (ids, size) => {
        const { calls, fetch } = cloudWatch(ids);
        const { fetched, refused, failed } = await fetchBisecting(callOf(size), fetch);
        const places = [
          ...fetched.flatMap(({ call }) => call.series),
          ...refused.map(({ series }) => series),
          ...failed.flatMap(({ call }) => call.series),
        ].map(({ id }) => id);
        expect(places.sort((a, b) => a - b)).toEqual(Array.from({ length: size }, (_, id) => id));
        expect(calls.length).toBeLessThanOrEqual(66);
        expect(refused.every(({ series }) => ids.includes(series.id))).toBe(true);
      }),
    );
  });

  it('does not take a call to pieces that failed for another reason', async () => {
    for (const name of ['ThrottlingException', 'AccessDenied', 'InternalFailure']) {
      let calls = 0;
      const error = awsError(name);
      const outcome = await fetchBisecting(callOf(10), async () => {
        calls += 1;
        throw error;
      });
      expect(calls).toBe(1);
      expect(outcome.failed).toEqual([{ call: callOf(10), error }]);
    }
  });
});

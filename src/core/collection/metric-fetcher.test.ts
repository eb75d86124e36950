import type { GetMetricDataCommandOutput, MetricDataResult } from '@aws-sdk/client-cloudwatch';
import type { Series } from '../metrics/series';
import { fetchMetricData } from './metric-fetcher';
import type { PlannedCall } from './planner';

const MINUTE = 60_000;
const FROM = Date.UTC(2026, 10, 24, 12);
const call: PlannedCall = {
  region: 'eu-central-1',
  from: FROM,
  to: FROM + 20 * MINUTE,
  period: 300,
  series: [1, 2, 3].map(
    (id) => ({ id, name: `m${id}`, dimensions: {}, statistic: 'Sum' }) as unknown as Series,
  ),
};
const at = (minutes: number) => new Date(FROM + minutes * MINUTE);
const result = (Id: string, minutes: number[], StatusCode: MetricDataResult['StatusCode'] = 'Complete') => ({
  Id,
  StatusCode,
  Timestamps: minutes.map(at),
  Values: minutes.map((minute) => minute + 0.5),
});

/** A CloudWatch that answers these pages; an Error is thrown. */
async function fetched(...pages: (MetricDataResult[] | Error)[]) {
  let asked = 0;
  const send = async () => {
    const page = pages[asked++];
    if (page instanceof Error) throw page;
    const NextToken = asked < pages.length ? String(asked) : undefined;
    return { MetricDataResults: page, NextToken } as GetMetricDataCommandOutput;
  };
  const outcome = await fetchMetricData({ send } as never, call);
  const [first, second, third] = outcome.answers;
  return { ...outcome, first: first!, second: second!, third: third!, asked };
}
const minutesOf = ({ points }: { points: { timestamps: number[] } }) =>
  points.timestamps.map((timestamp) => (timestamp - FROM) / MINUTE);

describe('fetchMetricData', () => {
  it('merges the same Id of two pages; PartialData then Complete is Complete', async () => {
    const { first, second, asked } = await fetched(
      [result('q0', [0, 5], 'PartialData')],
      [result('q0', [10, 15]), result('q1', [0])],
    );
    expect(asked).toBe(2);
    expect(first).toMatchObject({ status: 'Complete' });
    expect(minutesOf(first)).toEqual([0, 5, 10, 15]);
    expect(first.points.values).toEqual([0.5, 5.5, 10.5, 15.5]);
    expect(minutesOf(second)).toEqual([0]);
  });

  it('uses what is whole of page 1 when page 2 fails', async () => {
    const lost = new Error('reset');
    const outcome = await fetched([result('q0', [0]), result('q1', [5], 'PartialData')], lost);
    expect(outcome.failure).toBe(lost);
    expect([outcome.first.status, outcome.second.status, outcome.third.status]).toEqual([
      'Complete',
      'PartialData',
      null,
    ]);
    expect(minutesOf(outcome.first)).toEqual([0]);
  });

  it('throws when page 1 fails', async () => {
    await expect(fetched(new Error('reset'))).rejects.toThrow('reset');
  });

  it('tells Forbidden and InternalError of each query by itself', async () => {
    const { first, second, third } = await fetched([
      result('q0', [], 'Forbidden'),
      result('q1', [], 'InternalError'),
      result('q2', [0]),
    ]);
    expect([first.status, second.status, third.status]).toEqual(['Forbidden', 'InternalError', 'Complete']);
  });

  it('does not take a missing Id for an empty answer', async () => {
    const { first, second } = await fetched([result('q0', [])]);
    expect(first.status).toBe('Complete');
    expect(second.status).toBeNull();
  });

  it('ignores an Id that was not asked for', async () => {
    const { answers } = await fetched([result('q9', [0]), result('', [0])]);
    expect(answers.flatMap(({ points }) => points.timestamps)).toEqual([]);
  });

  it('drops and counts what is in the future, off the grid or no number, and keeps the rest', async () => {
    const odd = result('q0', [-5, 0, 3, 5, 10, 20, 60]);
    odd.Values[3] = NaN;
    const short = { ...result('q1', [0, 5]), Values: [1] };
    const { first, second, dropped } = await fetched([odd, short]);
    expect(minutesOf(first)).toEqual([0, 10]);
    expect(minutesOf(second)).toEqual([0]);
    expect(dropped).toEqual({ outside: 3, offGrid: 1, notFinite: 2 });
  });

  it('puts points in order, the last word for each time', async () => {
    const { first } = await fetched([{ ...result('q0', [10, 0, 10]), Values: [1, 2, 3] }]);
    expect(minutesOf(first)).toEqual([0, 10]);
    expect(first.points.values).toEqual([2, 3]);
  });
});

import { CallLog, type CallRecord } from './call-log';

function record(at: number): Omit<CallRecord, 'sequence'> {
  return {
    at,
    service: 'ec2',
    action: 'DescribeInstances',
    region: 'eu-west-1',
    accountId: null,
    accessKeyId: null,
    sessionName: null,
    status: 200,
    errorCode: null,
    durationMs: 1,
  };
}

test('the ring keeps the newest calls in order, the counts keep them all', () => {
  const log = new CallLog(3);
  for (let at = 1; at <= 5; at++) log.add(record(at));
  expect(log.list().map(({ at }) => at)).toEqual([3, 4, 5]);
  expect(log.list({ since: 4 }).map(({ at }) => at)).toEqual([4, 5]);
  expect(log.counts()).toEqual({ 'ec2:DescribeInstances': 5 });
  const mark = log.mark();
  expect(log.list({ after: mark })).toEqual([]);
  expect(log.list({ after: mark - 1 }).map(({ at, sequence }) => [at, sequence])).toEqual([[5, 5]]);
  log.clear();
  log.add(record(6));
  expect(log.list({ after: mark }).map(({ at, sequence }) => [at, sequence])).toEqual([[6, 6]]);
  expect(log.list()).toHaveLength(1);
});

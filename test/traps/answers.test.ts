import { MINUTE } from '../support/rolecall';
import { aThing, REGION, startTrap, WHOLE, type Trap, type TrapSubject } from './support/trap';

/** What CloudWatch may answer: traps of collectors.md 6.2, by name. */

const HOUR = 60 * MINUTE;
let trap: Trap;
const start = async (subject?: TrapSubject, options?: Parameters<typeof startTrap>[1]) =>
  (trap = await startTrap(subject, options));
afterEach(() => trap.stop());

const names = (count: number) => Array.from({ length: count }, (_, index) => `Load${index}`);

test('same Id on two pages', async () => {
  await start({ names: names(3) });
  trap.simulator.faults.add({ kind: 'pageSize', points: 10 });
  expect(await trap.cycle()).toMatchObject({ state: 'SUCCEEDED' });
  expect(trap.asked().filter(({ isNextPage }) => isNextPage)).not.toEqual([]);
  expect(await trap.compare()).toMatchObject({ ...WHOLE, series: 3 });
});

test('page 2 fails', async () => {
  await start({ names: names(3) });
  await trap.cycle();
  trap.clock.advance(2 * HOUR);
  trap.simulator.faults.add({ kind: 'pageSize', points: 40 });
  const fault = trap.simulator.faults.add({ kind: 'error', match: { nextPage: true } });
  const failed = await trap.cycle();
  expect(failed.state).toMatch(/PARTIAL|FAILED/);
  expect(fault.hits).toBeGreaterThan(0);
  // What the first page held may be used. What it did not is asked for again.
  expect((await trap.compare()).wrong).toEqual([]);
  trap.simulator.faults.remove(fault.id);
  expect(await trap.cycle()).toMatchObject({ state: 'SUCCEEDED' });
  expect(await trap.compare()).toMatchObject(WHOLE);
});

test('PartialData then Complete', async () => {
  await start({ names: names(3) });
  await trap.cycle();
  trap.simulator.faults.add({ kind: 'partialData', statusCode: 'PartialData' });
  for (let cycle = 0; cycle < 3; cycle++)
    expect(await trap.cycle(20 * MINUTE)).toMatchObject({ state: 'PARTIAL' });
  expect((await trap.compare()).wrong).toEqual([]);
  trap.simulator.faults.clear();
  expect(await trap.cycle()).toMatchObject({ state: 'SUCCEEDED' });
  expect(await trap.compare()).toMatchObject(WHOLE);
});

test('Forbidden for one query', async () => {
  await start({ names: names(3) });
  trap.simulator.faults.add({ kind: 'partialData', statusCode: 'Forbidden', metricName: 'Load1' });
  for (let cycle = 0; cycle < 3; cycle++) {
    const run = await trap.cycle();
    expect(run.state).toBe('PARTIAL');
    expect(run.steps.find(({ step }) => step === 'FETCH')).toMatchObject({ error: { code: 'Forbidden' } });
  }
  expect(await trap.compare({ names: ['Load0', 'Load2'] })).toMatchObject({ ...WHOLE, series: 2 });
  expect(await trap.compare({ names: ['Load1'] })).toMatchObject({ equal: 0 });
  trap.simulator.faults.clear();
  expect(await trap.cycle()).toMatchObject({ state: 'SUCCEEDED' });
  expect(await trap.compare()).toMatchObject({ ...WHOLE, series: 3 });
});

test('empty result vs missing metric', async () => {
  // CloudWatch answers both alike, Complete without a value: an error counter without errors, and a metric that is not there.
  await start({ things: () => [aThing('one'), aThing('two')], names: ['5XXError', 'Load'] });
  trap.publish({ names: ['5XXError'] });
  expect(await trap.cycle()).toMatchObject({ state: 'SUCCEEDED' });
  const mark = trap.simulator.calls.mark();
  expect(await trap.cycle()).toMatchObject({ state: 'SUCCEEDED' });
  // Neither is asked for from the beginning again.
  const [call] = trap.asked(mark);
  expect(call!.points! / call!.queries!).toBeLessThan(10);
  trap.publish({ dimensions: [{ Name: 'ThingId', Value: 'two' }], names: ['Load'] });
  const publishedAt = trap.clock.now();
  for (let cycle = 0; cycle < 3; cycle++) await trap.cycle();
  expect(await trap.compare({ from: publishedAt })).toMatchObject(WHOLE);
  expect((await trap.compare({ from: publishedAt, names: ['Load'] })).equal).toBeGreaterThan(0);
});

test('501 queries', async () => {
  await start({ names: names(501) });
  expect(await trap.cycle()).toMatchObject({ state: 'SUCCEEDED' });
  expect(
    trap
      .asked()
      .map(({ queries }) => queries!)
      .sort((a, b) => a - b),
  ).toEqual([1, 500]);
  expect(await trap.compare({ names: ['Load0', 'Load499', 'Load500'] })).toMatchObject({
    ...WHOLE,
    series: 3,
  });
});

test('100,801 points', async () => {
  await start({ names: names(500), period: 60 });
  await trap.cycle();
  // 500 queries of 240 minutes are 120,000.
  for (const away of [4 * HOUR, 3 * HOUR + 21 * MINUTE]) {
    const mark = trap.simulator.calls.mark();
    await trap.cycle(away);
    await trap.cycle();
    const calls = trap.asked(mark);
    expect(Math.max(...calls.map(({ points }) => points!))).toBeLessThanOrEqual(100_800);
    expect(calls.filter(({ isNextPage, status }) => isNextPage || status !== 200)).toEqual([]);
  }
  expect(await trap.compare({ names: ['Load0', 'Load250', 'Load499'] })).toMatchObject({
    ...WHOLE,
    series: 3,
  });
});

test('future points (predictive scaling)', async () => {
  await start();
  trap.simulator.faults.add({ kind: 'futurePoints', count: 48 });
  for (let cycle = 0; cycle < 3; cycle++) {
    await trap.cycle();
    // Nothing of the future is stored, or told as the newest.
    expect((await trap.compare({ to: trap.clock.now() + 5 * HOUR })).wrong).toEqual([]);
  }
  trap.simulator.faults.clear();
  await trap.cycle();
  expect(await trap.compare()).toMatchObject(WHOLE);
});

test('points off the grid', async () => {
  await start();
  await trap.cycle();
  const fault = trap.simulator.faults.add({ kind: 'offGridPoints', shiftSeconds: 60 });
  await trap.cycle();
  expect((await trap.compare()).wrong).toEqual([]);
  trap.simulator.faults.remove(fault.id);
  await trap.cycle();
  expect(await trap.compare()).toMatchObject(WHOLE);
});

test('a batch that names a metric which CloudWatch refuses', async () => {
  await start({ names: names(40) });
  trap.simulator.faults.add({ kind: 'rejectMetric', metricName: 'Load17' });
  const run = await trap.cycle();
  expect(run.state).toBe('PARTIAL');
  expect(await trap.compare({ names: names(40).filter((name) => name !== 'Load17') })).toMatchObject({
    ...WHOLE,
    series: 39,
  });
  // By the second run it alone is not asked for, and costs no call.
  const mark = trap.simulator.calls.mark();
  await trap.cycle();
  expect(trap.asked(mark).map(({ queries, status }) => [queries, status])).toEqual([[39, 200]]);
  trap.simulator.faults.clear();
  // Now and then it is tried again.
  for (let hour = 0; hour < 25; hour++) await trap.cycle(HOUR);
  await trap.cycle();
  expect(await trap.compare({ from: trap.clock.now() - HOUR })).toMatchObject({ ...WHOLE, series: 40 });
});

test('unit change inside one metric', async () => {
  await start();
  const changesAt = trap.clock.now() - HOUR;
  trap.publish({ unitAt: (timestamp) => (timestamp < changesAt ? 'Bytes' : 'Kilobytes') });
  await trap.cycle();
  await trap.cycle();
  // A query that names a unit would lose one half.
  expect(await trap.compare()).toMatchObject(WHOLE);
});

test('same instance in two dimension sets', async () => {
  const both: Record<string, string>[] = [
    { InstanceId: 'i-1' },
    { InstanceId: 'i-1', AutoScalingGroupName: 'web' },
  ];
  await start({
    namespace: 'AWS/EC2',
    things: (region) => (region === REGION ? [{ id: 'i-1', dimensions: both }] : []),
  });
  for (const dimensions of both) {
    trap.publish({ dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })) });
  }
  await trap.cycle();
  expect(await trap.cycle()).toMatchObject({ state: 'SUCCEEDED' });
  // Two series, and the values of neither are the other's: the oracle tells them apart.
  expect(await trap.compare()).toMatchObject({ ...WHOLE, series: 2 });
});

test('dimension order', async () => {
  const orders = [
    { Service: 'api', Operation: 'Get' },
    { Operation: 'Get', Service: 'api' },
  ];
  let order = 0;
  await start({
    things: (region) => (region === REGION ? [{ id: 'one', dimensions: [orders[order % 2]!] }] : []),
  });
  trap.publish({ dimensions: Object.entries(orders[0]!).map(([Name, Value]) => ({ Name, Value })) });
  for (order = 0; order < 4; order++) expect(await trap.cycle()).toMatchObject({ state: 'SUCCEEDED' });
  expect(await trap.compare()).toMatchObject({ ...WHOLE, series: 1 });
  expect(trap.asked().map(({ queries }) => queries)).toEqual([1, 1, 1, 1]);
});

test('two REST APIs of one name', async () => {
  // The dimension is the name, so CloudWatch has one metric for both.
  const dimensions = [{ ApiName: 'shop' }];
  const apis = ['a1b2c3', 'd4e5f6'].map((id) => ({ id, dimensions }));
  await start({
    namespace: 'AWS/ApiGateway',
    names: ['Count', '5XXError'],
    things: (region) => (region === REGION ? apis : []),
  });
  trap.publish({ dimensions: [{ Name: 'ApiName', Value: 'shop' }] });
  await trap.cycle();
  expect(await trap.cycle()).toMatchObject({ state: 'SUCCEEDED' });
  // Each API has its series, and Ids that repeat would be refused.
  expect(await trap.compare()).toMatchObject({ ...WHOLE, series: 4 });
});

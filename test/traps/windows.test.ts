import { MINUTE } from '../support/rolecall';
import { REGION, startTrap, WHOLE, type Trap, type TrapSubject } from './support/trap';

/** Windows and time: traps of collectors.md 6.2, by name. */

const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** So near to the edge, hours are asked for whole, at the coarser period. */
const EDGE = 2 * HOUR;
let trap: Trap;
const start = async (subject?: TrapSubject, options?: Parameters<typeof startTrap>[1]) =>
  (trap = await startTrap(subject, options));
afterEach(() => trap.stop());

/** So many cycles at the pace of the schedule, for backfills to come along. */
async function cycles(count: number): Promise<void> {
  for (let cycle = 0; cycle < count; cycle++) await trap.cycle();
}

const refused = () => trap.asked().filter(({ status }) => status !== 200);

test.each([
  ['15-d', 60, 17],
  ['63-d', 300, 66],
] as const)('window across the %s edge', async (_edge, period, daysAway) => {
  await start({ period });
  await trap.cycle();
  await trap.cycle(daysAway * DAY);
  await cycles(6);
  // CloudWatch refuses a period that is finer than what it keeps of the window.
  expect(refused()).toEqual([]);
  const now = trap.clock.now();
  // A read holds 10,000 points: the newest, and those at the edge.
  const kept = period === 60 ? 15 * DAY : 63 * DAY;
  const span = 9_000 * period * 1000;
  expect(await trap.compare({ from: now - Math.min(span, kept - EDGE) })).toMatchObject(WHOLE);
  expect(await trap.compare({ from: now - kept + EDGE, to: now - kept + EDGE + span / 2 })).toMatchObject(
    WHOLE,
  );
});

describe.each([
  ['autumn', Date.UTC(2026, 9, 24, 22, 0, 10)],
  ['spring', Date.UTC(2027, 2, 27, 22, 0, 10)],
])('DST irrelevance (UTC): %s in Berlin', (_season, at) => {
  const before = process.env['TZ'];
  beforeAll(() => (process.env['TZ'] = 'Europe/Berlin'));
  afterAll(() => {
    if (before === undefined) delete process.env['TZ'];
    else process.env['TZ'] = before;
  });

  it('no hour is missing, and none is there twice', async () => {
    await start({}, { at });
    for (let cycle = 0; cycle < 16; cycle++) await trap.cycle(30 * MINUTE);
    const { equal, ...rest } = await trap.compare({ from: at });
    expect(rest).toEqual({ series: 1, wrong: [], missing: [] });
    expect(equal).toBeGreaterThanOrEqual((8 * HOUR) / (5 * MINUTE) - 1);
    expect(refused()).toEqual([]);
  });
});

test('daily S3 metric', async () => {
  const dimensions = { BucketName: 'logs', StorageType: 'StandardStorage' };
  await start({
    namespace: 'AWS/S3',
    names: ['BucketSizeBytes'],
    period: 86_400,
    settleSeconds: 2 * 86_400,
    things: (region) => (region === REGION ? [{ id: 'logs', dimensions: [dimensions] }] : []),
  });
  trap.publish({
    dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
    period: 86_400,
  });
  // A day's point comes when the day is over, in UTC, and more than a day late.
  trap.simulator.faults.add({ kind: 'latePoints', lateSeconds: 30 * 3600 });
  const midnight = trap.clock.now() - (trap.clock.now() % DAY);
  const mark = trap.simulator.calls.mark();
  for (let hour = 0; hour < 112; hour++) await trap.cycle(HOUR);
  expect(refused()).toEqual([]);
  // It is asked for when a day has ended, and not each time, which would be 112 queries.
  expect(trap.asked(mark).length).toBeLessThanOrEqual(28);
  // What has come by the last midnight: all but the day that ended then, and the one before.
  const to = midnight + 3 * DAY;
  expect(await trap.compare({ from: midnight - DAY, to })).toMatchObject({ ...WHOLE, equal: 4 });
}, 60_000);

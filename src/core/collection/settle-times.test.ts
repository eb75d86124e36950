import { ManualClock } from '../../../test/support/manual-clock';
import { SettleTimes, type SettleObservation } from './settle-times';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const NOW = Date.UTC(2026, 10, 24, 12);
const queue = { namespace: 'AWS/SQS', name: 'SentMessageSize', period: 60, settleSeconds: 240 };
const other = { ...queue, name: 'NumberOfMessagesSent' };

/** Observations in memory, as a table keeps them. */
function storage() {
  const rows: SettleObservation[] = [];
  let writes = 0;
  return {
    rows,
    writes: () => writes,
    load: async (since: number) => rows.filter(({ day }) => day >= since),
    record: async (observations: readonly SettleObservation[]) => {
      writes += 1;
      rows.push(...observations);
    },
  };
}

describe('SettleTimes', () => {
  it('is what is declared until something later is seen, then a period longer than that', async () => {
    const times = new SettleTimes({ observations: storage(), clock: new ManualClock(NOW) });
    expect(times.secondsOf(queue)).toBe(240);
    await times.observe([{ series: queue, ageMs: 2 * MINUTE }]);
    expect(times.secondsOf(queue)).toBe(240);
    await times.observe([
      { series: queue, ageMs: 9 * MINUTE },
      { series: queue, ageMs: 8 * MINUTE },
    ]);
    expect(times.secondsOf(queue)).toBe(600);
    expect(times.secondsOf(other)).toBe(240);
  });

  it('is never more than six hours because of what was seen', async () => {
    const times = new SettleTimes({ observations: storage(), clock: new ManualClock(NOW) });
    await times.observe([{ series: queue, ageMs: DAY }]);
    expect(times.secondsOf(queue)).toBe(6 * 3_600);
    expect(times.secondsOf({ ...queue, settleSeconds: 2 * 86_400 })).toBe(2 * 86_400);
  });

  it('forgets what was seen seven days ago', async () => {
    const clock = new ManualClock(NOW);
    const times = new SettleTimes({ observations: storage(), clock });
    await times.observe([{ series: queue, ageMs: 30 * MINUTE }]);
    clock.advance(6 * DAY);
    expect(times.secondsOf(queue)).toBe(31 * 60);
    clock.advance(DAY);
    expect(times.secondsOf(queue)).toBe(240);
  });

  it('writes news alone, once a run, and a later start reads it', async () => {
    const observations = storage();
    const clock = new ManualClock(NOW);
    const times = new SettleTimes({ observations, clock });
    const late = { series: queue, ageMs: 9 * MINUTE };
    await times.observe([late, late, { series: other, ageMs: 5 * MINUTE }]);
    await times.observe([late]);
    await times.observe([]);
    expect(observations.writes()).toBe(1);
    expect(observations.rows).toHaveLength(2);
    const next = new SettleTimes({ observations, clock });
    await next.refresh();
    expect(next.secondsOf(queue)).toBe(600);
  });

  it('takes stragglers for a habit once three hours of a day had some, and goes by the least late of these', async () => {
    const clock = new ManualClock(NOW);
    const times = new SettleTimes({ observations: storage(), clock });
    const straggler = async (minutes: number) =>
      times.observe([{ series: queue, ageMs: minutes * MINUTE, isStraggler: true }]);
    await straggler(170);
    await straggler(160);
    clock.advance(60 * MINUTE);
    await straggler(50);
    expect(times.secondsOf(queue)).toBe(240);
    clock.advance(DAY);
    await straggler(50);
    clock.advance(60 * MINUTE);
    await straggler(45);
    expect(times.secondsOf(queue)).toBe(240);
    clock.advance(60 * MINUTE);
    await straggler(90);
    expect(times.secondsOf(queue)).toBe(46 * 60);
    expect(times.secondsOf(other)).toBe(240);
  });
});

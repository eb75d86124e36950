import { ManualClock } from '../../../test/support/manual-clock';
import { silentLog } from '../../../test/support/silent-log';
import type { CollectionJob, Jobs } from './jobs';
import type { Leases } from './leases';
import { Scheduler } from './scheduler';

function setUp(plan: Leases['plan']) {
  const submitted: CollectionJob[] = [];
  const fired: { expression: string; task: () => void }[] = [];
  let stopped = 0;
  const clock = new ManualClock(1_000_000);
  const scheduler = new Scheduler({
    cron: {
      schedule(expression, task) {
        fired.push({ expression, task });
        return { stop: () => void (stopped += 1) };
      },
    },
    leases: { plan } as Leases,
    jobs: { submit: (jobs: readonly CollectionJob[]) => void submitted.push(...jobs) } as Jobs,
    clock,
    intervalMinutes: 5,
    log: silentLog,
  });
  return { scheduler, submitted, fired, clock, stops: () => stopped };
}

describe('Scheduler', () => {
  it('ticks at each boundary and shortly in between, and at the start', async () => {
    const { scheduler, fired, submitted, stops } = setUp(async () => [
      { accountId: 7, tenantId: 1, dueAt: 999_000 },
    ]);
    scheduler.start();
    expect(fired.map(({ expression }) => expression)).toEqual(['0 */5 * * * *', '*/5 * * * * *']);
    await scheduler.tick();
    expect(submitted).toEqual([{ accountId: 7, tenantId: 1, scheduledFor: 999_000, manual: null }]);
    scheduler.stop();
    expect(stops()).toBe(2);
  });

  it('joins ticks that come while one lasts', async () => {
    let looks = 0;
    const { scheduler } = setUp(async () => {
      looks += 1;
      await new Promise(setImmediate);
      return [];
    });
    await Promise.all([scheduler.tick(), scheduler.tick(), scheduler.tick()]);
    expect(looks).toBe(1);
    await scheduler.tick();
    expect(looks).toBe(2);
  });

  it('survives a database that does not answer, and says when it last did', async () => {
    let broken = true;
    const { scheduler, clock } = setUp(async () => {
      if (broken) throw new Error('disk');
      return [];
    });
    await scheduler.tick();
    expect(scheduler.lastTickAt).toBeNull();
    broken = false;
    await scheduler.tick();
    expect(scheduler.lastTickAt).toBe(clock.now());
  });
});

import type { CollectionJob } from '../../src/core/collection/jobs';
import { nextDueTime } from '../../src/core/collection/due-time';
import { InProcessJobs } from '../../src/core/collection/in-process-jobs';
import { Scheduler } from '../../src/core/collection/scheduler';
import { SqliteConnection } from '../../src/db/sqlite-connection';
import { TemporaryDatabase } from '../db/temporary-database';
import { ManualClock } from '../support/manual-clock';
import { silentLog } from '../support/silent-log';

/** Ten thousand accounts share the interval, and a restart after an hour of downtime shares the slots. */

const ACCOUNTS = 10_000;
const INTERVAL = 300_000;
const START = Date.UTC(2026, 10, 24, 9);
const SLOTS = 10;

let temporary: TemporaryDatabase;
let tenants: number[];

beforeEach(async () => {
  temporary = await TemporaryDatabase.open();
  tenants = [await temporary.tenant(), await temporary.tenant(), await temporary.tenant()];
  const raw = await SqliteConnection.open(temporary.file, 'readwrite');
  // Of one tenant nine in ten.
  const tenantOf = (id: number) => tenants[id % 10 === 0 ? 1 + ((id / 10) % 2) : 0]!;
  const ids = Array.from({ length: ACCOUNTS }, (_, index) => index + 1);
  const rows = JSON.stringify(ids.map((id) => [id, tenantOf(id), nextDueTime(id, START, INTERVAL)]));
  await raw.run(
    `INSERT INTO account (id, tenant_id, name, partition, status, connection, regions, plugins, tag_filter,
      metric_profiles, labels, created_at)
    SELECT value ->> 0, value ->> 1, 'one', 'AWS', 'CONNECTED', 'ROLE', '[]', '[]', '[]', '[]', '{}', 0 FROM json_each(?)`,
    [rows],
  );
  await raw.run(
    `INSERT INTO collect_lease (account_id, next_due) SELECT value ->> 0, value ->> 2 FROM json_each(?)`,
    [rows],
  );
  await raw.close();
});
afterEach(() => temporary.close());

function setUp(at: number, submit: (jobs: readonly CollectionJob[]) => void) {
  const clock = new ManualClock(at);
  const scheduler = new Scheduler({
    ...{ clock, leases: temporary.database.leases, intervalMinutes: 5, log: silentLog },
    cron: { schedule: () => ({ stop: () => undefined }) },
    jobs: { submit } as InProcessJobs,
  });
  return { clock, scheduler };
}

it('hands out each account at its own time: a look each five seconds never finds more than its share', async () => {
  const sizes: number[] = [];
  const seen = new Set<number>();
  // Nobody claims them here, so that after a minute they come once more.
  const { clock, scheduler } = setUp(START, (jobs) => jobs.forEach(({ accountId }) => seen.add(accountId)));
  for (let passed = 0; passed < INTERVAL; passed += 5_000) {
    clock.advance(5_000);
    const before = seen.size;
    await scheduler.tick();
    sizes.push(seen.size - before);
  }
  expect(seen.size).toBe(ACCOUNTS);
  // 167 on average.
  expect(Math.max(...sizes)).toBeLessThanOrEqual(200);
});

it('after an hour of downtime hands out what is due in chunks, with turns of the event loop in between', async () => {
  const sizes: number[] = [];
  let turns = 0;
  const turnsAt: number[] = [];
  const { scheduler } = setUp(START + 3_600_000, (jobs) => {
    sizes.push(jobs.length);
    turnsAt.push(turns);
  });
  let isOver = false;
  const turn = () => void (isOver || setImmediate(() => ((turns += 1), turn())));
  turn();
  await scheduler.tick();
  expect(sizes).toEqual(new Array(10).fill(500));
  expect(new Set(turnsAt).size).toBe(10);
  await scheduler.tick();
  isOver = true;
  expect(sizes).toEqual(new Array(20).fill(500));
});

it('after an hour of downtime starts no more than there are slots, of every tenant, each once; then all are spread again', async () => {
  const { leases } = temporary.database;
  const jobs = new InProcessJobs();
  const now = START + 3_600_000;
  const clock = new ManualClock(now);
  const started: CollectionJob[] = [];
  let running = 0;
  let most = 0;
  await leases.restore((id) => nextDueTime(id, now, INTERVAL));
  jobs.start(SLOTS, async (job) => {
    started.push(job);
    most = Math.max(most, ++running);
    // The first hundred as the collector does it.
    if (started.length <= 100) {
      const lease = (await leases.claim(job.accountId, 'me', now, 60_000, { onlyIfDue: true }))!;
      await leases.release(lease, nextDueTime(job.accountId, now, INTERVAL));
    } else await new Promise(setImmediate);
    running -= 1;
  });
  const scheduler = new Scheduler({
    ...{ clock, leases, jobs, intervalMinutes: 5, log: silentLog },
    cron: { schedule: () => ({ stop: () => undefined }) },
  });
  await scheduler.tick();
  await scheduler.tick();
  await jobs.idle();
  expect(most).toBe(SLOTS);
  expect(new Set(started.map(({ accountId }) => accountId)).size).toBe(ACCOUNTS);
  expect(started).toHaveLength(ACCOUNTS);
  // The small tenants have a twentieth of the accounts each, and a third of the first starts.
  const first = started.slice(0, 100).map(({ tenantId }) => tenantId);
  for (const tenantId of tenants) expect(first.filter((one) => one === tenantId).length).toBeGreaterThan(25);
  // However many cycles an account has missed, it is due once, at its own place again.
  const again = await leases.plan(now, 0, ACCOUNTS);
  expect(again.map(({ accountId }) => accountId)).not.toContain(started[0]!.accountId);
  const later = await leases.plan(now + INTERVAL, 0, ACCOUNTS);
  const served = new Set(started.slice(0, 100).map(({ accountId }) => accountId));
  for (const { accountId, dueAt } of later.filter((one) => served.has(one.accountId)))
    expect(dueAt).toBe(nextDueTime(accountId, now, INTERVAL));
});

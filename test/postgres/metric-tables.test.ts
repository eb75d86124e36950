import { StaleLeaseError, type Fence } from '../../src/core/collection/leases';
import type { AppendRequest, AppendRows, PruneLimits } from '../../src/db/metrics/metric-tables';
import { PostgresMetricTables } from '../../src/db/postgres/metrics/postgres-metric-tables';
import { PostgresPool } from '../../src/db/postgres/postgres-pool';
import { PostgresServer } from '../support/postgres';
import { MetricDatabase } from './metric-database';

const ACCOUNT = 7;
const DAY = 20_000;
const chunkId = (day: number, series: number) => day * 2 ** 32 + series;

let server: PostgresServer;
let database: MetricDatabase;
/** Of one process, and of another. */
let tables: PostgresMetricTables;
let others: PostgresMetricTables;
let otherPool: PostgresPool;

beforeAll(async () => {
  server = await PostgresServer.start();
});
afterAll(() => server.stop());

beforeEach(async () => {
  database = await MetricDatabase.make(server);
  tables = new PostgresMetricTables(database.pool, database.pool);
  otherPool = new PostgresPool(database.config);
  others = new PostgresMetricTables(otherPool, otherPool);
});
afterEach(async () => {
  await otherPool.close();
  await database.close();
});

describe('the fence', () => {
  it('keeps a claim waiting until the write under way is stored, and refuses the next', async () => {
    const fence = await database.claim(ACCOUNT, 'first');
    const order: string[] = [];
    let claim: Promise<void>;
    await tables.transaction(async (transaction) => {
      await transaction.loadForAppend(request(fence));
      claim = claimBy(otherPool).then(() => void order.push('claimed'));
      await untilWaiting(1);
      await transaction.addChange(ACCOUNT, Buffer.from('x'), 1);
      order.push('written');
    });
    await claim!;
    expect(order).toEqual(['written', 'claimed']);
    await tables.transaction(async (transaction) => {
      expect(await transaction.loadForAppend(request(fence))).toMatchObject({
        held: [{ accountId: ACCOUNT, token: fence.token + 1 }],
      });
      await expect(transaction.requireLease(fence)).rejects.toThrow(StaleLeaseError);
    });
  });

  it('refuses a write that waited for a claim under way', async () => {
    const fence = await database.claim(ACCOUNT, 'first');
    let load: Promise<AppendRows>;
    let check: Promise<void>;
    await otherPool.transaction(async (transaction) => {
      await transaction.run('UPDATE collect_lease SET token = token + 1 WHERE account_id = $1', [ACCOUNT]);
      load = tables.transaction((own) => own.loadForAppend(request(fence)));
      check = tables.transaction((own) => own.requireLease(fence));
      check.catch(() => {});
      await untilWaiting(2);
    });
    expect((await load!).held).toEqual([{ accountId: ACCOUNT, token: fence.token + 1 }]);
    await expect(check!).rejects.toThrow(StaleLeaseError);
  });
});

describe('two writers of one block', () => {
  it('wait for each other, and the second sees what the first wrote', async () => {
    const fence = await database.claim(ACCOUNT);
    const { block } = (await database.series(ACCOUNT, 1))[0]!;
    const wanted = { ...request(fence), blocks: [block], heads: [1], days: [5] };
    let second: ReturnType<typeof load>;
    const load = (from: PostgresMetricTables) =>
      from.transaction((transaction) => transaction.loadForAppend(wanted));
    await tables.transaction(async (transaction) => {
      expect(await transaction.loadForAppend(wanted)).toEqual({
        held: [fence],
        blocks: [{ id: block, accountId: ACCOUNT, period: 300 }],
        states: [],
        days: [],
        heads: [],
      });
      second = load(others);
      await untilWaiting(1);
      await transaction.writeBlobs('head', [{ id: 1, data: Buffer.from('head') }]);
      await transaction.writeBlobs('state', [{ id: block, data: Buffer.from('state') }]);
      await transaction.openDays([5]);
    });
    expect(await second!).toEqual({
      held: [fence],
      blocks: [{ id: block, accountId: ACCOUNT, period: 300 }],
      states: [{ id: block, data: Buffer.from('state') }],
      days: [{ id: 5, sealed: false }],
      heads: [{ id: 1, data: Buffer.from('head') }],
    });
  });

  it('do not wait for those of other blocks', async () => {
    const [mine, theirs] = [await database.series(ACCOUNT, 1), await database.series(ACCOUNT + 1, 1)];
    await tables.transaction(async (transaction) => {
      await transaction.lockBlocks([mine[0]!.block]);
      await others.transaction((other) => other.lockBlocks([theirs[0]!.block]));
    });
  });
});

describe('changes', () => {
  it('are numbered in the order in which they become visible', async () => {
    const publish = (from: PostgresMetricTables, accountId: number) =>
      from.transaction(async (transaction) => {
        await transaction.addChange(accountId, Buffer.from([accountId]), 1);
        const [event] = await transaction.publishChanges([{ accountId, at: 1_000 }]);
        return event?.sequence ?? null;
      });
    let second: Promise<number | null>;
    await tables.transaction(async (transaction) => {
      await transaction.addChange(1, Buffer.from([1]), 1);
      expect(await transaction.publishChanges([{ accountId: 1, at: 1_000 }])).toEqual([
        { accountId: 1, sequence: 1, changes: [Buffer.from([1])] },
      ]);
      second = publish(others, 2);
      await untilWaiting(1);
      expect(await tables.changeBounds()).toEqual({ oldest: 0, newest: 0 });
    });
    expect(await second!).toBe(2);
    const numbers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => publish(index % 2 ? tables : others, 3 + (index % 3))),
    );
    // Two of one account at once may be published as one.
    const given = numbers.filter((number) => number !== null);
    const { newest } = await tables.changeBounds();
    expect([...given].sort((a, b) => a - b)).toEqual(Array.from({ length: newest - 2 }, (_, at) => at + 3));
    expect(await tables.changes(null, 0, newest, 1_000)).toHaveLength(22);
  });
});

describe('chunks', () => {
  it('have a partition a day, made once however many write to a new day', async () => {
    const write = (from: PostgresMetricTables, series: number) =>
      from.transaction((transaction) =>
        transaction.writeBlobs('chunk', [
          { id: chunkId(DAY, series), data: Buffer.from(`${series}`) },
          { id: chunkId(DAY + 1, series), data: Buffer.from(`${series}`) },
        ]),
      );
    await Promise.all(Array.from({ length: 8 }, (_, at) => write(at % 2 ? tables : others, at + 1)));
    expect(await partitions()).toEqual([`chunk_${DAY}`, `chunk_${DAY + 1}`]);
    expect(await tables.blobs('chunk', [chunkId(DAY + 1, 8), chunkId(DAY, 9)])).toEqual([
      { id: chunkId(DAY + 1, 8), data: Buffer.from('8') },
    ]);
    expect(await tables.blobsAfter('chunk', chunkId(DAY, 7), 2)).toMatchObject([
      { id: chunkId(DAY, 8) },
      { id: chunkId(DAY + 1, 1) },
    ]);
  });

  it('are let go by dropping the partitions of whole days, which writes next to nothing of them', async () => {
    const blob = Buffer.alloc(1_000, 1);
    await tables.transaction((transaction) =>
      transaction.writeBlobs(
        'chunk',
        [DAY, DAY + 1, DAY + 2].flatMap((day) =>
          Array.from({ length: 2_000 }, (_, series) => ({ id: chunkId(day, series), data: blob })),
        ),
      ),
    );
    const before = await database.walPosition();
    await tables.prune({ ...NOTHING, chunkBelow: chunkId(DAY + 2, 0) });
    expect((await database.walPosition()) - before).toBeLessThan(100_000);
    expect(await partitions()).toEqual([`chunk_${DAY + 2}`]);
    await tables.prune({ ...NOTHING, chunkBelow: chunkId(DAY + 2, 5) });
    expect(await tables.blobsAfter('chunk', 0, 1)).toMatchObject([{ id: chunkId(DAY + 2, 5) }]);
  });
});

const NOTHING: PruneLimits = {
  headBelow: 0,
  dayBelow: 0,
  chunkBelow: 0,
  rollupBelow: 0,
  sparseBefore: 0,
  gapsBefore: 0,
  changesBefore: 0,
};

function request(fence: Fence): AppendRequest {
  return { fences: [fence], blocks: [], days: [], heads: [] };
}

async function claimBy(pool: PostgresPool): Promise<void> {
  await pool.run(`UPDATE collect_lease SET owner = 'second', token = token + 1 WHERE account_id = $1`, [
    ACCOUNT,
  ]);
}

/** Until so many connections to the database wait for a lock. */
async function untilWaiting(count: number): Promise<void> {
  for (;;) {
    const [row] = await database.pool.all<{ waiting: number }>(
      `SELECT count(*) AS waiting FROM pg_stat_activity
      WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    if (row!.waiting >= count) return;
  }
}

async function partitions(): Promise<string[]> {
  const rows = await database.pool.all<{ name: string }>(
    `SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'chunk'::regclass ORDER BY 1`,
  );
  return rows.map(({ name }) => name);
}

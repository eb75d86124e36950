import { readFileSync } from 'node:fs';
import type { Fence } from '../src/core/collection/leases';
import type { SeriesLocation, SeriesPoints } from '../src/core/metrics/metric-store';
import { openPostgresMetricStore } from '../src/db/postgres/open-metric-store';
import { PostgresPool } from '../src/db/postgres/postgres-pool';
import { MetricDatabase } from '../test/postgres/metric-database';
import { PostgresServer } from '../test/support/postgres';
import { cpuMsOf, median, type Figure } from './figure';
import { binaryArray, OIDS } from './postgres-arrays';

const ACCOUNTS = 20;
const SERIES = 500;
/** Points of each series that a cycle asks for: a new one, and two that it has been given before. */
const ASKED = 3;
const STEP = 300_000;
const T0 = 5_600_000 * STEP;
const ROUNDS = 5;
const CYCLES = 12;
const WARM_UP_CYCLES = 6;

/** Stores one answer: all series of an account. */
type Append = (account: Account, batch: SeriesPoints[], askedAt: number) => Promise<unknown>;

interface Account {
  fence: Fence;
  series: SeriesLocation[];
}

interface Measure {
  /** Of this process and the server. */
  cpuMs: number;
  walBytes: number;
}

/**
 * CPU and log of the metric store on PostgreSQL against rows, one a point, that the same answers upsert under the same
 * fence, on the same server in turns. The answers of a cycle come at once. The rows are given what measured best: PRIMARY
 * KEY (at, series_id), one statement with binary arrays, nothing rewritten that has not changed.
 */
export async function postgresStore(): Promise<Figure[]> {
  // The CPU of the server's processes is read from there.
  if (process.platform !== 'linux') return [];
  const server = await PostgresServer.start({ durable: true, settings: { shared_buffers: '256MB' } });
  const database = await MetricDatabase.make(server);
  const store = await openPostgresMetricStore({ connection: database.config });
  const rows = new PostgresPool(database.config);
  try {
    const accounts: Account[] = [];
    for (let id = 1; id <= ACCOUNTS; id++) {
      accounts.push({ fence: await database.claim(id), series: await database.series(id, SERIES) });
    }
    await rows.run(`CREATE TABLE point (
      at bigint, series_id bigint, value double precision NOT NULL, PRIMARY KEY (at, series_id)
    )`);
    const toStore: Append = ({ fence }, batch, askedAt) => store.metrics.append(fence, batch, { askedAt });
    const toRows: Append = ({ fence }, batch) => appendRows(rows, fence, batch);
    const measure = (append: Append, firstCycle: number, cycles: number) =>
      measureCycles({ server, database, accounts, append, firstCycle, cycles });

    await measure(toStore, 0, WARM_UP_CYCLES);
    await measure(toRows, 0, WARM_UP_CYCLES);
    const rounds: { store: Measure; rows: Measure }[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const first = WARM_UP_CYCLES + round * CYCLES;
      rounds.push({
        store: await measure(toStore, first, CYCLES),
        rows: await measure(toRows, first, CYCLES),
      });
    }
    return figuresOf(rounds);
  } finally {
    await Promise.all([store.close(), rows.close(), database.close()]);
    await server.stop();
  }
}

function figuresOf(rounds: readonly { store: Measure; rows: Measure }[]): Figure[] {
  const newPoints = ACCOUNTS * SERIES * CYCLES;
  const each = (of: (round: { store: Measure; rows: Measure }) => number) => median(rounds.map(of));
  return [
    {
      name: 'pg-store-cpu-ratio',
      value: each(({ store, rows }) => store.cpuMs / rows.cpuMs),
      goal: '<= 0.10',
    },
    {
      name: 'pg-store-wal-ratio',
      value: each(({ store, rows }) => store.walBytes / rows.walBytes),
      goal: '<= 0.10',
    },
    {
      name: 'pg-store-cpu-us-per-point',
      value: each(({ store }) => (store.cpuMs * 1_000) / newPoints),
      goal: '-',
    },
    {
      name: 'pg-store-wal-bytes-per-point',
      value: each(({ store }) => store.walBytes / newPoints),
      goal: '-',
    },
  ];
}

async function measureCycles(run: {
  server: PostgresServer;
  database: MetricDatabase;
  accounts: readonly Account[];
  append: Append;
  firstCycle: number;
  cycles: number;
}): Promise<Measure> {
  const { server, database, accounts, append, firstCycle, cycles } = run;
  await database.pool.run('CHECKPOINT');
  const processes = await server.processIds();
  const walBefore = await database.walPosition();
  const serverBefore = cpuMsOfProcesses(processes);
  let ownMs = 0;
  for (let cycle = firstCycle; cycle < firstCycle + cycles; cycle++) {
    const answers = accounts.map(({ series }) => answerOf(series, cycle));
    const askedAt = T0 + (cycle + 2) * STEP;
    ownMs += await cpuMsOf(() =>
      Promise.all(accounts.map((account, index) => append(account, answers[index]!, askedAt))),
    );
  }
  return {
    cpuMs: ownMs + cpuMsOfProcesses(processes) - serverBefore,
    walBytes: (await database.walPosition()) - walBefore,
  };
}

/** What CloudWatch answers in a cycle: the newest points, of which all but one were answered before and are the same. */
function answerOf(series: readonly SeriesLocation[], cycle: number): SeriesPoints[] {
  const indices = Array.from({ length: ASKED }, (_, at) => cycle - ASKED + 1 + at).filter(
    (index) => index >= 0,
  );
  return series.map((location) => ({
    series: location,
    timestamps: indices.map((index) => T0 + index * STEP),
    values: indices.map((index) => valueOf(location, index)),
    watermark: T0 + (cycle + 1) * STEP,
  }));
}

/** A third zeros, a third counts, a third with a full mantissa. */
function valueOf({ id }: SeriesLocation, index: number): number {
  if (id % 3 === 0) return 0;
  return id % 3 === 1 ? (id * 31 + index * 17) % 1_000 : 100 * Math.abs(Math.sin(id * 13.7 + index));
}

async function appendRows(pool: PostgresPool, fence: Fence, batch: readonly SeriesPoints[]): Promise<void> {
  const at = batch.flatMap(({ timestamps }) => timestamps);
  const seriesIds = batch.flatMap(({ series, timestamps }) => timestamps.map(() => series.id));
  const values = batch.flatMap((entry) => entry.values);
  await pool.transaction(async (transaction) => {
    const held = await transaction.all(
      'SELECT 1 FROM collect_lease WHERE account_id = $1 AND token = $2 FOR SHARE',
      [fence.accountId, fence.token],
    );
    if (held.length === 0) throw new Error('stale');
    await transaction.run(
      `INSERT INTO point AS stored SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::double precision[])
      ON CONFLICT (at, series_id) DO UPDATE SET value = excluded.value
      WHERE stored.value IS DISTINCT FROM excluded.value`,
      [binaryArray(OIDS.int8, at), binaryArray(OIDS.int8, seriesIds), binaryArray(OIDS.float8, values)],
    );
  });
}

/** User and system time from /proc, in hundredths of a second each. */
function cpuMsOfProcesses(pids: readonly number[]): number {
  let ticks = 0;
  for (const pid of pids) {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // Behind the name, which may hold anything and ends with the last bracket; from the third field on.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    ticks += Number(fields[11]) + Number(fields[12]);
  }
  return ticks * 10;
}

import type { MigrationInterface, QueryRunner } from 'typeorm';
import { BlockState } from '../metrics/codec/block-state';

/** Sealed days, the states of series in place of their watermarks, gaps, and the sequence of what changed. */
export class MetricStore1764000500000 implements MigrationInterface {
  readonly name = 'MetricStore1764000500000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of TABLES) await runner.query(statement);
    await runner.query(
      `INSERT INTO block_day (id, sealed)
      SELECT DISTINCT (id / 1048576 / 1440) * 1048576 + id % 1048576, 0 FROM head`,
    );
    for (const [block, state] of await statesOf(runner)) {
      await runner.query('INSERT INTO block_state (block, data) VALUES (?, ?)', [block, state.encode()]);
    }
    await runner.query('DROP TABLE watermark');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE TABLE watermark (series_id INTEGER PRIMARY KEY REFERENCES series, at INTEGER NOT NULL) STRICT`,
    );
    for (const table of ['metric_event', 'gap', 'block_state', 'sparse_point']) {
      await runner.query(`DROP TABLE ${table}`);
    }
    for (const table of ['rollup', 'chunk', 'block_day']) await runner.query(`DROP TABLE ${table}`);
  }
}

/** The watermarks that there are, as the states of their blocks. */
async function statesOf(runner: QueryRunner): Promise<Map<number, BlockState>> {
  const rows = (await runner.query(
    'SELECT block, slot, at FROM watermark JOIN series ON series.id = watermark.series_id',
  )) as { block: number; slot: number; at: number }[];
  const states = new Map<number, BlockState>();
  for (const { block, slot, at } of rows) {
    let state = states.get(block);
    if (!state) states.set(block, (state = new BlockState()));
    state.setInstant('watermark', slot, at);
  }
  return states;
}

const TABLES = [
  // A UTC day of a block that has points: id = day × 2^20 + block. Its points are rows of head, or chunks once sealed.
  `CREATE TABLE block_day (id INTEGER PRIMARY KEY, sealed INTEGER NOT NULL CHECK (sealed IN (0, 1))) STRICT`,
  `CREATE INDEX block_day_open ON block_day (id) WHERE sealed = 0`,

  // id = day × 2^32 + series.
  `CREATE TABLE chunk (id INTEGER PRIMARY KEY, data BLOB NOT NULL) STRICT`,
  // id = ten days × 2^32 + series.
  `CREATE TABLE rollup (id INTEGER PRIMARY KEY, data BLOB NOT NULL) STRICT`,

  // Series with a period of an hour or more.
  `CREATE TABLE sparse_point (
    series_id INTEGER NOT NULL,
    at INTEGER NOT NULL,
    value REAL NOT NULL,
    PRIMARY KEY (series_id, at)
  ) STRICT, WITHOUT ROWID`,
  `CREATE INDEX sparse_point_at ON sparse_point (at)`,

  // "changed" is what appends wrote down since the account's last event: beside the state, for both are written at once.
  `CREATE TABLE block_state (block INTEGER PRIMARY KEY REFERENCES block, data BLOB NOT NULL, changed BLOB) STRICT`,

  // Instants as they are in the code; "slots" is a bitmap.
  `CREATE TABLE gap (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL REFERENCES account,
    block INTEGER NOT NULL REFERENCES block,
    "from" INTEGER NOT NULL,
    "to" INTEGER NOT NULL,
    reason TEXT NOT NULL,
    evidence TEXT NOT NULL,
    recoverable INTEGER NOT NULL CHECK (recoverable IN (0, 1)),
    slots BLOB NOT NULL
  ) STRICT`,
  `CREATE INDEX gap_of_account ON gap (account_id, recoverable, "to")`,
  `CREATE INDEX gap_of_block ON gap (block, "to")`,
  `CREATE INDEX gap_to ON gap ("to")`,

  // The newest is never deleted, so that no sequence is given twice.
  `CREATE TABLE metric_event (
    sequence INTEGER PRIMARY KEY,
    account_id INTEGER NOT NULL,
    at INTEGER NOT NULL,
    data BLOB NOT NULL
  ) STRICT`,
];

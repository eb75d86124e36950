import type { BlobRow } from '../../metrics/metric-tables';
import type { PostgresRunner, PostgresValue } from '../postgres-pool';

/** Where a deferred row goes. */
const KIND = { head: 0, state: 1, change: 2 } as const;

/**
 * Keeps back what an append writes until its transaction reads something or ends, and then writes it in one statement:
 * of a transaction of a few small statements most is what each costs to send. Another statement never overtakes it.
 */
export class DeferredWrites implements PostgresRunner {
  /** By id, so that the last of two wins. */
  readonly #blobs = { head: new Map<number, Buffer>(), state: new Map<number, Buffer>() };
  #changes: { accountId: number; data: Buffer }[] = [];

  constructor(private readonly runner: PostgresRunner) {}

  writeBlobs(table: 'head' | 'state', rows: readonly BlobRow[]): void {
    for (const { id, data } of rows) this.#blobs[table].set(id, data);
  }

  addChange(accountId: number, data: Buffer): void {
    this.#changes.push({ accountId, data });
  }

  async all<Row>(sql: string, parameters?: readonly PostgresValue[], name?: string): Promise<Row[]> {
    await this.flush();
    return this.runner.all<Row>(sql, parameters, name);
  }

  async run(sql: string, parameters?: readonly PostgresValue[], name?: string): Promise<number> {
    await this.flush();
    return this.runner.run(sql, parameters, name);
  }

  /** All rows end to end in one parameter, cut by PostgreSQL. What is there already, and the same, is not written. */
  async flush(): Promise<void> {
    const rows = [
      ...[...this.#blobs.head].map(([id, data]) => ({ kind: KIND.head, id, data })),
      ...[...this.#blobs.state].map(([id, data]) => ({ kind: KIND.state, id, data })),
      ...this.#changes.map(({ accountId, data }) => ({ kind: KIND.change, id: accountId, data })),
    ];
    if (rows.length === 0) return;
    this.#blobs.head.clear();
    this.#blobs.state.clear();
    this.#changes = [];
    let end = 1;
    const starts = rows.map(({ data }) => (end += data.length) - data.length);
    await this.runner.run(
      `WITH given AS (
        SELECT kind, id, substring($1::bytea FROM start FOR length) AS data
        FROM unnest($2::integer[], $3::bigint[], $4::integer[], $5::integer[]) AS given(kind, id, start, length)
      ), heads AS (
        INSERT INTO head AS stored (id, data) SELECT id, data FROM given WHERE kind = ${KIND.head}
        ON CONFLICT (id) DO UPDATE SET data = excluded.data WHERE stored.data IS DISTINCT FROM excluded.data
      ), states AS (
        INSERT INTO block_state AS stored (block, data) SELECT id, data FROM given WHERE kind = ${KIND.state}
        ON CONFLICT (block) DO UPDATE SET data = excluded.data WHERE stored.data IS DISTINCT FROM excluded.data
      )
      INSERT INTO metric_change (account_id, data) SELECT id, data FROM given WHERE kind = ${KIND.change}`,
      [
        Buffer.concat(rows.map(({ data }) => data)),
        rows.map(({ kind }) => kind),
        rows.map(({ id }) => id),
        starts,
        rows.map(({ data }) => data.length),
      ],
      'write-append',
    );
  }
}

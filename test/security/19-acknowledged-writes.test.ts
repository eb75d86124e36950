import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import type { DataSource } from 'typeorm';
import { openDataSource } from '../../src/db/data-sources';
import { openRawConnection, prepareDatabaseFile } from '../../src/db/database-file';
import type { SqliteConnection } from '../../src/db/sqlite-connection';
import { EntityWriter, RawWriter } from '../../src/db/transactions';
import { WriteQueue } from '../../src/db/write-queue';
import { startSimulator, type Simulator } from '../../src/simulator';
import { Accounts } from '../e2e/operations.graphql';
import { register } from '../e2e/onboard';
import { killCommands } from '../process/command';
import { KillableGateway } from '../process/killable-gateway';
import { MORNING } from '../support/rolecall';

/** An acknowledged write survives: neighbours that fail, readers beside it, and the death of the process. */

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'rolecall-writes-'))));
afterEach(() => rmSync(folder, { recursive: true }));

describe('transactions side by side', () => {
  let source: DataSource;
  let raw: SqliteConnection;
  let reader: SqliteConnection;
  let entities: EntityWriter;
  let points: RawWriter;

  beforeEach(async () => {
    const file = join(folder, 'rolecall.sqlite');
    await prepareDatabaseFile(file);
    source = await openDataSource(file, 'readwrite');
    raw = await openRawConnection(file, 'readwrite');
    await raw.exec('CREATE TABLE item (id INTEGER PRIMARY KEY)');
    reader = await openRawConnection(file, 'readonly');
    const queue = new WriteQueue();
    entities = new EntityWriter(source, queue);
    points = new RawWriter(raw, queue);
  });
  afterEach(async () => {
    await reader.close();
    await raw.close();
    await source.destroy();
  });

  const stored = async () =>
    (await reader.all<{ id: number }>('SELECT id FROM item ORDER BY id')).map(({ id }) => id);

  /** Inserts an item by one of the two writers, lingers, and fails if it is to fail. */
  async function insert(id: number, fails: boolean, byEntities: boolean): Promise<void> {
    const work = async (runner: { run(sql: string, parameters: number[]): Promise<unknown> }) => {
      await runner.run('INSERT INTO item (id) VALUES (?)', [id]);
      await sleep(0);
      if (fails) throw new Error('rolled back');
    };
    await (byEntities ? entities.transaction(work) : points.transaction(work));
  }

  test('a commit stands though a neighbour fails, and a failed one leaves nothing', async () => {
    const results = await Promise.allSettled([
      insert(1, false, true),
      insert(2, true, true),
      insert(3, false, false),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await stored()).toEqual([1, 3]);
  });

  test('of twenty at once, ten that are to fail, ten rows are there', async () => {
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, (_, id) => insert(id, id % 2 === 1, true)),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
    expect(await stored()).toEqual(Array.from({ length: 10 }, (_, half) => half * 2));
  });

  test('nobody reads what is not committed', async () => {
    let seen: number[] = [];
    await entities
      .transaction(async ({ run }) => {
        await run('INSERT INTO item (id) VALUES (1)');
        seen = await stored();
        throw new Error('rolled back');
      })
      .catch(() => undefined);
    expect(seen).toEqual([]);
  });

  test('five hundred with rollbacks among them leave what a model says', async () => {
    const plan = fc.array(fc.record({ fails: fc.boolean(), byEntities: fc.boolean() }), {
      minLength: 500,
      maxLength: 500,
    });
    await fc.assert(
      fc.asyncProperty(plan, async (writes) => {
        await raw.run('DELETE FROM item');
        const results = await Promise.allSettled(
          writes.map(({ fails, byEntities }, id) => insert(id, fails, byEntities)),
        );
        const model = writes.flatMap(({ fails }, id) => (fails ? [] : [id]));
        expect(results.flatMap(({ status }, id) => (status === 'fulfilled' ? [id] : []))).toEqual(model);
        expect(await stored()).toEqual(model);
      }),
      { numRuns: 3 },
    );
  });

  test('entities are written with synchronous=FULL', async () => {
    expect(await source.query('PRAGMA synchronous')).toEqual([{ synchronous: 2 }]);
  });
});

describe('kill -9', () => {
  let simulator: Simulator;
  beforeEach(async () => (simulator = await startSimulator({ now: () => MORNING })));
  afterEach(async () => {
    await killCommands();
    await simulator.close();
  });

  test('right after an answer: what was acknowledged is there at the next start', async () => {
    const acknowledged: string[] = [];
    for (let round = 0; round < 3; round++) {
      const gateway = await KillableGateway.start(simulator, folder, MORNING);
      acknowledged.push((await register(gateway.admin, `Round ${round}`)).id);
      await gateway.kill();
      await gateway.admin.close();
    }
    const gateway = await KillableGateway.start(simulator, folder, MORNING);
    const { accounts } = await gateway.admin.execute(Accounts, { filter: { ids: acknowledged } });
    expect(accounts.nodes.map(({ id }) => id).sort()).toEqual([...acknowledged].sort());
    await gateway.stop();
  });
});

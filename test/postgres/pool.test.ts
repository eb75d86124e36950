import { migrate } from '../../src/db/postgres/migrate';
import { MIGRATIONS } from '../../src/db/postgres/migrations';
import { PostgresError, PostgresPool } from '../../src/db/postgres/postgres-pool';
import { PostgresServer } from '../support/postgres';

let server: PostgresServer;
let pool: PostgresPool;

beforeAll(async () => {
  server = await PostgresServer.start();
});
afterAll(() => server.stop());

beforeEach(async () => {
  pool = new PostgresPool(await server.createDatabase());
});
afterEach(() => pool.close());

describe('PostgresPool', () => {
  it('gives int8 as a number, and refuses one that a number cannot hold', async () => {
    expect(await pool.all('SELECT (2^53 - 1)::bigint AS id, -5::bigint AS other')).toEqual([
      { id: 2 ** 53 - 1, other: -5 },
    ]);
    await expect(pool.all('SELECT (2^53)::bigint AS id')).rejects.toThrow('beyond 2^53');
    await pool.all('SELECT 1');
  });

  it('commits what was done, and rolls back all of it when something was refused', async () => {
    await pool.run('CREATE TABLE kept (value integer PRIMARY KEY)');
    await pool.transaction((transaction) => transaction.run('INSERT INTO kept VALUES (1)'));
    const refused = pool.transaction(async (transaction) => {
      await transaction.run('INSERT INTO kept VALUES (2)');
      await transaction.run('INSERT INTO kept VALUES (1)');
    });
    await expect(refused).rejects.toThrow(PostgresError);
    const passedOver = pool.transaction(async (transaction) => {
      await transaction.run('INSERT INTO kept VALUES (3)');
      await transaction.run('INSERT INTO kept VALUES (1)').catch(() => {});
    });
    await expect(passedOver).rejects.toThrow('rolled back');
    expect(await pool.all('SELECT value FROM kept')).toEqual([{ value: 1 }]);
  });

  it('never tells a value in an error', async () => {
    await pool.run('CREATE TABLE kept (value text PRIMARY KEY)');
    await pool.run('INSERT INTO kept VALUES ($1)', ['sesame']);
    const error: unknown = await pool.run('INSERT INTO kept VALUES ($1)', ['sesame']).catch((e) => e);
    expect(error).toMatchObject({ name: 'PostgresError', code: '23505' });
    expect(JSON.stringify(error) + String(error)).not.toContain('sesame');
  });

  it.each([
    [true, [{ name: 'one' }]],
    [false, []],
  ])('keeps named statements prepared, unless told not to (%s)', async (preparedStatements, kept) => {
    const config = { ...(await server.createDatabase()), max: 1 };
    const single = new PostgresPool(config, { preparedStatements });
    for (const value of [1, 2]) {
      expect(await single.all('SELECT $1::integer AS value', [value], 'one')).toEqual([{ value }]);
    }
    expect(await single.all('SELECT name FROM pg_prepared_statements')).toEqual(kept);
    await single.close();
  });

  it('goes on after its connections were cut, idle and in a transaction', async () => {
    const other = new PostgresPool(await server.createDatabase());
    const cut = () =>
      other.all('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()');
    await pool.all('SELECT 1');
    await cut();
    await expect(
      pool.transaction(async (transaction) => {
        await cut();
        await transaction.all('SELECT 1');
      }),
    ).rejects.toThrow();
    // A connection that was cut may be handed out once before its end is noticed.
    await pool.all('SELECT 1').catch(() => {});
    expect(await pool.all('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await other.close();
  });
});

describe('a server that does not answer', () => {
  it('is given up in time, in a transaction too, and its connection with it', async () => {
    const hasty = new PostgresPool({ ...(await server.createDatabase()), query_timeout: 200, max: 1 });
    await expect(hasty.all('SELECT pg_sleep(30)')).rejects.toThrow(PostgresError);
    await expect(
      hasty.transaction((transaction) => transaction.all('SELECT pg_sleep(30)')),
    ).rejects.toMatchObject({ code: null });
    expect(await hasty.all('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await hasty.close();
  }, 20_000);
});

describe('migrate', () => {
  it('runs each migration once, however many start at once on an empty database', async () => {
    const config = await server.createDatabase();
    const pools = Array.from({ length: 8 }, () => new PostgresPool(config));
    await Promise.all(pools.map((one) => migrate(one)));
    expect(await pools[0]!.all('SELECT id, name FROM migration ORDER BY id')).toEqual(
      MIGRATIONS.map(({ name }, index) => ({ id: index + 1, name })),
    );
    await Promise.all(pools.map((one) => one.close()));
  });

  it('takes what is there one step on, and changes nothing when a step fails', async () => {
    const first = { name: 'first', statements: ['CREATE TABLE kept (value integer)'] };
    const second = {
      name: 'second',
      statements: ['INSERT INTO kept VALUES (1)', 'INSERT INTO nowhere VALUES (1)'],
    };
    await migrate(pool, [first]);
    await expect(migrate(pool, [first, second])).rejects.toThrow('nowhere');
    expect(await pool.all('SELECT * FROM kept')).toEqual([]);
    await migrate(pool, [first, { ...second, statements: second.statements.slice(0, 1) }]);
    expect(await pool.all('SELECT * FROM kept')).toEqual([{ value: 1 }]);
  });

  it('refuses a database that a later release has migrated', async () => {
    const later = { name: 'later', statements: [] };
    await migrate(pool, [...MIGRATIONS, later]);
    await expect(migrate(pool)).rejects.toThrow('later is not known here');
  });
});

import { existsSync } from 'node:fs';
import { Client } from 'pg';
import { PostgresServer } from '../support/postgres';

describe('the PostgreSQL server of the tests', () => {
  it('is a real PostgreSQL 18, and leaves nothing behind', async () => {
    const server = await PostgresServer.start();
    const config = await server.createDatabase();
    const [answer] = await queryOnce(config, 'SELECT version()');
    await server.stop();
    expect(answer).toEqual({ version: expect.stringMatching(/^PostgreSQL 18\./) });
    expect(existsSync(config.host!)).toBe(false);
  });

  it('keeps what was committed when it is killed', async () => {
    const server = await PostgresServer.start({ settings: { synchronous_commit: 'on' } });
    try {
      const config = await server.createDatabase();
      await queryOnce(config, 'CREATE TABLE kept AS SELECT 1 AS value');
      await server.kill();
      await expect(queryOnce(config, 'SELECT value FROM kept')).rejects.toThrow();
      await server.restart();
      expect(await queryOnce(config, 'SELECT value FROM kept')).toEqual([{ value: 1 }]);
    } finally {
      await server.stop();
    }
  });

  it('says why it did not start', async () => {
    const settings = { shared_buffers: 'much' };
    await expect(PostgresServer.start({ settings })).rejects.toThrow('shared_buffers');
  });
});

async function queryOnce(config: { host?: string }, sql: string): Promise<unknown[]> {
  const client = new Client(config);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

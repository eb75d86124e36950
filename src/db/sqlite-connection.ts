import { Database, OPEN_READONLY, OPEN_READWRITE } from 'sqlite3';

export type SqlValue = string | number | Buffer | null;

/** What runs SQL in a transaction or on a reader: a raw connection, or TypeORM's in `EntityTransaction`. */
export interface SqlRunner {
  /** @returns all rows, as objects by column name. */
  all<Row>(sql: string, parameters?: readonly SqlValue[]): Promise<Row[]>;
  /** @returns how many rows were changed. */
  run(sql: string, parameters?: readonly SqlValue[]): Promise<number>;
}

/** SQLite refused a statement. Names the statement, never its parameters: they may hold secrets. */
export class SqliteError extends Error {
  /** SQLite's own, such as SQLITE_BUSY. */
  readonly code: string;

  constructor(cause: Error & { code?: string }, sql: string) {
    super(`${cause.message} (in ${sql.replace(/\s+/g, ' ').trim().slice(0, 120)})`);
    this.name = 'SqliteError';
    this.code = cause.code ?? 'SQLITE_ERROR';
  }
}

/** A `sqlite3` connection with promises. Every statement is finalized when its promise settles. */
export class SqliteConnection implements SqlRunner {
  private constructor(private readonly database: Database) {}

  /** Opens an existing file. @throws SqliteError */
  static open(file: string, mode: 'readonly' | 'readwrite'): Promise<SqliteConnection> {
    return new Promise((resolve, reject) => {
      const flags = mode === 'readonly' ? OPEN_READONLY : OPEN_READWRITE;
      const database = new Database(file, flags, (error) =>
        error ? reject(new SqliteError(error, `opening ${file}`)) : resolve(new SqliteConnection(database)),
      );
    });
  }

  all<Row>(sql: string, parameters: readonly SqlValue[] = []): Promise<Row[]> {
    return new Promise((resolve, reject) => {
      this.database.all<Row>(sql, parameters, (error, rows) =>
        error ? reject(new SqliteError(error, sql)) : resolve(rows),
      );
    });
  }

  async get<Row>(sql: string, parameters: readonly SqlValue[] = []): Promise<Row | null> {
    return (await this.all<Row>(sql, parameters))[0] ?? null;
  }

  run(sql: string, parameters: readonly SqlValue[] = []): Promise<number> {
    return new Promise((resolve, reject) => {
      this.database.run(sql, parameters, function (error) {
        if (error) reject(new SqliteError(error, sql));
        else resolve(this.changes);
      });
    });
  }

  /** Several statements without parameters. */
  exec(sql: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.database.exec(sql, (error) => (error ? reject(new SqliteError(error, sql)) : resolve()));
    });
  }

  close(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.database.close((error) => (error ? reject(new SqliteError(error, 'close')) : resolve()));
    });
  }
}

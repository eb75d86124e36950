import { Database, OPEN_READONLY, OPEN_READWRITE, type Statement } from 'sqlite3';

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

const CLOSED = Object.assign(new Error('SQLITE_MISUSE: the connection is closed'), { code: 'SQLITE_MISUSE' });

/** How many statements a connection keeps prepared; preparing costs as much as a small statement itself. */
const STATEMENTS_KEPT = 64;

/** A `sqlite3` connection with promises. The statements used last stay prepared until it closes. */
export class SqliteConnection implements SqlRunner {
  readonly #statements = new Map<string, Statement>();
  #closing = false;

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
      if (this.#closing) return reject(new SqliteError(CLOSED, sql));
      const statement = this.#prepare(sql, reject);
      statement.all<Row>([...parameters], (error, rows) =>
        error ? this.#fail(sql, statement, error, reject) : resolve(rows),
      );
    });
  }

  async get<Row>(sql: string, parameters: readonly SqlValue[] = []): Promise<Row | null> {
    return (await this.all<Row>(sql, parameters))[0] ?? null;
  }

  run(sql: string, parameters: readonly SqlValue[] = []): Promise<number> {
    return new Promise((resolve, reject) => {
      if (this.#closing) return reject(new SqliteError(CLOSED, sql));
      const statement = this.#prepare(sql, reject);
      const fail = (error: Error) => this.#fail(sql, statement, error, reject);
      statement.run([...parameters], function (error) {
        if (error) fail(error);
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

  /** What was asked before is answered; what is asked from now on is refused. */
  close(): Promise<void> {
    this.#closing = true;
    // SQLite does not close a connection with statements left.
    for (const statement of this.#statements.values()) statement.finalize();
    this.#statements.clear();
    return new Promise((resolve, reject) => {
      this.database.close((error) => (error ? reject(new SqliteError(error, 'close')) : resolve()));
    });
  }

  /** The prepared statement, now the one used last. `reject` is told when SQLite refuses its text. */
  #prepare(sql: string, reject: (error: Error) => void): Statement {
    let statement = this.#statements.get(sql);
    if (statement) this.#statements.delete(sql);
    else {
      const made: Statement = this.database.prepare(sql, (error) => {
        if (error) this.#fail(sql, made, error, reject);
      });
      statement = made;
    }
    this.#statements.set(sql, statement);
    if (this.#statements.size > STATEMENTS_KEPT) {
      const [oldest, forgotten] = this.#statements.entries().next().value!;
      this.#statements.delete(oldest);
      forgotten.finalize();
    }
    return statement;
  }

  /** A statement that failed may hold a lock until it is finalized. */
  #fail(sql: string, statement: Statement, error: Error, reject: (error: Error) => void): void {
    if (this.#statements.get(sql) === statement) {
      this.#statements.delete(sql);
      statement.finalize();
    }
    reject(new SqliteError(error, sql));
  }
}

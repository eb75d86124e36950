import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Lease } from '../../src/core/collection/leases';
import type { Resource } from '../../src/core/inventory/resource';
import type { Series } from '../../src/core/metrics/series';
import { openDatabase, type Database, type DatabaseOptions } from '../../src/db';
import { foundResource, newAccount, seriesSpec } from '../contracts/samples';

/** A database in a folder of its own, with what a suite needs to have in it. */
export class TemporaryDatabase {
  readonly file: string;
  database: Database;
  readonly #folder = mkdtempSync(join(tmpdir(), 'rolecall-db-'));
  readonly #others: Database[] = [];
  #names = 0;

  private constructor(private readonly options: Pick<DatabaseOptions, 'onDamage'>) {
    this.file = join(this.#folder, 'data', 'rolecall.sqlite');
  }

  static async open(options: Pick<DatabaseOptions, 'onDamage'> = {}): Promise<TemporaryDatabase> {
    const temporary = new TemporaryDatabase(options);
    temporary.database = await temporary.#open();
    return temporary;
  }

  /** Another database on the same file: a second process's stand-in. */
  async another(): Promise<Database> {
    const other = await this.#open();
    this.#others.push(other);
    return other;
  }

  async reopen(): Promise<void> {
    await this.database.close();
    this.database = await this.#open();
  }

  async close(): Promise<void> {
    for (const database of [...this.#others, this.database]) await database.close();
    rmSync(this.#folder, { recursive: true });
  }

  /** A tenant below the root, or below `parentId`. */
  async tenant(parentId?: number): Promise<number> {
    const { tenants } = this.database;
    const above = parentId ?? (await tenants.ensureRoot({ name: 'root', createdAt: 0 })).id;
    return (await tenants.createTenant({ parentId: above, name: this.#name(), createdAt: 0 })).id;
  }

  async account(tenantId: number): Promise<number> {
    return (await this.database.accounts.insert(newAccount(tenantId, { externalId: this.#name() }))).id;
  }

  /** Schedules the account and claims it. */
  async lease(accountId: number): Promise<Lease> {
    await this.database.leases.schedule(accountId, 0);
    return (await this.database.leases.claim(accountId, 'a test', 0, 60_000, { onlyIfDue: true }))!;
  }

  /** Resources of one discovery in the Region. */
  async resources(
    fence: Lease,
    tenantId: number,
    count: number,
    region = 'eu-central-1',
  ): Promise<Resource[]> {
    const found = Array.from({ length: count }, (_, index) => foundResource(`i-${index}`));
    const result = { tenantId, plugin: 'ec2', region, found, at: 0 };
    return (await this.database.resources.sync(fence, result)).resources;
  }

  /** Series of as many resources. */
  async series(fence: Lease, tenantId: number, count: number, region = 'eu-central-1'): Promise<Series[]> {
    const resources = await this.resources(fence, tenantId, count, region);
    const specs = resources.map(({ id }) => seriesSpec(id, { region }));
    return this.database.series.ensure(fence, tenantId, specs);
  }

  #open(): Promise<Database> {
    return openDatabase({ ...this.options, file: this.file, awsEndpoint: null });
  }

  #name(): string {
    this.#names += 1;
    return `name ${this.#names}`;
  }
}

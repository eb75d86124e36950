import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as sqlite3 from 'sqlite3';
import { DataSource, EntitySchema } from 'typeorm';
import type { SeriesPoints } from '../src/core/metrics/metric-store';

const Point = new EntitySchema<{ at: number; seriesId: number; value: number }>({
  name: 'point',
  columns: {
    at: { type: 'integer', primary: true },
    seriesId: { type: 'integer', primary: true },
    value: { type: 'real' },
  },
});

/** As the gateway has it: verbose() would make every statement of this process, the store's too, print its parameters. */
const driver = { ...sqlite3, verbose: () => sqlite3 };

/** The most that was measured to go well. */
const ROWS_AN_INSERT = 200;

/** Points as entities, as far as TypeORM goes: the newest of each answer is inserted, which no overlap makes dearer. */
export class TypeormRows {
  private constructor(
    private readonly source: DataSource,
    private readonly folder: string,
  ) {}

  static async open(): Promise<TypeormRows> {
    const folder = await mkdtemp(join(tmpdir(), 'rolecall-bench-'));
    const database = join(folder, 'typeorm.sqlite');
    const source = new DataSource({
      type: 'sqlite',
      driver,
      database,
      entities: [Point],
      synchronize: true,
      enableWAL: true,
    });
    await source.initialize();
    return new TypeormRows(source, folder);
  }

  async insert(batch: readonly SeriesPoints[]): Promise<void> {
    await this.source.transaction(async (manager) => {
      for (let start = 0; start < batch.length; start += ROWS_AN_INSERT) {
        const points = batch.slice(start, start + ROWS_AN_INSERT).map(({ series, timestamps, values }) => {
          return { at: timestamps.at(-1)!, seriesId: series.id, value: values.at(-1)! };
        });
        await manager.insert(Point, points);
      }
    });
  }

  async close(): Promise<void> {
    await this.source.destroy();
    await rm(this.folder, { recursive: true });
  }
}

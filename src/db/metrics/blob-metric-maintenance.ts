import type { MetricCheck, MetricMaintenance } from '../../core/metrics/metric-maintenance';
import { BlobCheck } from './blob-check';
import { chunkId, rollupId, windowOfDay } from './chunk-layout';
import type { DamageLog } from './damage';
import { DaySealer } from './day-sealer';
import { dayId, dayOf, dayOfId, headId } from './head-layout';
import type { MetricTables } from './metric-tables';

const DAYS_AT_ONCE = 256;
const DAY = 86_400_000;

/** Seals, prunes and checks, in the tables of whichever database. */
export class BlobMetricMaintenance implements MetricMaintenance {
  readonly #sealer: DaySealer;

  constructor(
    private readonly tables: MetricTables,
    onDamage: DamageLog,
  ) {
    this.#sealer = new DaySealer(tables, onDamage);
  }

  /** A day of a block is one transaction; an abort ends it after the one at work. */
  async seal(before: number, signal: AbortSignal): Promise<number> {
    const below = dayId(0, dayOf(before));
    let sealed = 0;
    for (;;) {
      const days = signal.aborted ? [] : await this.tables.unsealedDays(below, DAYS_AT_ONCE);
      for (const id of days) {
        if (signal.aborted) return sealed;
        const { block, day } = dayOfId(id);
        sealed += await this.#sealer.seal(block, day);
      }
      // The rows of all blocks together, once their days are sealed; those that an end before this left, too.
      if (!signal.aborted) {
        const oldest = days.length < DAYS_AT_ONCE ? dayOf(before) : dayOfId(days.at(-1)!).day;
        await this.tables.deleteSealedHeads(headId(0, oldest * DAY));
      }
      if (days.length < DAYS_AT_ONCE) return sealed;
    }
  }

  /** Days and rollups go as a whole, once the last of their points may. */
  async prune({
    fineBefore,
    hourlyBefore,
    eventsBefore,
  }: {
    fineBefore: number;
    hourlyBefore: number;
    eventsBefore: number;
  }): Promise<void> {
    const firstDay = dayOf(fineBefore);
    await this.tables.prune({
      headBelow: headId(0, firstDay * DAY),
      dayBelow: dayId(0, firstDay),
      chunkBelow: chunkId(0, firstDay),
      rollupBelow: rollupId(0, windowOfDay(dayOf(hourlyBefore))),
      sparseBefore: hourlyBefore,
      gapsBefore: hourlyBefore,
      changesBefore: eventsBefore,
    });
  }

  check(signal: AbortSignal): Promise<MetricCheck> {
    return new BlobCheck(this.tables).run(signal);
  }
}

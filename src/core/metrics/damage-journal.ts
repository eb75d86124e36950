import type { Logger } from '../logger';
import type { DamagedBlob } from './metric-maintenance';

/** Different damages that are remembered. */
const KEPT = 1_000;

/** Logs each damaged blob once, however often a read meets it. */
export class DamageJournal {
  readonly #known = new Set<string>();

  constructor(private readonly log: Pick<Logger, 'error'>) {}

  note(blob: DamagedBlob): void {
    const { kind, seriesIds, from, to, problem } = blob;
    const key = `${kind} ${seriesIds[0] ?? problem} ${from}`;
    if (this.#known.has(key) || this.#known.size === KEPT) return;
    this.#known.add(key);
    this.log.error(
      { kind, seriesIds: seriesIds.slice(0, 10), series: seriesIds.length, from, to, problem },
      'Stored points are damaged; the rest is served',
    );
  }
}

/** Past so many keys those whose wait is over are forgotten: each time that the keys have doubled, or the longest wait has passed. */
const SWEEP_SIZE = 10_000;

/** What failed waits before it is tried again: at first so long, then twice as long each time, up to a most. By id. */
export class Backoff {
  private readonly waits = new Map<number, { until: number; ms: number }>();
  private readonly sweep = { size: SWEEP_SIZE, at: -Infinity };

  constructor(private readonly options: { firstMs: number; mostMs: number }) {}

  isWaiting(id: number, now: number): boolean {
    return (this.waits.get(id)?.until ?? 0) > now;
  }

  failed(id: number, now: number): void {
    const { firstMs, mostMs } = this.options;
    this.forget(now);
    const last = this.waits.get(id);
    const ms = last ? Math.min(last.ms * 2, mostMs) : firstMs;
    this.waits.set(id, { until: now + ms, ms });
  }

  succeeded(id: number): void {
    this.waits.delete(id);
  }

  private forget(now: number): void {
    const { mostMs } = this.options;
    const { waits, sweep } = this;
    if (waits.size < SWEEP_SIZE || (waits.size < sweep.size && Math.abs(now - sweep.at) < mostMs)) return;
    for (const [id, { until }] of waits) if (until + mostMs < now) waits.delete(id);
    sweep.size = Math.max(SWEEP_SIZE, 2 * waits.size);
    sweep.at = now;
  }
}

/** Past so many keys, those whose wait is over are forgotten. */
const SWEEP_SIZE = 10_000;

/** What failed waits before it is tried again: at first so long, then twice as long each time, up to a most. By id. */
export class Backoff {
  private readonly waits = new Map<number, { until: number; ms: number }>();

  constructor(private readonly options: { firstMs: number; mostMs: number }) {}

  isWaiting(id: number, now: number): boolean {
    return (this.waits.get(id)?.until ?? 0) > now;
  }

  failed(id: number, now: number): void {
    const { firstMs, mostMs } = this.options;
    if (this.waits.size >= SWEEP_SIZE) this.sweep(now);
    const last = this.waits.get(id);
    const ms = last ? Math.min(last.ms * 2, mostMs) : firstMs;
    this.waits.set(id, { until: now + ms, ms });
  }

  succeeded(id: number): void {
    this.waits.delete(id);
  }

  private sweep(now: number): void {
    for (const [id, { until }] of this.waits) if (until + this.options.mostMs < now) this.waits.delete(id);
  }
}

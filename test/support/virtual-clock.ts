import type { Clock } from '../../src/core/clock';

/** A clock that jumps to the next sleeper once nothing else is left to do at once: hours of waiting take no time. */
export class VirtualClock implements Clock {
  private readonly sleepers: { wakesAt: number; wake: () => void }[] = [];
  private isRunning = false;

  constructor(private instant = Date.UTC(2026, 0, 1)) {}

  readonly now = (): number => this.instant;

  readonly sleep = (milliseconds: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason as Error);
      const sleeper = { wakesAt: this.instant + milliseconds, wake: resolve };
      this.sleepers.push(sleeper);
      signal?.addEventListener('abort', () => {
        if (this.sleepers.includes(sleeper)) this.sleepers.splice(this.sleepers.indexOf(sleeper), 1);
        reject(signal.reason as Error);
      });
      void this.run();
    });

  advance(milliseconds: number): void {
    this.instant += milliseconds;
  }

  private async run(): Promise<void> {
    if (this.isRunning) return;
    this.isRunning = true;
    while (this.sleepers.length > 0) {
      await new Promise(setImmediate);
      this.sleepers.sort((a, b) => a.wakesAt - b.wakesAt);
      const next = this.sleepers.shift();
      if (!next) break;
      this.instant = Math.max(this.instant, next.wakesAt);
      next.wake();
    }
    this.isRunning = false;
  }
}

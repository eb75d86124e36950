import { FairQueue } from './fair-queue';

/** Bounds how much is done at once, and lets those whose work it is take turns, as FairQueue says. */
export class FairLimit {
  private readonly queue: FairQueue<{ owner: unknown; start: () => Promise<void> }>;
  private running = 0;

  /** @param options.keepsRoom as of FairQueue */
  constructor(
    private readonly places: number,
    { keepsRoom = false } = {},
  ) {
    this.queue = new FairQueue(({ owner }) => owner, keepsRoom);
  }

  /** Runs `work` when its owner's turn comes. @throws what `work` throws. */
  run<T>(owner: unknown, work: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.queue.push({ owner, start: () => work().then(resolve, reject) });
      // Not before all are in the queue who come at the same time.
      queueMicrotask(() => this.fill());
    });
  }

  private fill(): void {
    while (this.running < this.places) {
      const next = this.queue.take(this.places);
      if (!next) return;
      this.running += 1;
      void next.start().finally(() => {
        this.running -= 1;
        this.queue.done(next);
        this.fill();
      });
    }
  }
}

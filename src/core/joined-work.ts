/** Work that is done one at a time: who asks for it while it goes on joins it. */
export class JoinedWork {
  readonly #aborter = new AbortController();
  #atWork: Promise<void> | null = null;

  /** @param work ends soon once the signal is aborted */
  constructor(private readonly work: (signal: AbortSignal) => Promise<void>) {}

  /** Rejects as the work does. */
  run(): Promise<void> {
    return (this.#atWork ??= this.work(this.#aborter.signal).finally(() => {
      this.#atWork = null;
    }));
  }

  /** Ends with the work that goes on. */
  async stop(): Promise<void> {
    this.#aborter.abort();
    await this.#atWork;
  }
}

/** A stream of events that ends at `return()` even while its consumer waits for the next one. */
export type LiveIterator<T> = AsyncIterableIterator<T>;

/**
 * Joins a generator with the live stream that it reads. A generator alone hears of `return()` only at its next event,
 * so an idle subscription would never end: here the source ends first, and the generator with it.
 */
export function closingSource<T>(
  source: AsyncIterator<unknown>,
  generator: AsyncGenerator<T>,
): LiveIterator<T> {
  return {
    next: () => generator.next(),
    async return() {
      await source.return?.();
      return generator.return(undefined);
    },
    throw: (error) => generator.throw(error),
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

/** Each event as `map` makes it. */
export function mapStream<T, U>(
  source: AsyncIterableIterator<T>,
  map: (event: T) => U | Promise<U>,
): LiveIterator<U> {
  async function* mapped() {
    for await (const event of source) yield await map(event);
  }
  return closingSource(source, mapped());
}

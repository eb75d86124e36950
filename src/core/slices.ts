import { setImmediate } from 'node:timers/promises';

/** The items in slices of so many. Between two the event loop takes a turn, so that a long list holds nobody else up. */
export async function* inSlices<T>(items: readonly T[], size: number): AsyncGenerator<T[]> {
  for (let at = 0; at < items.length; at += size) {
    if (at > 0) await setImmediate();
    yield items.slice(at, at + size);
  }
}

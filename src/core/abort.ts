import { setMaxListeners } from 'node:events';

/** A signal of one's own, aborted by any of its sources until it is released. */
export interface LinkedSignal {
  signal: AbortSignal;
  /** Lets go of the sources; call it in `finally`. */
  release(): void;
}

/**
 * What AbortSignal.any and AbortSignal.timeout promise and Node 20 does not keep: there the sources are held weakly, so
 * that a collected timeout never fires, and every combination with a long-lived source leaks.
 * @param timeout aborts after so many milliseconds of real time, with this reason
 */
export function linkedSignal(
  sources: readonly AbortSignal[],
  timeout?: { milliseconds: number; reason: Error },
): LinkedSignal {
  const controller = manyListened();
  const listeners = sources.map((source) => {
    const listener = () => controller.abort(source.reason);
    if (source.aborted) listener();
    else source.addEventListener('abort', listener, { once: true });
    return () => source.removeEventListener('abort', listener);
  });
  const timer = timeout && setTimeout(() => controller.abort(timeout.reason), timeout.milliseconds);
  return {
    signal: controller.signal,
    release() {
      clearTimeout(timer);
      listeners.forEach((remove) => remove());
    },
  };
}

/** For a signal that all the work of an account listens to: Node would warn of a leak from the eleventh listener on. */
export function manyListened(): AbortController {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  return controller;
}

/** `work`, or the signal's reason as soon as it is aborted: what does not listen is not waited for. */
export function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason as Error);
    // Listened to in any case: a failure after the abort is nobody's, but must not end the process.
    void work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
}

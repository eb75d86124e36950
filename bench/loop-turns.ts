import { closeSync, existsSync, openSync, readSync } from 'node:fs';

/** Linux: nanoseconds that the main thread has run, and that it was ready to run and waited for a core. */
const MAIN_THREAD = `/proc/self/task/${process.pid}/schedstat`;

/** What the turns of the event loop cost its thread, however busy the machine is with other things. */
export interface LoopTurns {
  /** CPU of the turns in milliseconds, the shortest first; NaN where there is no Linux to say. */
  percentile(share: number): number;
  /** How long the thread had work to do and got no core, in milliseconds; NaN without Linux. */
  waitedMs(): number;
  stop(): void;
}

/** Looks once a turn, and once a millisecond at the most, until it is stopped. */
export function watchLoopTurns(): LoopTurns {
  if (!existsSync(MAIN_THREAD)) return { percentile: () => NaN, waitedMs: () => NaN, stop: () => undefined };
  const file = openSync(MAIN_THREAD, 'r');
  const buffer = Buffer.alloc(64);
  const look = () => {
    const [ran, waited] = buffer.toString('latin1', 0, readSync(file, buffer, 0, 64, 0)).split(' ');
    return { cpuMs: Number(ran) / 1e6, waitedMs: Number(waited) / 1e6 };
  };
  const turns: number[] = [];
  const first = look();
  let last = first;
  const timer = setInterval(() => {
    const now = look();
    turns.push(now.cpuMs - last.cpuMs);
    last = now;
  }, 1);
  return {
    percentile: (share) => turns.sort((a, b) => a - b)[Math.floor(turns.length * share)] ?? NaN,
    waitedMs: () => last.waitedMs - first.waitedMs,
    stop: () => {
      clearInterval(timer);
      closeSync(file);
    },
  };
}

/** One measured number, as `npm run bench` prints it. */
export interface Figure {
  name: string;
  value: number;
  /** What is aimed at, for example `<= 1.3`; `-` where nothing is. */
  goal: string;
}

/** The line that scripts look for: `figure NAME VALUE GOAL`. */
export function formatFigure({ name, value, goal }: Figure): string {
  return `figure ${name} ${value.toFixed(2)} ${goal}`;
}

/** The middle of an odd number of values. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/** CPU of this process, all threads, in milliseconds, that `work` takes. */
export async function cpuMsOf(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

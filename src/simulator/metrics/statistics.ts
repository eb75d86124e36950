/** A statistic of GetMetricData that the simulator computes. */
export type Statistic = 'SampleCount' | 'Average' | 'Sum' | 'Minimum' | 'Maximum' | { percentile: number };

const simple = ['SampleCount', 'Average', 'Sum', 'Minimum', 'Maximum'] as const;

/** Reads `Average`, `p99`, `p99.9`, …; undefined for anything else. */
export function parseStatistic(text: string): Statistic | undefined {
  const name = simple.find((candidate) => candidate === text);
  if (name) return name;
  const match = /^p(\d{1,2}(?:\.\d{1,10})?|100)$/.exec(text);
  return match ? { percentile: Number(match[1]) } : undefined;
}

/** The value below which `percent` of the samples lie, interpolated between the two nearest; sorts `samples`. */
export function percentileOf(samples: Float64Array, percent: number): number {
  samples.sort();
  const position = (percent / 100) * (samples.length - 1);
  const below = Math.floor(position);
  const above = Math.min(below + 1, samples.length - 1);
  return samples[below] + (samples[above] - samples[below]) * (position - below);
}

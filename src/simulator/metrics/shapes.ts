/** What moves a metric in one minute. */
export interface MinuteInput {
  /** Demand of the resource, 0 to about 1: daily rhythm and weekday. */
  load: number;
  /** Noise of this very metric, 0 to 1. */
  noise: number;
  /** Size of the resource, 0.5 to 2. */
  size: number;
  /** 1 while the resource has its incident, otherwise 0. */
  stress: number;
  /** Minutes since the epoch. */
  minute: number;
}

/**
 * How the samples of a minute look: one value; one sample of 1 for each request (the value is their number);
 * or a spread of response times around the value.
 */
type Sampling = 'single' | 'perRequest' | 'spread';

/** The behaviour of a metric. */
export interface MetricShape {
  sampling: Sampling;
  /** A minute of value 0 is not published at all. */
  isSparse: boolean;
  valueAt(input: MinuteInput): number;
}

interface Rule {
  pattern: RegExp;
  sampling?: Sampling;
  isSparse?: boolean;
  valueAt: MetricShape['valueAt'];
}

// Millions of minutes are computed in a test; looking up the global Math each time is slow in Jest's own context.
const { max, min, round } = Math;

const mebibyte = 2 ** 20;
const gibibyte = 2 ** 30;
const minutesPerWeek = 7 * 24 * 60;

const clamp = (value: number, lowest: number, highest: number): number => min(highest, max(lowest, value));
const whole = (value: number): number => max(0, round(value));
/** Grows through the week and falls back, as a disk with a weekly clean-up. */
const weekShare = (minute: number): number => (minute % minutesPerWeek) / minutesPerWeek;
const demand = ({ load, noise, size }: MinuteInput): number => size * load * (0.75 + 0.5 * noise);
const requests = (input: MinuteInput): number => 40 + 900 * demand(input);
/** Errors are rare events until the incident makes them common. */
const errors = (input: MinuteInput): number =>
  input.stress > 0
    ? whole(requests(input) * 0.2)
    : input.noise > 0.9
      ? 1 + whole(20 * (input.noise - 0.9))
      : 0;

/** The first rule whose pattern matches the metric's name counts. */
const rules: Rule[] = [
  {
    pattern: /^CPUUtilization$|^ACUUtilization$/,
    valueAt: (i) => clamp(4 + 42 * i.load * i.size + 10 * i.noise + 45 * i.stress, 0.1, 100),
  },
  {
    pattern: /^Metadata|^CPUSurplus|^SwapUsage$|^AnomalousHostCount$|^MitigatedHostCount$/,
    valueAt: () => 0,
  },
  {
    pattern: /^CPUCreditBalance$/,
    valueAt: (i) => clamp(560 - 180 * i.load * i.size - 4 * i.noise - 300 * i.stress, 0, 576),
  },
  {
    pattern: /Balance%?$/,
    valueAt: (i) => clamp(100 - 6 * i.load * i.size - i.noise - 60 * i.stress, 0, 100),
  },
  { pattern: /^BufferCacheHitRatio$/, valueAt: (i) => clamp(99.9 - 0.6 * i.load - 8 * i.stress, 0, 100) },
  { pattern: /^StatusCheckFailed/, valueAt: (i) => (i.noise > 0.995 ? 1 : 0) },
  { pattern: /ExceededCheck$/, valueAt: (i) => (i.stress > 0 || i.noise > 0.985 ? 1 : 0) },
  { pattern: /^CPUCreditUsage$/, valueAt: (i) => 0.02 + 0.4 * i.load * i.size + 0.5 * i.stress },
  {
    pattern: /^FreeableMemory$/,
    valueAt: (i) => whole(i.size * (4 - 1.2 * i.load - 1.2 * i.stress) * gibibyte + i.noise * 8 * mebibyte),
  },
  {
    pattern: /^Free(Local)?Storage/,
    valueAt: (i) => whole(i.size * (45 - 4 * weekShare(i.minute)) * gibibyte + i.noise * mebibyte),
  },
  { pattern: /^VolumeBytesUsed$/, valueAt: (i) => whole(i.size * (60 + 4 * weekShare(i.minute)) * gibibyte) },
  {
    pattern: /^AuroraVolumeBytesLeftTotal$/,
    valueAt: (i) => whole(64_000 * gibibyte - i.size * 64 * gibibyte),
  },
  {
    pattern: /DiskUsage$|^OldestReplicationSlotLag$/,
    valueAt: (i) => whole((64 + 128 * i.load * i.size) * mebibyte),
  },
  { pattern: /^MaximumUsedTransactionIDs$/, valueAt: (i) => whole(2e8 * i.size + 3e7 * weekShare(i.minute)) },
  { pattern: /^EngineUptime$/, valueAt: (i) => (i.minute % minutesPerWeek) * 60 },
  {
    pattern: /^(Read|Write)Latency$/,
    sampling: 'spread',
    valueAt: (i) => (0.0006 + 0.0014 * i.load + 0.0004 * i.noise) * (1 + 12 * i.stress),
  },
  {
    pattern: /^TargetResponseTime$|^Latency$/,
    sampling: 'spread',
    valueAt: (i) => (0.035 + 0.09 * i.load + 0.02 * i.noise) * (1 + 9 * i.stress),
  },
  {
    pattern: /Latency$|ReplicaLag$/,
    sampling: 'spread',
    valueAt: (i) => (1.2 + 4 * i.load + i.noise) * (1 + 9 * i.stress),
  },
  { pattern: /^DBLoad/, valueAt: (i) => 0.1 + 2.4 * demand(i) + 9 * i.stress },
  { pattern: /^DiskQueueDepth$/, valueAt: (i) => 0.05 + 0.8 * demand(i) + 6 * i.stress },
  { pattern: /^DatabaseConnections$/, valueAt: (i) => whole(6 + 70 * demand(i) + 120 * i.stress) },
  {
    pattern: /^(Deadlocks|LoginFailures|BlockedTransactions)$/,
    valueAt: (i) => (i.noise > 0.97 ? 0.02 : 0) + 0.5 * i.stress,
  },
  { pattern: /^UnHealthyHostCount$|^Unhealthy(State|Routing)/, valueAt: (i) => i.stress },
  { pattern: /^HealthyHostCount$|^HealthyState/, valueAt: (i) => round(2 * i.size + 1) - i.stress },
  { pattern: /^SurgeQueueLength$/, valueAt: (i) => clamp(whole(400 * i.stress * i.noise), 0, 1024) },
  { pattern: /[45]XX|_50[0234]_/, sampling: 'perRequest', isSparse: true, valueAt: errors },
  { pattern: /Error|Reject|Reset|Spillover|BlockedFlow|Failure/, isSparse: true, valueAt: errors },
  {
    pattern: /3XX|Redirect|Fixed_Response/,
    sampling: 'perRequest',
    isSparse: true,
    valueAt: (i) => whole(requests(i) * 0.03),
  },
  { pattern: /^RequestCountPerTarget$/, valueAt: (i) => whole(requests(i) / 3) },
  { pattern: /^(IPv6)?RequestCount$|2XX/, sampling: 'perRequest', valueAt: (i) => whole(requests(i)) },
  { pattern: /LCUs/, valueAt: (i) => 0.05 + 2.2 * demand(i) },
  { pattern: /Throughput$/, valueAt: (i) => 2e4 + 4e6 * demand(i) + 6e6 * i.stress },
  { pattern: /IOPS$/, valueAt: (i) => 3 + 260 * demand(i) + 900 * i.stress },
  { pattern: /Bytes|^Network(In|Out)$/, valueAt: (i) => whole(4e4 + 9e6 * demand(i) * (1 + 2 * i.stress)) },
  { pattern: /Packets|Ops$|IOPs$/, valueAt: (i) => whole(60 + 9_000 * demand(i) * (1 + 2 * i.stress)) },
  { pattern: /Flow|Connection/, valueAt: (i) => whole(20 + 600 * demand(i) * (1 + i.stress)) },
];

const otherwise: MetricShape = {
  sampling: 'single',
  isSparse: false,
  valueAt: (i) => whole(1 + 30 * demand(i)),
};

const shapes = new Map<string, MetricShape>();

/** The shape of a metric by its name. */
export function shapeOf(metricName: string): MetricShape {
  let shape = shapes.get(metricName);
  if (!shape) {
    const rule = rules.find(({ pattern }) => pattern.test(metricName));
    shape = rule
      ? { sampling: rule.sampling ?? 'single', isSparse: rule.isSparse ?? false, valueAt: rule.valueAt }
      : otherwise;
    shapes.set(metricName, shape);
  }
  return shape;
}

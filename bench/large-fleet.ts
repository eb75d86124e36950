import { setTimeout as sleep } from 'node:timers/promises';
import type { Figure } from './figure';
import { LARGE_FLEET_TOKEN, startLargeGateway, type MeasuredCycle } from './large-gateway';
import { startLightAws, type AskedOfLightAws } from './light-aws';

const ACCOUNTS = 1_000;
/** The first makes the series, and is not measured. */
const CYCLES = 2;
const QUERY_EVERY_MS = 20;

/**
 * One five-minute cycle of a thousand accounts with five hundred series each through the real gateway, all due at once,
 * against a light AWS; while it lasts the API answers a query every 20 ms.
 */
export async function largeFleet(): Promise<Figure[]> {
  const aws = await startLightAws();
  const gateway = await startLargeGateway(aws.url, ACCOUNTS);
  let cycle: MeasuredCycle | undefined;
  let asked: AskedOfLightAws | undefined;
  let latencies: number[] = [];
  try {
    for (let round = 0; round < CYCLES; round++) {
      const stop = new AbortController();
      const queries = queryUntil(gateway.url, stop.signal);
      cycle = await gateway.cycle();
      stop.abort();
      latencies = await queries;
      asked = await aws.asked();
    }
  } finally {
    await gateway.stop();
    await aws.stop();
  }
  if (asked!.optimum !== ACCOUNTS)
    throw new Error(`${asked!.optimum} of ${ACCOUNTS} accounts were collected`);
  return [
    { name: 'large-fleet-cycle-seconds', value: cycle!.seconds, goal: '< 300' },
    { name: 'large-fleet-cpu-seconds', value: cycle!.cpuSeconds, goal: '-' },
    { name: 'large-fleet-cpu-us-per-point', value: (1e6 * cycle!.cpuSeconds) / asked!.points, goal: '-' },
    { name: 'large-fleet-calls-ratio', value: asked!.calls / asked!.optimum, goal: '<= 1.03' },
    { name: 'large-fleet-event-loop-p99-ms', value: cycle!.loopP99Ms, goal: '<= 10' },
    { name: 'large-fleet-turn-cpu-p99-ms', value: cycle!.turnP99Ms, goal: '<= 10' },
    { name: 'large-fleet-waited-for-core-seconds', value: cycle!.waitedForCoreSeconds, goal: '-' },
    { name: 'large-fleet-event-loop-max-ms', value: cycle!.loopMaxMs, goal: '-' },
    { name: 'large-fleet-query-p99-ms', value: percentile(latencies, 0.99), goal: '-' },
    { name: 'large-fleet-rss-mb', value: cycle!.residentMiB, goal: '<= 300' },
  ];
}

/** Milliseconds of each. */
async function queryUntil(url: string, signal: AbortSignal): Promise<number[]> {
  const latencies: number[] = [];
  while (!signal.aborted) {
    const started = performance.now();
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${LARGE_FLEET_TOKEN}` },
      body: JSON.stringify({ query: '{ accounts(first: 5) { nodes { name status } } }' }),
    });
    const text = await response.text();
    if (!text.includes('CONNECTED')) throw new Error(`The gateway answered ${text.slice(0, 500)}`);
    latencies.push(performance.now() - started);
    await sleep(QUERY_EVERY_MS);
  }
  return latencies;
}

function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

import { MAX_QUERIES_PER_CALL } from '../src/core/collection/planner';
import type { Figure } from './figure';
import {
  activeOf,
  FLEET,
  METRICS,
  NAMES,
  PAGE,
  pages,
  price,
  row,
  SCRAPES,
  sum,
  type Kind,
  type Row,
  type Scene,
} from './fleet';
import { rolecall, STRETCHED, UNREAD_SHARE } from './fleet-rolecall';

/**
 * Calls and dollars a month for one fleet, as three collectors ask for it. What the other two do is in their documentation:
 * each rule names the features that it rests on. Of Rolecall the planner, the listing of active metrics and the price list
 * run for a day of simulated time.
 */

const REGIONS_WATCHED = 17;
/** Of the fleet, in the second scene. */
const IDLE_SHARE = 0.3;

/**
 * YACE. "ListMetrics": per metric name × job × role × Region, at every scrape, not cached; a listing of one name is a page
 * here. "RecentlyActive PT3H": off by default, so that what is idle stays listed for two weeks. "GMD batch": 500 within one
 * job, that is one namespace. Its default interval is five minutes.
 */
function yace({ regions }: Scene): Row {
  const dataCalls = sum(({ resources, metrics }) => pages(resources * metrics, PAGE)) * SCRAPES;
  return row('YACE', NAMES * regions * SCRAPES, dataCalls, METRICS * SCRAPES);
}

/** "RecentlyActive PT3H": a flag of each job. */
function yaceRecentlyActive(scene: Scene): Row {
  const asked = (kind: Kind) => activeOf(kind, scene) * kind.metrics;
  const dataCalls = sum((kind) => pages(asked(kind), PAGE)) * SCRAPES;
  return row('  with RecentlyActive', NAMES * scene.regions * SCRAPES, dataCalls, sum(asked) * SCRAPES);
}

/**
 * cloudwatch_exporter. "ListMetrics": per rule, that is per metric name; its cache is off by default. "RecentlyActive PT3H":
 * by itself, its range being ten minutes. "Regions": one a process; a process for each is assumed, scraped every five
 * minutes. "GMD batch": GetMetricStatistics by default, one metric a call.
 */
function exporter(scene: Scene): Row {
  const calls = sum((kind) => activeOf(kind, scene) * kind.metrics) * SCRAPES;
  const made = row('cloudwatch_exporter', NAMES * scene.regions * SCRAPES, calls, 0);
  return { ...made, usd: made.usd + price('cloudwatch:GetMetricStatistics', calls) };
}

/** "GMD batch": opt-in, 500 within one rule. */
function exporterWithData(scene: Scene): Row {
  const dataCalls = sum((kind) => kind.metrics * pages(activeOf(kind, scene), PAGE)) * SCRAPES;
  const asked = sum((kind) => activeOf(kind, scene) * kind.metrics) * SCRAPES;
  return row('  with GetMetricData', NAMES * scene.regions * SCRAPES, dataCalls, asked);
}

function print(title: string, rows: readonly Row[]): void {
  const cells = [
    [title, 'ListMetrics', 'data calls', 'metrics asked', '$ a month'],
    ...rows.map((one) => [
      one.collector,
      ...[one.listings, one.dataCalls, one.metricsRequested].map((count) =>
        Math.round(count).toLocaleString('en'),
      ),
      one.usd.toFixed(2),
    ]),
  ];
  const widths = cells[0]!.map((_, column) => Math.max(...cells.map((line) => line[column]!.length)));
  for (const line of cells) {
    console.log(
      line
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!)))
        .join('  '),
    );
  }
}

/** One table of two scenes, and Rolecall's bill as a share of YACE's. */
export async function fleetCost(): Promise<Figure[]> {
  const plain: Scene = { regions: 1, idleShare: 0 };
  const usual: Scene = { regions: REGIONS_WATCHED, idleShare: IDLE_SHARE };
  const all = await rolecall('Rolecall', plain);
  const idle = await rolecall('Rolecall', usual);
  const stretched = await rolecall('  with its budget stretched', usual, STRETCHED);
  const kinds = FLEET.map(({ resources, namespace }) => `${resources} ${namespace.slice(4)}`).join(', ');
  console.log(
    `A fleet of ${kinds}: ${METRICS.toLocaleString('en')} metrics with one statistic each, in one Region of one account, asked ` +
      `for every 5 minutes, in 30 days. Free calls (STS, tagging, Describe) and the free tier are left out. Stretched: 80 % of ` +
      `the budget is spent, and ${UNREAD_SHARE * 100} % of the series have been unread for 30 days.\n`,
  );
  const others = [yace, exporter, exporterWithData];
  print('One Region watched, everything active', [...others.map((made) => made(plain)), all]);
  console.log('');
  print(`${REGIONS_WATCHED} Regions watched, ${IDLE_SHARE * 100} % of instances, functions, queues idle`, [
    ...[yace, yaceRecentlyActive, exporter, exporterWithData].map((made) => made(usual)),
    ...[idle, stretched],
  ]);
  console.log('');
  const optimum = pages(METRICS, MAX_QUERIES_PER_CALL) * SCRAPES;
  const share = (one: Row) => one.usd / yace(usual).usd;
  return [
    { name: 'fleet-cost.calls-to-optimum', value: all.dataCalls / optimum, goal: '<= 1.03' },
    { name: 'fleet-cost.idle-to-yace', value: share(idle), goal: '-' },
    { name: 'fleet-cost.stretched-to-yace', value: share(stretched), goal: '-' },
  ];
}

import { parse, validate } from 'graphql';
import { systemClock } from '../src/core/clock';
import { MetricReader } from '../src/core/metrics/metric-reader';
import type { MetricStore, Points } from '../src/core/metrics/metric-store';
import type { Series, SeriesReads } from '../src/core/metrics/series';
import { buildSchema } from '../src/schema/build-schema';
import { executeOperation, type Execution } from '../src/schema/operation/execute-operation';
import { DEFAULT_LIMITS } from '../src/schema/operation/limits';
import type { SchemaServices } from '../src/schema/services';
import { cpuMsOf, median, type Figure } from './figure';
import { makeFleet, type Fleet } from './metric-fleet';

const SERIES = 50;
/** A week of five-minute points. */
const POINTS = 2_016;
const PERIOD_SECONDS = 300;
const DAY_MS = 86_400_000;
/** The week that ended yesterday: fine points are kept for a while only. */
const FROM = (Math.floor(Date.now() / DAY_MS) - 8) * DAY_MS;
const TO = FROM + POINTS * PERIOD_SECONDS * 1000;
const ROUNDS = 9;
const WARM_UP_ROUNDS = 3;

/** The three forms of the points, and how many times JSON.stringify of the columns each may cost. */
const FORMS = [
  { name: 'columns', selection: 'columns', goal: '<= 1.30' },
  { name: 'values', selection: 'values', goal: '-' },
  { name: 'points', selection: 'points { timestamp value provisional }', goal: '-' },
];

/**
 * CPU of execution and serialisation of `metricData` through the real schema, for points already in memory and for those of
 * a sealed store, against JSON.stringify of the same columns in the same round.
 */
export async function metricData(): Promise<Figure[]> {
  const columns = Array.from({ length: SERIES }, (_, index) => pointsOf(index));
  const inMemory = makeExecution({ read: async (asked) => asked.map(({ slot }) => columns[slot]) });
  const figures: Figure[] = [];
  for (const { name, selection, goal } of FORMS) {
    figures.push(await measure(`metric-data-${name}-ratio`, goal, prepare(inMemory, selection), columns));
  }
  const fleet = await sealedFleet(columns);
  try {
    const answer = prepare(makeExecution(fleet.database.metrics), 'columns');
    const expected = await prepare(inMemory, 'columns')();
    if ((await answer()) !== expected) throw new Error('The sealed store has other points than memory');
    figures.push(await measure('metric-data-sealed-ratio', '<= 2.00', answer, columns));
  } finally {
    await fleet.close();
  }
  return figures;
}

async function measure(
  name: string,
  goal: string,
  answer: () => Promise<string>,
  columns: readonly Points[],
): Promise<Figure> {
  checkAnswer(await answer());
  const ratios: number[] = [];
  for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
    const reference = await cpuMsOf(async () => JSON.stringify(columns));
    const measured = await cpuMsOf(answer);
    if (round >= 0) ratios.push(measured / reference);
  }
  return { name, value: median(ratios), goal };
}

/** One account whose series have these points, all in chunks. */
async function sealedFleet(columns: readonly Points[]): Promise<Fleet> {
  const fleet = await makeFleet(1, SERIES);
  const { fence, series } = fleet.accounts[0];
  const batch = series.map((one, index) => ({ series: one, ...columns[index], watermark: TO }));
  await fleet.database.metrics.append(fence, batch);
  await fleet.database.metricMaintenance.seal(TO, new AbortController().signal);
  return fleet;
}

/** A function that executes the query, whose document is parsed already, and gives the text of the answer. */
function prepare(execution: Execution, selection: string): () => Promise<string> {
  const document = parse(`query ($range: TimeRange!) {
    metricData(filter: {}, range: $range, maxPoints: ${POINTS}, limit: ${SERIES}) {
      step
      series { ${selection} }
    }
  }`);
  const errors = validate(execution.schema, document);
  if (errors.length > 0) throw errors[0];
  const range = { from: new Date(FROM).toISOString(), to: new Date(TO).toISOString() };
  const viewer = { tenantId: 1, role: 'VIEWER', actor: 'bench', tokenId: 1, expiresAt: null } as const;
  return async () =>
    JSON.stringify(
      await executeOperation(execution, { requestId: 'bench', document, variables: { range }, viewer }),
    );
}

/** Guards against measuring a refusal: every form of every point takes two characters at least. */
function checkAnswer(text: string): void {
  if (text.includes('"errors"')) throw new Error(`metricData failed: ${text.slice(0, 500)}`);
  if (text.length < 2 * SERIES * POINTS)
    throw new Error(`metricData answered ${text.length} characters only`);
}

function makeExecution(metrics: Pick<MetricStore, 'read'>): Execution {
  const series = Array.from({ length: SERIES }, (_, index) => seriesOf(index));
  const reads: Pick<SeriesReads, 'list'> = {
    list: async () => ({
      items: series.map((item) => ({ item, position: { sort: null, id: item.id } })),
      hasNextPage: false,
      totalCount: SERIES,
    }),
  };
  const silent = () => undefined;
  const services = {
    seriesCatalog: { within: () => reads },
    metricReader: new MetricReader({ metrics: metrics as MetricStore, clock: systemClock }),
    clock: systemClock,
    logger: { debug: silent, info: silent, warn: silent, error: silent },
  };
  return {
    schema: buildSchema([]),
    services: services as unknown as SchemaServices,
    limits: DEFAULT_LIMITS,
    hideSuggestions: true,
    introspection: false,
  };
}

/** A daily rhythm with noise, to three decimals, the same at each run. */
function pointsOf(index: number): Points {
  const timestamps = Array.from({ length: POINTS }, (_, i) => FROM + i * PERIOD_SECONDS * 1000);
  const values = timestamps.map((_, i) => {
    const noise = ((i * 7_919 + index * 104_729) % 1_000) / 100;
    return Math.round((50 + 30 * Math.sin((i / 288) * 2 * Math.PI) + noise) * 1000) / 1000;
  });
  return { timestamps, values };
}

function seriesOf(index: number): Series {
  return {
    id: index + 1,
    tenantId: 1,
    accountId: 1,
    resourceId: 1,
    region: 'eu-central-1',
    plugin: 'ec2',
    namespace: 'AWS/EC2',
    name: 'CPUUtilization',
    statistic: 'Average',
    unit: 'Percent',
    period: PERIOD_SECONDS,
    dimensions: {},
    settleSeconds: 900,
    block: 1,
    slot: index,
  };
}

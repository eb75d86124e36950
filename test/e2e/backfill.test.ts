import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescribeInstancesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { z } from 'zod';
import { openDatabase } from '../../src/db';
import type { SettleObservation } from '../../src/core/collection/settle-times';
import type { Gap } from '../../src/core/metrics/gap';
import type { HourlyPoints, Points } from '../../src/core/metrics/metric-store';
import type { Series } from '../../src/core/metrics/series';
import type { SeriesState } from '../../src/core/metrics/series-state';
import { definePlugin, metric, resourceType } from '../../src/plugins/contract';
import { demoAccountIds } from '../../src/simulator';
import { MINUTE, MORNING, startRolecall, type Rolecall } from '../support/rolecall';
import { until } from '../support/until';
import { onboard } from './onboard';
import {
  DropCredentials,
  MetricUpdates,
  PauseAccount,
  ResumeAccount,
  Runs,
  UpdateAccount,
} from './operations.graphql';
import { compareWithOracle } from './oracle';

const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const shopId = demoAccountIds.shop;
const CHECKOUT = {
  plugins: ['ec2'],
  regions: ['eu-central-1'],
  tagFilter: [{ key: 'team', values: ['checkout'] }],
};
const ORDERS = { plugins: ['rds'], regions: ['eu-central-1'] };
const floor = (at: number, width = 5 * MINUTE) => Math.floor(at / width) * width;

let rolecall: Rolecall;
const start = async (options: Parameters<typeof startRolecall>[0] = {}) => {
  rolecall = await startRolecall(options);
  return rolecall;
};
afterEach(() => rolecall.stop());

/** All runs of the account, the newest first. */
async function runsOf(accountId: string) {
  const { collectionRuns } = await rolecall.admin.execute(Runs, { filter: { accountIds: [accountId] } });
  return collectionRuns.nodes;
}

/** What is stored beside the points, read from a copy: nothing of it is served as yet. */
async function stored({ from = 0, edge = 0 } = {}): Promise<{
  gaps: Gap[];
  /** From `edge` on. */
  fine: Points[];
  /** Of [from, edge) */
  hours: HourlyPoints[];
  series: Series[];
  states: SeriesState[];
  observed: SettleObservation[];
}> {
  const copy = mkdtempSync(join(tmpdir(), 'rolecall-copy-'));
  cpSync(rolecall.dataDir, copy, { recursive: true });
  const file = join(copy, 'rolecall.sqlite');
  const database = await openDatabase({ file, awsEndpoint: rolecall.simulator.url });
  try {
    const page = await database.series.within({ tenantId: 1 }).list({}, { first: 5_000, after: null });
    const series = page.items.map(({ item }) => item);
    return {
      gaps: await database.gaps.ofAccount(1, 0, Number.MAX_SAFE_INTEGER),
      series,
      fine: edge ? await database.metrics.read(series, edge, Number.MAX_SAFE_INTEGER) : [],
      hours: edge ? await database.metrics.readHourly(series, Math.ceil(from / HOUR) * HOUR, edge) : [],
      states: await database.seriesStates.statesOf(series),
      observed: await database.settleObservations.load(0),
    };
  } finally {
    await database.close();
    rmSync(copy, { recursive: true });
  }
}

/** Calls of collections; proofs make some as well. */
function fetches(): number {
  const calls = rolecall.simulator.calls.list({ service: 'cloudwatch', action: 'GetMetricData' });
  return calls.filter(({ sessionName }) => sessionName?.startsWith('rolecall-collect')).length;
}

/** Compares day by day: one read holds a bounded number of points. */
async function expectTruth(accountId: string, from: number, to: number): Promise<void> {
  for (let day = from; day < to; day += DAY) {
    const range = { from: day, to: Math.min(day + DAY, to) };
    const result = await compareWithOracle(rolecall.admin, rolecall.simulator, {
      accountIds: [accountId],
      ...range,
    });
    expect(result).toMatchObject({ wrong: [], missing: [] });
    expect(result.equal).toBeGreaterThan(0);
  }
}

describe('what was missed', () => {
  it('while no gateway was at work for 30 hours is had by a backfill behind the live run', async () => {
    const { admin, simulator } = await start();
    const accountId = await onboard(admin, simulator, shopId, CHECKOUT);
    await rolecall.collect(5 * MINUTE);
    const from = floor(rolecall.clock.now()) - 2 * HOUR;
    await rolecall.collect(30 * HOUR);
    const [backfill, live, ...before] = await runsOf(accountId);
    expect(before).toHaveLength(1);
    expect(live).toMatchObject({ trigger: 'SCHEDULE', state: 'SUCCEEDED' });
    expect(backfill).toMatchObject({ trigger: 'BACKFILL', state: 'SUCCEEDED' });
    expect(backfill!.pointsBackfilled).toBe(backfill!.pointsStored);
    expect(backfill!.pointsBackfilled).toBeGreaterThan(100);
    expect(backfill!.steps.map(({ step }) => step)).toEqual(['FETCH', 'STORE']);
    await expectTruth(accountId, from, floor(rolecall.clock.now()) - 10 * MINUTE);
    expect((await stored()).gaps).toEqual([]);
    // Nothing is left, so nothing is asked again.
    await rolecall.collect(5 * MINUTE);
    expect((await runsOf(accountId))[0]).toMatchObject({ trigger: 'SCHEDULE' });
  });

  it('during three days of pause is had once the account is resumed', async () => {
    const { admin, simulator } = await start();
    const accountId = await onboard(admin, simulator, shopId, ORDERS);
    await rolecall.collect(5 * MINUTE);
    const from = floor(rolecall.clock.now()) - 2 * HOUR;
    await admin.execute(PauseAccount, { input: { accountId } });
    await rolecall.collect(3 * DAY);
    await admin.execute(ResumeAccount, { input: { accountId } });
    await rolecall.collect(5 * MINUTE);
    await expectTruth(accountId, from, floor(rolecall.clock.now()) - 10 * MINUTE);
    expect((await stored()).gaps).toEqual([]);
  });

  it('while CloudWatch was out for six hours heals in the next live call', async () => {
    const { admin, simulator } = await start({ limits: { attempts: 1 } });
    const accountId = await onboard(admin, simulator, shopId, CHECKOUT);
    await rolecall.collect(5 * MINUTE);
    const from = floor(rolecall.clock.now()) - 2 * HOUR;
    simulator.faults.add({ kind: 'error', status: 503, match: { service: 'cloudwatch' } });
    for (let cycle = 0; cycle < 12; cycle++) await rolecall.collect(30 * MINUTE);
    const { states } = await stored();
    const out = states.filter(
      ({ trouble }) => trouble?.reason === 'NOT_SETTLED' && /GetMetricData/.test(trouble.evidence),
    );
    expect(out).toHaveLength(states.length);
    simulator.faults.clear();
    await rolecall.collect(5 * MINUTE);
    await expectTruth(accountId, from, floor(rolecall.clock.now()) - 10 * MINUTE);
    expect((await stored()).states.every(({ trouble }) => trouble === null)).toBe(true);
  });

  it('while every call was throttled for two days is had when it is over', async () => {
    const { admin, simulator } = await start({ limits: { attempts: 1 } });
    const accountId = await onboard(admin, simulator, shopId, ORDERS);
    await rolecall.collect(5 * MINUTE);
    const from = floor(rolecall.clock.now()) - 2 * HOUR;
    simulator.faults.add({ kind: 'throttle', match: { service: 'cloudwatch' } });
    for (let cycle = 0; cycle < 8; cycle++) await rolecall.collect(6 * HOUR);
    const { states } = await stored();
    expect(new Set(states.map(({ trouble }) => trouble?.reason))).toEqual(new Set(['THROTTLED']));
    simulator.faults.clear();
    await rolecall.collect(5 * MINUTE);
    await expectTruth(accountId, from, floor(rolecall.clock.now()) - 10 * MINUTE);
    expect((await stored()).gaps).toEqual([]);
  });

  it.each([
    ['throttled', { kind: 'throttle', match: { service: 'cloudwatch' } }],
    ['without a session', { kind: 'denyAction', match: { action: 'AssumeRole' } }],
  ] as const)(
    'while no gateway was at work is put down to that, though the first run after it is %s',
    async (_, fault) => {
      const { admin, simulator } = await start({ limits: { attempts: 1 } });
      const accountId = await onboard(admin, simulator, shopId, ORDERS);
      await rolecall.collect(5 * MINUTE);
      const from = floor(rolecall.clock.now()) - 2 * HOUR;
      if (fault.kind === 'denyAction') await admin.execute(DropCredentials, { input: { accountId } });
      simulator.faults.add(fault);
      await rolecall.collect(3 * DAY);
      const { gaps, states } = await stored();
      expect(new Set(gaps.map(({ reason }) => reason))).toEqual(new Set(['GATEWAY_DOWN']));
      expect(new Set(gaps.map(({ to }) => to))).toEqual(new Set(states.map(({ watermark }) => watermark)));
      const met = fault.kind === 'throttle' ? 'THROTTLED' : 'ACCOUNT_BROKEN';
      expect(new Set(states.map(({ trouble }) => trouble?.reason))).toEqual(new Set([met]));
      simulator.faults.clear();
      for (let cycle = 0; cycle < 2; cycle++) await rolecall.collect(5 * MINUTE);
      await expectTruth(accountId, from, floor(rolecall.clock.now()) - 10 * MINUTE);
      expect((await stored()).gaps).toEqual([]);
    },
  );

  it('without a session says so, and is had with the role back', async () => {
    const { admin, simulator } = await start();
    const accountId = await onboard(admin, simulator, shopId, ORDERS);
    await rolecall.collect(5 * MINUTE);
    await admin.execute(DropCredentials, { input: { accountId } });
    simulator.faults.add({ kind: 'denyAction', match: { action: 'AssumeRole' } });
    await rolecall.collect(5 * MINUTE);
    const { states } = await stored();
    expect(new Set(states.map(({ trouble }) => trouble?.reason))).toEqual(new Set(['ACCOUNT_BROKEN']));
    expect(states[0]!.trouble!.evidence).toContain('AssumeRole');
    simulator.faults.clear();
    await rolecall.collect(5 * MINUTE);
    expect((await stored()).states.every(({ trouble }) => trouble === null)).toBe(true);
  });

  it('of what is chosen no more is neither noted nor paid for when the role breaks', async () => {
    const { admin, simulator } = await start({ limits: { attempts: 1 } });
    const accountId = await onboard(admin, simulator, shopId, { ...ORDERS, plugins: ['ec2', 'rds'] });
    await rolecall.collect(5 * MINUTE);
    await admin.execute(UpdateAccount, { input: { accountId, plugins: ['rds'] } });
    for (let day = 0; day < 3; day++) await rolecall.collect(DAY);
    await admin.execute(DropCredentials, { input: { accountId } });
    simulator.faults.add({ kind: 'denyAction', match: { action: 'AssumeRole' } });
    await rolecall.collect(5 * MINUTE);
    const { gaps, series, states } = await stored();
    const troubled = series.filter((_, index) => states[index]!.trouble !== null);
    expect(new Set(troubled.map(({ plugin }) => plugin))).toEqual(new Set(['rds']));
    expect(series.length).toBeGreaterThan(troubled.length);
    expect(gaps).toEqual([]);
  });
});

describe('history of before the onboarding', () => {
  it('of 14 days comes with the first collection, the newest first', async () => {
    const { admin, simulator } = await start({ settings: { ROLECALL_BACKFILL_DAYS: '14' } });
    const accountId = await onboard(admin, simulator, shopId, CHECKOUT);
    await rolecall.collect(5 * MINUTE);
    const now = rolecall.clock.now();
    const runs = await runsOf(accountId);
    expect(runs.at(-1)).toMatchObject({ trigger: 'SCHEDULE', pointsBackfilled: 0 });
    expect(
      runs.slice(0, -1).every(({ trigger, state }) => trigger === 'BACKFILL' && state === 'SUCCEEDED'),
    ).toBe(true);
    expect((await stored()).gaps).toEqual([]);
    await expectTruth(accountId, floor(now - 14 * DAY, HOUR) + HOUR, floor(now) - 10 * MINUTE);
  }, 40_000);
});

/** Three series an instance, every 60 s or every 300. */
function instancesEvery(period: 60 | 300) {
  return definePlugin({
    ...{ name: 'fleet', version: '1.0.0', apiVersion: 1, displayName: 'Fleet', description: 'A fleet' },
    iamActions: ['ec2:DescribeInstances'],
    resources: {
      'fleet:instance': resourceType({
        graphqlType: 'FleetInstance',
        description: 'An instance.',
        attributes: z.object({ instanceId: z.string() }),
        metrics: [
          {
            namespace: 'AWS/EC2',
            settleSeconds: 60,
            period: () => period,
            dimensions: ({ attributes }) => [{ InstanceId: attributes.instanceId }],
            definitions: [
              metric('CPUUtilization', ['Average', 'Maximum'], 'Percent'),
              metric('NetworkIn', ['Sum'], 'Bytes'),
            ],
          },
        ],
      }),
    },
    async *discover({ aws }) {
      const { Reservations = [] } = await aws.client(EC2Client).send(new DescribeInstancesCommand({}));
      const instances = Reservations.flatMap(({ Instances = [] }) => Instances);
      const one = instances.find(({ Tags = [] }) => Tags.some(({ Value }) => Value === 'checkout-1'))!;
      const id = one.InstanceId!;
      yield { type: 'fleet:instance', arn: null, id, name: null, tags: {}, attributes: { instanceId: id } };
    },
  });
}

describe('the edges of what CloudWatch keeps', () => {
  it.each([
    [60, 15],
    [300, 63],
  ] as const)(
    '%i s points are had for %i days, hours before that, and what is lost says so',
    async (period, days) => {
      const { admin, simulator } = await start({ plugins: [instancesEvery(period)] });
      await onboard(admin, simulator, shopId, { regions: ['eu-central-1'] });
      await rolecall.collect(5 * MINUTE);
      const { watermark } = (await stored()).states[0]!;
      await rolecall.collect(70 * DAY);
      const now = rolecall.clock.now();
      const edge = Math.ceil((now - days * DAY + HOUR) / HOUR) * HOUR;
      const { gaps, series, fine, hours } = await stored({ from: watermark!, edge });
      expect(series).toHaveLength(3);
      // A part of an hour at the start: it has fine points already.
      expect(gaps.map(({ from, to, reason, recoverable }) => ({ from, to, reason, recoverable }))).toEqual([
        {
          from: watermark,
          to: Math.ceil(watermark! / HOUR) * HOUR,
          reason: 'OUTSIDE_RETENTION',
          recoverable: false,
        },
      ]);
      for (const [index, one] of series.entries()) {
        const truth = (timestamp: number, width: number) =>
          simulator.oracle.metricValue({
            ...{ accountId: shopId, region: one.region, namespace: one.namespace, metricName: one.name },
            dimensions: Object.entries(one.dimensions).map(([Name, Value]) => ({ Name, Value })),
            ...{ statistic: one.statistic, period: width, timestamp },
          })!;
        const points = fine[index]!;
        const settled = points.timestamps.filter((at) => at < now - 15 * MINUTE);
        expect(settled).toHaveLength((floor(now - 15 * MINUTE, period * 1000) - edge) / (period * 1000) + 1);
        for (let at = 0; at < settled.length; at += 97)
          expect(points.values[at]).toBe(truth(settled[at]!, period));
        const hourly = hours[index]!;
        expect(hourly.hours).toHaveLength((edge - Math.ceil(watermark! / HOUR) * HOUR) / HOUR);
        for (let at = 0; at < hourly.hours.length; at += 13) {
          expect(hourly.count[at]).toBe(3_600 / period);
          const value = truth(hourly.hours[at]!, 3_600);
          if (one.statistic === 'Maximum') expect(hourly.maximum[at]).toBeCloseTo(value, 6);
          const whole = one.statistic === 'Sum' ? hourly.sum[at]! : hourly.sum[at]! / hourly.count[at]!;
          if (one.statistic !== 'Maximum') expect(whole / value).toBeCloseTo(1, 9);
        }
      }
    },
    40_000,
  );
});

/** A plugin of things with two metrics each, one of which CloudWatch refuses. */
function manyThings(count: number) {
  const tooMany = Object.fromEntries(Array.from({ length: 31 }, (_, index) => [`Dimension${index}`, 'x']));
  return definePlugin({
    ...{ name: 'things', version: '1.0.0', apiVersion: 1, displayName: 'Things', description: 'Things' },
    iamActions: ['ec2:DescribeInstances'],
    resources: {
      'things:thing': resourceType({
        graphqlType: 'Thing',
        description: 'A thing.',
        attributes: z.object({ number: z.int() }),
        metrics: [
          {
            namespace: 'Things',
            // So late that ListMetrics is no judge of it: CloudWatch here knows no such thing.
            settleSeconds: 4 * 3_600,
            dimensions: ({ attributes }) => [
              attributes.number === 321 ? tooMany : { Thing: String(attributes.number) },
            ],
            definitions: [metric('Weight', ['Average'], 'Bytes')],
          },
        ],
      }),
    },
    // eslint-disable-next-line @typescript-eslint/require-await
    async *discover() {
      for (let number = 0; number < count; number++) {
        const id = String(number);
        yield { type: 'things:thing', arn: null, id, name: null, tags: {}, attributes: { number } };
      }
    },
  });
}

describe('CloudWatch answers in part', () => {
  it('one bad query of 500 costs one query', async () => {
    const { admin, simulator } = await start({ plugins: [manyThings(500)], limits: { attempts: 1 } });
    const accountId = await onboard(admin, simulator, shopId, { regions: ['eu-central-1'] });
    await rolecall.collect(5 * MINUTE);
    expect(fetches()).toBe(19);
    const [run] = await runsOf(accountId);
    expect(run).toMatchObject({ state: 'PARTIAL', seriesCollected: 499 });
    expect(run!.steps.find(({ step }) => step === 'FETCH')!.error!.message).toContain('refused 1 of 500');
    const { series, states } = await stored();
    const without = series.filter((_, index) => states[index]!.answeredAt === null);
    expect(without).toHaveLength(1);
    expect(states[series.indexOf(without[0]!)]!.trouble).toMatchObject({
      reason: 'PLUGIN_FAILED',
      evidence: expect.stringContaining('must not have a size greater than 30'),
    });
    // It is left alone for an hour, then asked for again.
    for (const [minutes, calls] of [
      [5, 1],
      [30, 1],
      [30, 19],
    ] as const) {
      simulator.calls.clear();
      await rolecall.collect(minutes * MINUTE);
      expect(fetches()).toBe(calls);
    }
  });

  it('Forbidden for some: they say so, and the others go on', async () => {
    const { admin, simulator } = await start();
    const accountId = await onboard(admin, simulator, shopId, ORDERS);
    const fault = { kind: 'partialData' as const, statusCode: 'Forbidden' as const };
    simulator.faults.add({ ...fault, share: 0.3 });
    await rolecall.collect(5 * MINUTE);
    const { states } = await stored();
    const denied = states.filter(({ trouble }) => trouble?.reason === 'DENIED');
    expect(denied.length).toBeGreaterThan(0);
    expect(denied.length).toBeLessThan(states.length);
    expect(denied.every(({ watermark, answeredAt }) => watermark === null && answeredAt === null)).toBe(true);
    simulator.faults.clear();
    await rolecall.collect(5 * MINUTE);
    await expectTruth(accountId, floor(MORNING, HOUR) - 2 * HOUR, floor(rolecall.clock.now()) - 10 * MINUTE);
  });

  it('PartialData in a backfill leaves the gap for those that are not whole', async () => {
    const { admin, simulator } = await start();
    const accountId = await onboard(admin, simulator, shopId, ORDERS);
    await rolecall.collect(5 * MINUTE);
    const from = floor(rolecall.clock.now()) - 2 * HOUR;
    simulator.faults.add({ kind: 'partialData', share: 0.4, match: { service: 'cloudwatch' } });
    await rolecall.collect(2 * DAY);
    simulator.faults.clear();
    for (let cycle = 0; cycle < 4; cycle++) await rolecall.collect(30 * MINUTE);
    expect((await stored()).gaps).toEqual([]);
    await expectTruth(accountId, from, floor(rolecall.clock.now()) - 10 * MINUTE);
  });
});

describe('what CloudWatch revises later than is declared', () => {
  it('is published like a new point, and looked for longer from then on', async () => {
    const { admin, simulator } = await start();
    const accountId = await onboard(admin, simulator, shopId, ORDERS);
    // What was revised before anything could be seen of it is not had.
    const from = floor(rolecall.clock.now());
    // RDS is declared to settle in 300 s. A period that has closed is not there, then there in part, then whole.
    simulator.faults.add({ kind: 'latePoints', lateSeconds: 400 });
    const told = new Map<string, number[]>();
    const updates = admin.subscribe(MetricUpdates, {
      filter: { names: ['ReadIOPS'], statistics: ['Average'] },
    });
    void (async () => {
      for await (const { metricUpdates } of updates)
        for (const {
          metric: { id },
          columns,
        } of metricUpdates.series)
          columns.timestamps.forEach((timestamp, index) => {
            const key = `${id} ${timestamp}`;
            told.set(key, [...(told.get(key) ?? []), columns.values[index]!]);
          });
    })().catch(() => undefined);
    for (let cycle = 0; cycle < 8; cycle++) await rolecall.collect(5 * MINUTE);
    const { observed } = await stored();
    expect(observed).toContainEqual(
      expect.objectContaining({ namespace: 'AWS/RDS', name: 'ReadIOPS', ageMs: 10 * MINUTE + 10_000 }),
    );
    await until(() => [...told.values()].some((values) => values.length > 1));
    expect([...told.values()].every((values) => new Set(values).size === values.length)).toBe(true);
    await expectTruth(accountId, from, floor(rolecall.clock.now()) - 15 * MINUTE);
  });
});

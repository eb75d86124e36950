import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { openDatabase } from '../../src/db';
import type { Gap } from '../../src/core/metrics/gap';
import type { Series } from '../../src/core/metrics/series';
import type { SeriesState } from '../../src/core/metrics/series-state';
import { definePlugin, metric, resourceType } from '../../src/plugins/contract';
import { demoAccountIds } from '../../src/simulator';
import { MINUTE, MORNING, startRolecall, type Rolecall } from '../support/rolecall';
import { onboard } from './onboard';
import { PauseAccount, ResumeAccount, Runs } from './operations.graphql';
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
async function stored(): Promise<{ gaps: Gap[]; series: Series[]; states: SeriesState[] }> {
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
      states: await database.seriesStates.statesOf(series),
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
    expect(backfill!.steps.map(({ step }) => step)).toEqual(['PLAN', 'FETCH', 'STORE']);
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

  it('is asked for again, later and later, while it cannot be had', async () => {
    const { admin, simulator } = await start({ limits: { attempts: 1 } });
    const accountId = await onboard(admin, simulator, shopId, ORDERS);
    await rolecall.collect(5 * MINUTE);
    const from = floor(rolecall.clock.now()) - 2 * HOUR;
    simulator.faults.add({ kind: 'throttle', match: { service: 'cloudwatch' } });
    rolecall.clock.advance(3 * DAY);
    await rolecall.collect();
    simulator.faults.clear();
    await rolecall.collect(5 * MINUTE);
    await expectTruth(accountId, from, floor(rolecall.clock.now()) - 10 * MINUTE);
    const gaps = (await stored()).gaps;
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
            settleSeconds: 60,
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
    const { admin, simulator } = await start({ plugins: [manyThings(500)] });
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

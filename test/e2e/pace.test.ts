import { demoAccountIds } from '../../src/simulator';
import { MINUTE, MORNING, startRolecall, type Rolecall } from '../support/rolecall';
import { onboard } from './onboard';
import { StoredSeries, UpdateAccount } from './operations.graphql';
import { compareWithOracle } from './oracle';

/** What is asked for, and how often: series without recent data are not, and what is dear is not asked for in every cycle. */

const HOUR = 60 * MINUTE;
const region = 'eu-central-1';
const shopId = demoAccountIds.shop;
const floor = (at: number) => Math.floor(at / (5 * MINUTE)) * 5 * MINUTE;

let rolecall: Rolecall;
beforeEach(async () => {
  // Backfills ask for more than what a live run does.
  rolecall = await startRolecall({ settings: { ROLECALL_BACKFILL_DAYS: '0' } });
});
afterEach(() => rolecall.stop());

const callsOf = (action: string) =>
  rolecall.simulator.calls
    .list({ action })
    .filter(({ sessionName }) => !sessionName || /^rolecall-(collect|discover)/.test(sessionName));

/** Metrics requested by one more cycle. */
async function asked(): Promise<number> {
  rolecall.simulator.calls.clear();
  await rolecall.collect(5 * MINUTE);
  return callsOf('GetMetricData').reduce((sum, { queries = 0 }) => sum + queries, 0);
}

async function pass(milliseconds: number): Promise<void> {
  for (let passed = 0; passed < milliseconds; passed += 5 * MINUTE) await rolecall.collect(5 * MINUTE);
}

it('does not ask for what CloudWatch has had no data for, and has all of it when it comes back', async () => {
  const { admin, simulator, clock } = rolecall;
  const quiet = {
    ...{ accountId: shopId, region, namespace: 'AWS/EC2', metricName: 'NetworkIn' },
    ...{ from: MORNING - 24 * HOUR, to: MORNING + 24 * HOUR },
  };
  simulator.world.quietTimes.push(quiet);
  const accountId = await onboard(admin, simulator, shopId, { plugins: ['ec2'], regions: [region] });
  const all = await asked();
  simulator.calls.clear();
  await pass(100 * MINUTE);
  // At the first cycle, and at the account's place in the hour.
  expect(callsOf('ListMetrics').length).toBeGreaterThanOrEqual(1);
  expect(callsOf('ListMetrics').length).toBeLessThanOrEqual(2);
  const running = [...simulator.world.resources(shopId, region).instances.values()].filter(
    ({ State }) => State.Name === 'running',
  );
  expect(running.length).toBeGreaterThan(1);
  expect(await asked()).toBe(all - running.length);

  quiet.to = clock.now();
  const back = floor(clock.now()) - 10 * MINUTE;
  await pass(90 * MINUTE);
  expect(await asked()).toBe(all);
  await pass(30 * MINUTE);
  const to = floor(clock.now()) - 20 * MINUTE;
  const truth = await compareWithOracle(admin, simulator, { accountIds: [accountId], from: back, to });
  expect(truth).toMatchObject({ wrong: [], missing: [] });
  expect(truth.equal).toBeGreaterThan(100);
});

it('asks for everything where ListMetrics is denied, and the account is well', async () => {
  const { admin, simulator } = rolecall;
  const quiet = { accountId: shopId, region, namespace: 'AWS/EC2', from: 0, to: MORNING + 24 * HOUR };
  simulator.world.quietTimes.push({ ...quiet, metricName: 'NetworkIn' });
  await onboard(admin, simulator, shopId, { plugins: ['ec2'], regions: [region] });
  simulator.faults.add({ kind: 'denyAction', match: { service: 'cloudwatch', action: 'ListMetrics' } });
  const all = await asked();
  await pass(2 * HOUR);
  expect(await asked()).toBe(all);
});

it('asks for a point each minute where the profile says so and the resource publishes it', async () => {
  const { admin, simulator, clock } = rolecall;
  const accountId = await onboard(admin, simulator, shopId, { plugins: ['ec2'], regions: [region] });
  const before = await asked();
  const metricProfiles = [{ plugin: 'ec2', level: 'CORE' as const, periodSeconds: 60 }];
  const { updateAccount } = await admin.execute(UpdateAccount, { input: { accountId, metricProfiles } });
  expect(updateAccount.errors).toEqual([]);
  // As many queries: the price is the same.
  expect(await asked()).toBe(before);
  await pass(15 * MINUTE);
  const at = floor(clock.now()) - 15 * MINUTE;
  const range = { from: new Date(at - HOUR).toISOString(), to: new Date(at).toISOString() };
  const { metricData } = await admin.execute(StoredSeries, {
    ...{ filter: { accountIds: [accountId] }, range, step: 60 },
  });
  const monitored = new Map(
    [...simulator.world.resources(shopId, region).instances.values()].map((one) => [
      one.InstanceId,
      one.Monitoring.State === 'enabled',
    ]),
  );
  const periods = new Set<string>();
  for (const { metric } of metricData.series) {
    const isDetailed = monitored.get(String(metric.dimensions.InstanceId));
    periods.add(`${metric.name} ${isDetailed ? 'detailed' : 'basic'} ${metric.period}`);
  }
  // The series of before are there with their history.
  expect(periods).toContain('CPUUtilization detailed 300');
  expect(periods).toContain('CPUUtilization detailed 60');
  expect(periods).not.toContain('CPUUtilization basic 60');
  expect(periods).toContain('StatusCheckFailed basic 60');
  expect(periods).not.toContain('CPUCreditBalance detailed 60');
  const fine = metricData.series.filter(
    ({ metric }) => `${metric.name} ${metric.period}` === 'CPUUtilization 60',
  );
  expect(fine.map(({ columns }) => columns.timestamps.length)).toEqual(fine.map(() => 60));
});

it('asks for the tags of load balancers every quarter of an hour, and at once for one that is new', async () => {
  const { admin, simulator } = rolecall;
  await onboard(admin, simulator, shopId, { plugins: ['elb'], regions: [region] });
  await rolecall.collect(5 * MINUTE);
  simulator.calls.clear();
  await rolecall.collect(5 * MINUTE);
  expect(callsOf('DescribeLoadBalancers').length).toBeGreaterThan(0);
  expect(callsOf('DescribeTags')).toEqual([]);
  simulator.world.addLoadBalancer({ accountId: shopId, region, name: 'fresh', tags: { env: 'prod' } });
  await rolecall.collect(5 * MINUTE);
  expect(callsOf('DescribeTags')).toHaveLength(1);
  await rolecall.collect(5 * MINUTE);
  await rolecall.collect(5 * MINUTE);
  expect(callsOf('DescribeTags').length).toBeGreaterThan(1);
});

import { demoAccountIds } from '../../src/simulator';
import { MINUTE, startRolecall, type Rolecall } from '../support/rolecall';
import { Costs, RunCosts, SetBudget, Usage } from './cost-operations.graphql';
import { onboard } from './onboard';
import { CollectNow } from './operations.graphql';
import { compareWithOracle } from './oracle';

/** The ledger: every call of AWS that is made for an account, what it costs, and the budget. */

const DAY = 24 * 60 * MINUTE;
const TODAY = { last: 1 };
const PRICE = 0.00001;

let rolecall: Rolecall;
afterEach(() => rolecall.stop());

const usage = async (variables: { groupBy?: string[]; range?: object; limit?: number } = {}) =>
  (
    await rolecall.admin.execute(Usage, {
      range: TODAY,
      ...(variables as object),
    })
  ).apiUsage;
const costOf = async (accountId: string) =>
  (await rolecall.admin.execute(Costs)).accounts.nodes.find(({ id }) => id === accountId)!.cost;
const setBudget = (accountId: string, monthlyBudgetUsd: number | null) =>
  rolecall.admin.execute(SetBudget, { input: { accountId, monthlyBudgetUsd } });

it('holds every call that AWS was sent for the account, by plugin and Region', async () => {
  rolecall = await startRolecall();
  const { admin, simulator } = rolecall;
  // What the gateway asks of itself is nobody's.
  const accountId = await onboard(admin, simulator, demoAccountIds.shop);
  simulator.faults.add({ kind: 'throttle', match: { action: 'DescribeVolumes', probability: 0.5 } });
  for (let cycle = 0; cycle < 3; cycle++) await rolecall.collect(5 * MINUTE);

  const sent = new Map<string, number>();
  for (const { service, action, ...call } of simulator.calls.list()) {
    const api = `${service === 'monitoring' ? 'cloudwatch' : service}:${action}`;
    if (call.accountId === demoAccountIds.shop || action === 'AssumeRole')
      sent.set(api, (sent.get(api) ?? 0) + 1);
  }
  const booked = await usage({ groupBy: ['API'] });
  expect(Object.fromEntries(booked.map(({ api, calls }) => [api, calls]))).toEqual(Object.fromEntries(sent));

  const all = await usage({ groupBy: ['DAY', 'ACCOUNT', 'PLUGIN', 'REGION', 'API'] });
  expect(all.every(({ account }) => account!.id === accountId)).toBe(true);
  const discovery = all.filter(({ api }) => api === 'rds:DescribeDBInstances');
  expect(discovery.length).toBeGreaterThan(1);
  expect(new Set(discovery.flatMap(({ calls, plugin }) => (calls > 0 ? plugin : [])))).toEqual(
    new Set(['rds', null]),
  );
  const fetched = all.filter(({ api }) => api === 'cloudwatch:GetMetricData');
  expect(new Set(fetched.map(({ plugin }) => plugin))).toEqual(new Set(['ec2', 'rds', 'elb', null]));
  // Of no plugin are the calls themselves and the metric that each of the two proofs asked for.
  const shared = fetched.filter(({ plugin }) => plugin === null);
  expect(shared.reduce((sum, { metricsRequested }) => sum + metricsRequested, 0)).toBe(2);

  const [total] = await usage({ groupBy: [] });
  expect(total).toMatchObject({ day: null, account: null, plugin: null, region: null, api: null });
  expect(total.costUsdUpperBound).toBeGreaterThan(total.costUsd);
  const { collectionRuns } = await admin.execute(RunCosts, { accountIds: [accountId] });
  const ofRuns = collectionRuns.nodes.reduce((sum, { costUsd }) => sum + costUsd, 0);
  // The proofs ask a metric and a list each, outside of any run.
  const proofs = booked.find(({ api }) => api === 'cloudwatch:ListMetrics')!.calls;
  expect(total.costUsd - ofRuns).toBeLessThanOrEqual(2 * proofs * PRICE + 1e-9);
  expect(total.costUsd - ofRuns).toBeGreaterThanOrEqual(-1e-9);
  const cost = await costOf(accountId);
  expect(cost).toMatchObject({ budgetState: 'NONE', monthToDateUsd: total.costUsd });
  expect(cost.monthToDateUsdUpperBound).toBe(total.costUsdUpperBound);
  expect(cost.forecastMonthEndUsd).toBeGreaterThan(cost.monthToDateUsd);
});

it('counts what broke on the way in the upper bound, once more for each retry', async () => {
  rolecall = await startRolecall();
  await onboard(rolecall.admin, rolecall.simulator, demoAccountIds.shop);
  const fetched = async () =>
    (await usage({ groupBy: ['API'] })).find(({ api }) => api === 'cloudwatch:GetMetricData')!;
  await rolecall.collect(5 * MINUTE);
  const first = await fetched();
  rolecall.simulator.faults.add({ kind: 'drop', match: { action: 'GetMetricData' }, times: 1 });
  await rolecall.collect(5 * MINUTE);
  const second = await fetched();
  rolecall.simulator.faults.clear();
  await rolecall.collect(5 * MINUTE);
  const third = await fetched();
  const lower = third.costUsd - second.costUsd;
  const upper = third.costUsdUpperBound - second.costUsdUpperBound;
  expect(second.costUsd - first.costUsd).toBeCloseTo(lower, 9);
  expect(second.costUsdUpperBound - first.costUsdUpperBound).toBeGreaterThan(upper + PRICE / 2);
});

it('adds nothing twice when the gateway stops and starts again', async () => {
  rolecall = await startRolecall();
  await onboard(rolecall.admin, rolecall.simulator, demoAccountIds.shop);
  await rolecall.collect(5 * MINUTE);
  const before = await usage({ groupBy: ['API'] });
  await rolecall.restart();
  expect(await usage({ groupBy: ['API'] })).toEqual(before);
});

it('orders accounts by what they cost', async () => {
  rolecall = await startRolecall();
  const { admin, simulator } = rolecall;
  const dear = await onboard(admin, simulator, demoAccountIds.shop);
  const cheap = await onboard(admin, simulator, demoAccountIds.media, { plugins: ['rds'] });
  await rolecall.collect(5 * MINUTE);
  const order = async (direction: 'ASC' | 'DESC') =>
    (await admin.execute(Costs, { orderBy: { field: 'COST', direction } })).accounts.nodes.map(
      ({ id }) => id,
    );
  expect(await order('DESC')).toEqual([dear, cheap]);
  expect(await order('ASC')).toEqual([cheap, dear]);
});

it('refuses a collection by hand when the budget is spent, until the month turns or it is raised', async () => {
  rolecall = await startRolecall();
  const { admin, simulator } = rolecall;
  const accountId = await onboard(admin, simulator, demoAccountIds.shop);
  const collectNow = async () =>
    (await admin.execute(CollectNow, { input: { accountId } })).collectNow.errors.map(({ code }) => code);
  await rolecall.collect(5 * MINUTE);
  const { monthToDateUsdUpperBound: spent } = await costOf(accountId);
  await setBudget(accountId, spent / 0.9);
  expect(await costOf(accountId)).toMatchObject({ budgetState: 'STRETCHED' });
  await setBudget(accountId, spent);
  const held = await costOf(accountId);
  expect(held).toMatchObject({ budgetState: 'HELD', forecastMonthEndUsd: held.monthToDateUsd });
  expect(await collectNow()).toEqual(['RC_BUDGET_EXCEEDED']);
  await setBudget(accountId, spent * 2);
  expect(await costOf(accountId)).toMatchObject({ budgetState: 'WITHIN' });
  await setBudget(accountId, 0);
  expect(await collectNow()).toEqual(['RC_BUDGET_EXCEEDED']);
  await setBudget(accountId, spent);
  rolecall.clock.advance(7 * DAY);
  expect(await costOf(accountId)).toMatchObject({ budgetState: 'WITHIN', monthToDateUsd: 0 });
  expect(await collectNow()).toEqual([]);
});

it('holds at the budget, never more than a call beyond it, says so, and fills the gap when the month turns', async () => {
  rolecall = await startRolecall({ at: Date.UTC(2026, 10, 30, 3, 0, 10) });
  const { admin, simulator } = rolecall;
  const accountId = await onboard(admin, simulator, demoAccountIds.shop);
  await rolecall.collect(5 * MINUTE);
  await rolecall.collect(5 * MINUTE);
  const before = await costOf(accountId);
  await rolecall.collect(5 * MINUTE);
  const cycle = (await costOf(accountId)).monthToDateUsdUpperBound - before.monthToDateUsdUpperBound;
  // Used up in the middle of the next cycle.
  const budget = before.monthToDateUsdUpperBound + 1.5 * cycle;
  await setBudget(accountId, budget);
  await rolecall.collect(5 * MINUTE);
  const held = await costOf(accountId);
  expect(held.budgetState).toBe('HELD');
  const dearest = Math.max(...simulator.calls.list({ action: 'GetMetricData' }).map((call) => call.queries!));
  expect(held.monthToDateUsdUpperBound).toBeLessThanOrEqual(budget + dearest * PRICE);

  const mark = simulator.calls.mark();
  for (let i = 0; i < 3; i++) await rolecall.collect(5 * MINUTE);
  expect(simulator.calls.list({ service: 'cloudwatch', after: mark })).toEqual([]);
  expect(simulator.calls.list({ action: 'DescribeInstances', after: mark }).length).toBeGreaterThan(0);
  const [run] = (await admin.execute(RunCosts, { accountIds: [accountId] })).collectionRuns.nodes;
  expect(run.steps.find(({ step }) => step === 'FETCH')!.error).toMatchObject({ code: 'BUDGET_EXCEEDED' });
  expect(run.costUsd).toBe(0);

  rolecall.clock.set(Date.UTC(2026, 11, 1, 0, 0, 20));
  await rolecall.collect();
  const [next] = (await admin.execute(RunCosts, { accountIds: [accountId] })).collectionRuns.nodes;
  expect(next.steps.filter(({ step }) => step === 'FETCH').every(({ error }) => error === null)).toBe(true);
  expect(next.costUsd).toBeGreaterThan(0);
  // A live call reaches 200 periods back; what is older costs another ask of each series.
  await setBudget(accountId, 10 * budget);
  for (let i = 0; i < 2; i++) await rolecall.collect(5 * MINUTE);
  const { nodes } = (await admin.execute(RunCosts, { accountIds: [accountId] })).collectionRuns;
  expect(nodes.find(({ trigger }) => trigger === 'BACKFILL')).toMatchObject({ state: 'SUCCEEDED' });
  const { to, from } = { from: Date.UTC(2026, 10, 30, 3), to: Date.UTC(2026, 11, 1) };
  const range = { accountIds: [accountId], from, to };
  expect(await compareWithOracle(admin, simulator, range)).toMatchObject({ wrong: [], missing: [] });
});

import { demoAccountIds } from '../../src/simulator';
import { MINUTE, startRolecall, type Rolecall } from '../support/rolecall';
import { Costs, NoDataOfAccounts, SetBudget } from './cost-operations.graphql';
import { onboard } from './onboard';
import { StoredSeries } from './operations.graphql';
import { compareWithOracle } from './oracle';

/** What a budget does of which 80 % is spent. */

const DAY = 24 * 60 * MINUTE;
const STEP = 5 * MINUTE;

let rolecall: Rolecall;
afterEach(() => rolecall.stop());

it('asks hourly for what nobody has read for 30 days, as often as ever for the rest, and loses no point', async () => {
  rolecall = await startRolecall();
  const { admin, simulator, clock } = rolecall;
  const settings = { plugins: ['rds'], regions: ['eu-central-1'] };
  const accountId = await onboard(admin, simulator, demoAccountIds.shop, settings);
  const setBudget = (monthlyBudgetUsd: number) =>
    admin.execute(SetBudget, { input: { accountId, monthlyBudgetUsd } });
  const cost = async () => (await admin.execute(Costs)).accounts.nodes[0].cost;
  /** Metrics asked for by the collections of an hour. */
  const anHour = async () => {
    simulator.calls.clear();
    for (let cycle = 0; cycle < 12; cycle++) await rolecall.collect(STEP);
    return simulator.calls
      .list({ action: 'GetMetricData' })
      .reduce((sum, { queries = 0 }) => sum + queries, 0);
  };

  await setBudget(1_000);
  await rolecall.collect(STEP);
  await rolecall.collect(31 * DAY);
  await rolecall.collect(STEP);
  const from = Math.ceil(clock.now() / STEP) * STEP;
  const usual = await anHour();
  const { monthToDateUsdUpperBound: spent } = await cost();
  await setBudget(spent / 0.81);
  expect(await cost()).toMatchObject({ budgetState: 'STRETCHED' });
  const filter = { accountIds: [accountId], names: ['CPUUtilization'] };
  const { metricData } = await admin.execute(StoredSeries, { filter, range: { last: 3_600 } });
  const read = metricData.series.length;
  const all = usual / 12;
  expect(read).toBeGreaterThan(0);
  expect(read).toBeLessThan(all / 2);

  expect(await anHour()).toBe(12 * read + (all - read));
  expect(await cost()).toMatchObject({ budgetState: 'STRETCHED' });
  expect((await admin.execute(NoDataOfAccounts)).accounts.nodes).toMatchObject([{ noData: [] }]);
  await rolecall.collect(STEP);
  const to = Math.floor(clock.now() / STEP) * STEP - 90 * MINUTE;
  const range = { accountIds: [accountId], from, to: to + 60 * MINUTE };
  expect(await compareWithOracle(admin, simulator, range)).toMatchObject({ wrong: [], missing: [] });
});

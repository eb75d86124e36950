import { demoAccountIds } from '../../src/simulator';
import { ForecastAccount, TrustOf } from '../security/operations.graphql';
import { connect, prepare } from '../security/support/connect';
import { TRUST_VARIANTS } from '../security/support/trust-variants';
import { MINUTE, startRolecall, type Rolecall } from '../support/rolecall';
import { until } from '../support/until';
import { register } from './onboard';
import { DropCredentials, RemoveAccount, Runs } from './operations.graphql';

/** forecastAccount: what an account would find, need and cost, with not one priced metric request. */

const EXACT = TRUST_VARIANTS[0]!;

let rolecall: Rolecall;
beforeAll(async () => (rolecall = await startRolecall()));
afterAll(() => rolecall.stop());

async function forecast(input: {
  accountId: string;
  roleArn?: string;
  plugins?: string[];
  regions?: string[];
}) {
  rolecall.simulator.calls.clear();
  const { forecastAccount } = await rolecall.admin.execute(ForecastAccount, { input });
  return { ...forecastAccount, calls: rolecall.simulator.calls.list() };
}

it.each(TRUST_VARIANTS.filter(({ foundBy }) => foundBy))(
  'a pasted role with $name is refused before any service is called',
  async (variant) => {
    const { accountId, roleArn } = await prepare(rolecall, demoAccountIds.media, variant, {
      selfAudit: true,
    });
    const { forecast: found, errors, verification, calls } = await forecast({ accountId, roleArn });
    expect(found).toBeNull();
    expect(errors).toMatchObject([{ __typename: 'TrustRefused' }]);
    expect(verification!.ok).toBe(false);
    expect(calls.filter(({ service }) => !['sts', 'iam'].includes(service))).toEqual([]);
  },
);

it.each(['removeAccount', 'dropCredentials'] as const)('ends within a second of %s', async (how) => {
  const { accountId, roleArn } = await prepare(rolecall, demoAccountIds.payments, EXACT);
  rolecall.simulator.faults.add({
    kind: 'delay',
    delayMs: 100,
    match: { accountId: demoAccountIds.payments },
  });
  rolecall.simulator.faults.add({ kind: 'delay', delayMs: 100, match: { service: 'sts' } });
  const underWay = forecast({ accountId, roleArn }).then(
    ({ errors }) => errors.map(({ code }) => code),
    () => ['failed'],
  );
  await until(() => rolecall.simulator.calls.list({ service: 'ec2' }).length > 0);
  const document = how === 'removeAccount' ? RemoveAccount : DropCredentials;
  await rolecall.admin.execute(document as typeof RemoveAccount, { input: { accountId } });
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  const mark = rolecall.simulator.calls.mark();
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(rolecall.simulator.calls.list({ after: mark })).toEqual([]);
  expect(await underWay).not.toEqual([]);
  rolecall.simulator.faults.clear();
});

it('needs a role for an account that is not connected', async () => {
  const { id } = await register(rolecall.admin, 'No role');
  const { errors, calls } = await forecast({ accountId: id });
  expect(errors).toMatchObject([{ code: 'RC_FORECAST_ROLE_NEEDED' }]);
  expect(calls).toEqual([]);
});

it('finds and prices what is then collected, and changes nothing', async () => {
  const candidate = await prepare(rolecall, demoAccountIds.shop, EXACT);
  const before = await rolecall.admin.execute(TrustOf, { id: candidate.accountId });
  const {
    forecast: found,
    errors,
    verification,
    calls,
  } = await forecast({
    accountId: candidate.accountId,
    roleArn: candidate.roleArn,
  });
  expect(errors).toEqual([]);
  expect(verification!.ok).toBe(true);
  expect(calls.filter(({ action }) => action === 'GetMetricData')).toEqual([]);
  expect(await rolecall.admin.execute(TrustOf, { id: candidate.accountId })).toEqual(before);
  expect(found!.parts.reduce((sum, { series }) => sum + series, 0)).toBe(found!.series);
  expect(found).toMatchObject({ currentMonthlyCostUsd: null, missingActions: [], addedActions: [] });
  expect(found!.monthlyCostUsdUpperBound).toBeGreaterThanOrEqual(found!.monthlyCostUsd);

  await connect(rolecall, candidate);
  await rolecall.collect(5 * MINUTE);
  const { collectionRuns } = await rolecall.admin.execute(Runs, {
    filter: { accountIds: [candidate.accountId] },
  });
  expect(collectionRuns.nodes[0]).toMatchObject({
    resourcesFound: found!.resources,
    seriesCollected: found!.series,
  });

  const fewer = await forecast({ accountId: candidate.accountId, plugins: ['ec2'] });
  expect(fewer.forecast!.currentMonthlyCostUsd).toBeCloseTo(found!.monthlyCostUsd, 6);
  expect(fewer.forecast!.monthlyCostUsd).toBeLessThan(found!.monthlyCostUsd);
  expect(fewer.forecast!.removedActions).toContain('rds:DescribeDBInstances');
  expect(fewer.forecast!.parts.every(({ plugin }) => plugin === 'ec2')).toBe(true);
});

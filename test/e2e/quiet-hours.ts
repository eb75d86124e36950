import { demoAccountIds, demoWorld } from '../../src/simulator';
import { ForecastAccount } from '../security/operations.graphql';
import { MINUTE, startRolecall } from '../support/rolecall';
import { Usage } from './cost-operations.graphql';
import { makeRole, register } from './onboard';
import { ConnectAccount } from './operations.graphql';

const DAY = 24 * 60 * MINUTE;
const MIDNIGHT = Date.UTC(2026, 10, 25);
const HOUR = 60 * MINUTE;

/** What an account was forecast to cost in a month, and what it then cost in some quiet hours, as a month. */
export interface ForecastAndUse {
  series: number;
  inactiveSeries: number;
  forecast: { lower: number; upper: number };
  used: { lower: number; upper: number };
}

/**
 * Forecasts a role, connects it, lets three hours pass in which the account is learned and its history fetched, and then
 * so many from midnight on. Some instances are stopped, and some metrics publish nothing.
 */
export async function forecastAndUse(hours: number): Promise<ForecastAndUse> {
  const world = demoWorld();
  // Running, and without a point: ListMetrics does not list them as active.
  for (const metricName of ['NetworkIn', 'NetworkOut']) {
    world.quietTimes.push({
      ...{ accountId: demoAccountIds.shop, region: 'eu-central-1', namespace: 'AWS/EC2', metricName },
      ...{ from: MIDNIGHT - 30 * DAY, to: MIDNIGHT + 30 * DAY },
    });
  }
  const rolecall = await startRolecall({ world, at: MIDNIGHT - 3 * HOUR + 10_000 });
  try {
    const { admin, simulator } = rolecall;
    const settings = { regions: ['eu-central-1'], plugins: ['ec2', 'rds'] };
    const account = await register(admin, 'Quiet', settings);
    const roleArn = makeRole(simulator, demoAccountIds.shop, account.onboarding!);
    const input = { accountId: account.id, roleArn };
    const { forecastAccount } = await admin.execute(ForecastAccount, { input });
    const { series, inactiveSeries, ...cost } = forecastAccount.forecast!;
    await admin.execute(ConnectAccount, { input });
    while (rolecall.clock.now() < MIDNIGHT - 5 * MINUTE) await rolecall.collect(5 * MINUTE);
    for (let cycle = 0; cycle < hours * 12; cycle++) await rolecall.collect(5 * MINUTE);
    const range = {
      from: new Date(MIDNIGHT).toISOString(),
      to: new Date(MIDNIGHT + hours * HOUR).toISOString(),
    };
    const aMonth = (30 * 24) / hours;
    const [sum] = (await admin.execute(Usage, { range, groupBy: [] })).apiUsage;
    return {
      ...{ series, inactiveSeries },
      forecast: { lower: cost.monthlyCostUsd, upper: cost.monthlyCostUsdUpperBound },
      used: { lower: sum.costUsd * aMonth, upper: sum.costUsdUpperBound * aMonth },
    };
  } finally {
    await rolecall.stop();
  }
}

/** How far what was used is from the forecast, as a share of it. */
export function error({ forecast, used }: ForecastAndUse): { lower: number; upper: number } {
  return {
    lower: Math.abs(used.lower / forecast.lower - 1),
    upper: Math.abs(used.upper / forecast.upper - 1),
  };
}

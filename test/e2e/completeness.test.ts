import { demoAccountIds } from '../../src/simulator';
import { MINUTE, startRolecall, type Rolecall } from '../support/rolecall';
import { onboard } from './onboard';
import { ByCompleteness } from './cost-operations.graphql';

let rolecall: Rolecall;
beforeEach(async () => {
  rolecall = await startRolecall();
});
afterEach(() => rolecall.stop());

it('orders accounts by how complete their last day is, those that have no runs any more too', async () => {
  const { admin, simulator } = rolecall;
  const settings = { plugins: ['ec2'], regions: ['eu-central-1', 'eu-west-1'] };
  const broken = await onboard(admin, simulator, demoAccountIds.shop, settings);
  const whole = await onboard(admin, simulator, demoAccountIds.media, settings);
  const order = async () => {
    const { accounts } = await admin.execute(ByCompleteness);
    return accounts.nodes.map(({ id, completeness }) => ({ id, completeness }));
  };
  for (let cycle = 0; cycle < 2; cycle++) await rolecall.collect(5 * MINUTE);
  simulator.faults.add({ kind: 'expireSessions', match: { accountId: demoAccountIds.shop } });
  simulator.faults.add({
    kind: 'error',
    status: 403,
    code: 'AccessDenied',
    match: { action: 'AssumeRole', accountId: demoAccountIds.shop },
  });
  for (let cycle = 0; cycle < 6; cycle++) await rolecall.collect(5 * MINUTE);
  const [worst, best] = await order();
  expect([worst.id, best.id]).toEqual([broken, whole]);
  expect(worst.completeness).toBeLessThan(0.95);
  expect(best.completeness).toBe(1);
});

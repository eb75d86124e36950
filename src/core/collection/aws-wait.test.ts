import { setTimeout as sleep } from 'node:timers/promises';
import { AwsWait } from './aws-wait';

it('counts on, and tells how long calls were under way, those at the same time once', async () => {
  let counted = 0;
  const wait = new AwsWait({ count: () => counted++ });
  wait.count({ action: 'ec2:DescribeInstances', region: 'eu-central-1' });
  expect(counted).toBe(1);
  const since = performance.now();
  const calls = [sleep(30), sleep(30), Promise.reject(new Error('refused'))];
  calls.forEach((call) => wait.watch(call));
  await Promise.allSettled(calls);
  const took = performance.now() - since;
  expect(wait.milliseconds).toBeGreaterThan(25);
  expect(wait.milliseconds).toBeLessThanOrEqual(took);
  const { milliseconds } = wait;
  await sleep(20);
  expect(wait.milliseconds).toBe(milliseconds);
});

it('counts a call that never ends', async () => {
  const wait = new AwsWait({ count: () => undefined });
  wait.watch(new Promise(() => undefined));
  await sleep(20);
  expect(wait.milliseconds).toBeGreaterThan(15);
});

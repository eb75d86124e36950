import { setTimeout as sleep } from 'node:timers/promises';
import { demoAccessKeyUser, demoAccountIds, startSimulator, type Simulator } from '../src/simulator';
import { median, type Figure } from './figure';
import { startGatewayChild, type GatewayChild } from './gateway-child';

const ROUNDS = 5;
/** By when the first collections of three small accounts must have ended. */
const COLLECTED_WITHIN_MS = 60_000;
const FINISHED = ['SUCCEEDED', 'PARTIAL', 'FAILED', 'SKIPPED'];

/** Resident memory of a new gateway that has collected the demo world once, the simulator being in this process. */
export async function gatewayMemory(): Promise<Figure[]> {
  const sizes: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const simulator = await startSimulator();
    try {
      sizes.push(await measure(simulator));
    } finally {
      await simulator.close();
    }
  }
  return [{ name: 'gateway-memory-demo', value: median(sizes), goal: '-' }];
}

async function measure(simulator: Simulator): Promise<number> {
  const gateway = await startGatewayChild(simulator.url);
  try {
    const { shop, media, payments } = demoAccountIds;
    for (const awsAccountId of [shop, media, payments]) await connect(gateway, simulator, awsAccountId);
    await collected(gateway);
    return gateway.residentMiB();
  } finally {
    await gateway.stop();
  }
}

interface Registered {
  registerAccount: {
    account: { id: string; onboarding: { roleName: string; trustPolicy: object; permissionPolicy: object } };
  };
}

/** By a role as the onboarding documents describe it, or by the access key of the account that has one. */
async function connect(gateway: GatewayChild, { world }: Simulator, awsAccountId: string): Promise<void> {
  const { registerAccount } = await gateway.graphql<Registered>(
    `mutation ($input: RegisterAccountInput!) {
      registerAccount(input: $input) {
        account { id onboarding { roleName trustPolicy permissionPolicy } }
      }
    }`,
    { input: { name: awsAccountId, awsAccountId } },
  );
  const { id: accountId, onboarding } = registerAccount.account;
  const { accessKeyId, secretAccessKey } = demoAccessKeyUser;
  const role = () =>
    world.addRole({
      accountId: awsAccountId,
      name: onboarding.roleName,
      trustPolicy: onboarding.trustPolicy,
      permissionPolicy: onboarding.permissionPolicy,
    });
  const input =
    awsAccountId === demoAccessKeyUser.accountId
      ? { accountId, accessKey: { accessKeyId, secretAccessKey } }
      : { accountId, roleArn: role().arn };
  const { connectAccount } = await gateway.graphql<{ connectAccount: { errors: { message: string }[] } }>(
    `mutation ($input: ConnectAccountInput!) {
      connectAccount(input: $input) { errors { message } }
    }`,
    { input },
  );
  for (const { message } of connectAccount.errors) throw new Error(message);
  await gateway.graphql(
    `mutation ($input: CollectNowInput!) { collectNow(input: $input) { errors { message } } }`,
    { input: { accountId } },
  );
}

/** Waits until the run of each account has ended. @throws Error when one stored nothing. */
async function collected(gateway: GatewayChild): Promise<void> {
  const deadline = Date.now() + COLLECTED_WITHIN_MS;
  while (Date.now() < deadline) {
    const { collectionRuns } = await gateway.graphql<{
      collectionRuns: { nodes: { state: string; pointsStored: number; account: { name: string } }[] };
    }>('{ collectionRuns { nodes { state pointsStored account { name } } } }');
    const runs = collectionRuns.nodes;
    if (runs.length >= 3 && runs.every(({ state }) => FINISHED.includes(state))) {
      const empty = runs.find(({ pointsStored }) => pointsStored === 0);
      if (empty)
        throw new Error(`The collection of ${empty.account.name} ended ${empty.state} with no point`);
      return;
    }
    await sleep(250);
  }
  throw new Error(`The demo world was not collected within ${COLLECTED_WITHIN_MS / 1000} s`);
}

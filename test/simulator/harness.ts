import {
  AssumeRoleCommand,
  STSClient,
  type AssumeRoleCommandInput,
  type Credentials,
} from '@aws-sdk/client-sts';
import { emptyWorld, startSimulator, type Simulator, type SimulatorOptions } from '../../src/simulator';

/** Static credentials as SDK clients take them. */
export interface TestCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

/** The two accounts of the tests' world: the one that calls AssumeRole, and the one that is looked at. */
export const gatewayId = '999999999999';
export const customerId = '111111111111';
export const region = 'eu-west-1';

/** IAM users of the two accounts. */
export const gatewayKeys: TestCredentials = {
  accessKeyId: 'AKIAGATEWAY000000000',
  secretAccessKey: 'gateway-secret',
};
export const customerKeys: TestCredentials = {
  accessKeyId: 'AKIACUSTOMER00000000',
  secretAccessKey: 'customer-secret',
};

/** The noon of a Wednesday, at which the tests' clocks stand. */
export const noon = Date.UTC(2026, 5, 10, 12);

/** A policy of one allowing statement. */
export function allow(actions: string | string[], more: object = {}): object {
  return {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: actions, Resource: '*', ...more }],
  };
}

/** A trust policy of one statement. */
export function trust(principal: unknown, condition?: object): object {
  const statement = { Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole' };
  return { Version: '2012-10-17', Statement: [{ ...statement, ...(condition && { Condition: condition }) }] };
}

/** A simulator at noon with both accounts, each with an IAM user that may do everything. */
export async function startTestSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const world = emptyWorld();
  world.addAccount({ id: gatewayId, enabledRegions: [region, 'us-east-1'] });
  world.addAccount({ id: customerId, enabledRegions: [region, 'us-east-1'] });
  world.addUser({ accountId: gatewayId, name: 'gateway', permissionPolicy: allow('*'), ...gatewayKeys });
  world.addUser({ accountId: customerId, name: 'monitor', permissionPolicy: allow('*'), ...customerKeys });
  return startSimulator({ world, now: () => noon, ...options });
}

/** Client settings: one attempt, so that every error is seen. */
export function clientConfig(
  simulator: Simulator,
  credentials: TestCredentials = customerKeys,
): { endpoint: string; region: string; credentials: TestCredentials; maxAttempts: number } {
  return { endpoint: simulator.url, region, credentials, maxAttempts: 1 };
}

/** Calls AssumeRole and returns the session's credentials. */
export async function assumeRole(
  simulator: Simulator,
  input: Omit<AssumeRoleCommandInput, 'RoleSessionName'> & { RoleSessionName?: string },
  caller: TestCredentials = gatewayKeys,
  signedFor = region,
): Promise<TestCredentials> {
  const sts = new STSClient({ ...clientConfig(simulator, caller), region: signedFor });
  return credentialsOf(await sts.send(new AssumeRoleCommand({ RoleSessionName: 'rolecall', ...input })));
}

/** The keys that an answer of STS holds. */
export function credentialsOf({ Credentials: issued }: { Credentials?: Credentials }): TestCredentials {
  return {
    accessKeyId: issued!.AccessKeyId!,
    secretAccessKey: issued!.SecretAccessKey!,
    sessionToken: issued!.SessionToken,
  };
}

/** Name, wire code, HTTP status and message of the error that a call rejects with. */
export async function errorOf(
  call: Promise<unknown>,
): Promise<{ name: string; code: string | undefined; status: number | undefined; message: string }> {
  try {
    await call;
  } catch (error) {
    const { name, message, Code, $metadata } = error as Error & {
      Code?: string;
      $metadata?: { httpStatusCode?: number };
    };
    return { name, code: Code, status: $metadata?.httpStatusCode, message };
  }
  throw new Error('The call was expected to fail');
}

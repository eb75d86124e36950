import { demoAccessKeyUser, demoAccountIds, type Simulator } from '../simulator';
import { execute, type GraphqlEndpoint } from './graphql-client';
import { accounts as accountsQuery, collectNow, connectAccount, registerAccount } from './operations.graphql';

/** The simulated customers: two connect by role, one the old way. */
const CUSTOMERS = [
  { name: 'Tidewater Shop', awsAccountId: demoAccountIds.shop },
  { name: 'Northlight Media', awsAccountId: demoAccountIds.media },
  { name: 'Harbour Payments', awsAccountId: demoAccountIds.payments, accessKey: demoAccessKeyUser },
];
type Customer = (typeof CUSTOMERS)[number];

interface Onboarding {
  roleName: string;
  trustPolicy: unknown;
  permissionPolicy: unknown;
  selfAuditPolicy?: unknown;
}

/** How often the first collections are looked at, and for how long, in milliseconds. */
const POLL_MS = 100;
const FIRST_COLLECTION_MS = 30_000;

/**
 * Registers and connects the customers' accounts through the API, as any client would. Accounts of an earlier start are
 * there already: the simulator has forgotten their roles, which are made again.
 * @returns the ids of those that are new
 */
export async function connectDemoAccounts(
  endpoint: GraphqlEndpoint,
  simulator: Simulator,
  print: (text: string) => void,
): Promise<string[]> {
  const { accounts } = await execute(endpoint, accountsQuery);
  const fresh: string[] = [];
  for (const customer of CUSTOMERS) {
    const present = accounts.nodes.find(({ awsAccountId }) => awsAccountId === customer.awsAccountId);
    if (present?.connection === 'ROLE' && present.roleArn) makeRole(simulator, customer, present.onboarding!);
    if (!present || present.status === 'AWAITING_ROLE')
      fresh.push(await connect(endpoint, simulator, customer, present));
    print(`${present ? 'Found' : 'Connected'} ${customer.name} (AWS account ${customer.awsAccountId})`);
  }
  return fresh;
}

/** Runs the first collection of these accounts and waits for it. */
export async function collectFirst(endpoint: GraphqlEndpoint, accountIds: readonly string[]): Promise<void> {
  for (const accountId of accountIds)
    answered('collectNow', (await execute(endpoint, collectNow, { accountId })).collectNow);
  await waitForCollections(endpoint, accountIds);
}

/** @returns the account's id */
async function connect(
  endpoint: GraphqlEndpoint,
  simulator: Simulator,
  customer: Customer,
  registered: { id: string; onboarding?: Onboarding | null } | undefined,
): Promise<string> {
  const { name, awsAccountId, accessKey } = customer;
  const account = registered ?? (await register(endpoint, name, awsAccountId));
  const credentials = accessKey
    ? { accessKey: { accessKeyId: accessKey.accessKeyId, secretAccessKey: accessKey.secretAccessKey } }
    : { roleArn: makeRole(simulator, customer, account.onboarding!) };
  const input = { accountId: account.id, ...credentials };
  answered(`connectAccount ${name}`, (await execute(endpoint, connectAccount, { input })).connectAccount);
  return account.id;
}

async function register(endpoint: GraphqlEndpoint, name: string, awsAccountId: string) {
  const { registerAccount: payload } = await execute(endpoint, registerAccount, {
    input: { name, awsAccountId },
  });
  answered(`registerAccount ${name}`, payload);
  return payload.account!;
}

/** What a customer does with the answer of registerAccount. @returns the role's ARN */
function makeRole(
  simulator: Simulator,
  { awsAccountId }: Customer,
  { roleName: name, trustPolicy, permissionPolicy, selfAuditPolicy }: Onboarding,
): string {
  const inlinePolicies = { ...(selfAuditPolicy ? { 'self-audit': selfAuditPolicy } : {}) };
  const role = { accountId: awsAccountId, name, trustPolicy, permissionPolicy, inlinePolicies };
  return simulator.world.addRole(role).arn;
}

async function waitForCollections(endpoint: GraphqlEndpoint, accountIds: readonly string[]): Promise<void> {
  const giveUpAt = Date.now() + FIRST_COLLECTION_MS;
  for (;;) {
    const { accounts } = await execute(endpoint, accountsQuery);
    const waiting = accounts.nodes.filter(
      ({ id, lastCollectedAt }) => accountIds.includes(id) && !lastCollectedAt,
    );
    if (waiting.length === 0) return;
    if (Date.now() > giveUpAt) throw new Error(`${waiting[0]!.name} was not collected within 30 s`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

function answered(
  step: string,
  { errors }: { errors: readonly { message: string; hint?: string | null }[] },
): void {
  if (errors.length > 0)
    throw new Error(`${step}: ${errors.map(({ message, hint }) => `${message}. ${hint}`).join('; ')}`);
}

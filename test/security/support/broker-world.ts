import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { Account, Partition } from '../../../src/core/accounts/account';
import { AwsClients, type AwsCredentials } from '../../../src/core/aws/aws-clients';
import { PARTITIONS } from '../../../src/core/aws/partition';
import { Sts } from '../../../src/core/aws/sts';
import { StsCalls } from '../../../src/core/aws/sts-calls';
import { StsGate } from '../../../src/core/aws/sts-gate';
import { StsRegions } from '../../../src/core/aws/sts-regions';
import { systemClock } from '../../../src/core/clock';
import { CredentialBroker } from '../../../src/core/credentials/credential-broker';
import { SessionAudit } from '../../../src/core/credentials/session-audit';
import type { SessionPurpose } from '../../../src/core/credentials/session';
import { builtInPlugins } from '../../../src/plugins/built-in';
import { emptyWorld, startSimulator, type Simulator } from '../../../src/simulator';
import { seededRandom } from '../../process/seeded-random';
import { accountFixture } from '../../support/account-fixture';
import { ManualClock } from '../../support/manual-clock';
import { MemoryAudit } from '../../support/memory-audit';
import { silentLog } from '../../support/silent-log';

const GATEWAY_ID = '999999999999';

/** What every collection of an account needs a session for. */
export const PURPOSES: readonly SessionPurpose[] = [
  'collect',
  ...builtInPlugins.map(({ name }): SessionPurpose => `discover:${name}`),
];

/** A broker with real SDK clients before a simulator, without the rest of a gateway. */
export interface BrokerWorld {
  simulator: Simulator;
  clock: ManualClock;
  audit: MemoryAudit;
  broker: CredentialBroker;
  sts: Sts;
  clients: AwsClients;
  accounts: Account[];
  close(): Promise<void>;
}

/** So many accounts, each with a role that trusts the gateway with the account's external ID. */
export async function startBrokerWorld(
  options: {
    accounts?: number;
    partition?: Partition;
    at?: number;
    stsMs?: number;
    allow?: string | string[];
    actionsOfPlugin?: (name: string) => readonly string[];
    /** What the gateway calls STS with, made from its user's keys. */
    gateway?: (keys: AwsCredentials) => AwsCredentials;
  } = {},
): Promise<BrokerWorld> {
  const { partition = 'AWS', at = Date.UTC(2026, 0, 1), allow = '*' } = options;
  const clock = new ManualClock(at);
  const world = emptyWorld();
  const { arn, homeRegion } = PARTITIONS[partition];
  const place = { partition: arn as 'aws', enabledRegions: [homeRegion] };
  world.addAccount({ id: GATEWAY_ID, ...place });
  const permissionPolicy = policy(allow);
  const user = world.addUser({ accountId: GATEWAY_ID, name: 'gateway', permissionPolicy: policy('*') });
  const accounts = Array.from({ length: options.accounts ?? 1 }, (_, index) => {
    const awsAccountId = String(100_000_000_000 + index);
    const fixture = accountFixture();
    const externalId = `external-id-${index}`;
    world.addAccount({ id: awsAccountId, ...place });
    const trustPolicy = {
      Version: '2012-10-17',
      Statement: {
        Effect: 'Allow',
        Principal: { AWS: user.arn },
        Action: 'sts:AssumeRole',
        Condition: { StringEquals: { 'sts:ExternalId': externalId } },
      },
    };
    const role = world.addRole({ accountId: awsAccountId, name: 'rolecall', trustPolicy, permissionPolicy });
    return accountFixture({
      id: index + 1,
      awsAccountId,
      partition,
      roleArn: role.arn,
      externalIds: [{ ...fixture.externalIds[0]!, value: externalId }],
    });
  });
  const simulator = await startSimulator({ world, now: clock.now, sts: { sessionPolicyRequired: true } });
  const clients = new AwsClients({
    endpoint: simulator.url,
    requestHandler: new NodeHttpHandler({ requestTimeout: 5000, throwOnRequestTimeout: true }),
    attemptMs: 5000,
    maxAttempts: 1,
  });
  const keys = { accessKeyId: user.accessKeyId, secretAccessKey: user.secretAccessKey };
  const own = options.gateway?.(keys) ?? keys;
  const calls = new StsCalls({
    clients,
    gate: new StsGate({ atOnce: 20, perSecond: 5000, clock: systemClock }),
    regions: new StsRegions({ preferred: null, clock }),
    timeLimitMs: options.stsMs ?? 5000,
  });
  const sts = new Sts({ calls, gateway: { of: async () => own, forget: () => undefined } });
  const audit = new MemoryAudit();
  const declared = (name: string) => builtInPlugins.find((plugin) => plugin.name === name)!.iamActions;
  const broker = new CredentialBroker({
    ...{ sts, clients, clock, log: silentLog },
    sessionAudit: new SessionAudit({ audit, rootTenant: async () => null, log: silentLog }),
    accessKey: () => Promise.reject(new Error('There is no access key')),
    account: async (id) => accounts.find((account) => account.id === id) ?? null,
    actionsOfPlugin: options.actionsOfPlugin ?? declared,
    capacity: 20_000,
    random: seededRandom('broker'),
  });
  const close = async () => {
    clients.close();
    await simulator.close();
  };
  return { simulator, clock, audit, broker, sts, clients, accounts, close };
}

function policy(actions: string | string[]) {
  return { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: actions, Resource: '*' } };
}

import pino from 'pino';
import type { Account } from '../src/core/accounts/account';
import type { AwsClients } from '../src/core/aws/aws-clients';
import { CredentialBroker } from '../src/core/credentials/credential-broker';
import { SessionAudit } from '../src/core/credentials/session-audit';
import type { SessionPurpose } from '../src/core/credentials/session';
import { builtInPlugins } from '../src/plugins/built-in';
import type { Figure } from './figure';

const ACCOUNTS = 250;
const DAY_MS = 24 * 3_600_000;
/** How often the gateway looks for sessions to renew. */
const TICK_MS = 5_000;
const SESSION_MS = 3_600_000;

const PURPOSES: readonly SessionPurpose[] = [
  'collect',
  ...builtInPlugins.map(({ name }): SessionPurpose => `discover:${name}`),
];

/** What collections ask of STS in a day, in fake time: AssumeRole calls an account, and the busiest second's share of them. */
export async function stsCalls(): Promise<Figure[]> {
  let now = 0;
  const asked = new Map<number, number>();
  const assumeRole = async () => {
    asked.set(now, (asked.get(now) ?? 0) + 1);
    const credentials = { accessKeyId: 'ASIA', secretAccessKey: 's', sessionToken: 't' };
    return { credentials, expiresAt: now + SESSION_MS, packedPolicySize: null };
  };
  const accounts = Array.from({ length: ACCOUNTS }, (_, index) => accountOf(index + 1));
  const log = pino({ level: 'silent' });
  const broker = new CredentialBroker({
    sts: { assumeRole, getFederationToken: () => Promise.reject(new Error('There are no access keys')) },
    clients: { createSplit: () => undefined } as unknown as AwsClients,
    accessKey: () => Promise.reject(new Error('There are no access keys')),
    account: async (id) => accounts[id - 1] ?? null,
    actionsOfPlugin: (name) => builtInPlugins.find((plugin) => plugin.name === name)!.iamActions,
    capacity: ACCOUNTS * PURPOSES.length,
    sessionAudit: new SessionAudit({
      audit: { record: async () => undefined },
      rootTenant: async () => null,
      log,
    }),
    clock: { now: () => now, sleep: async () => undefined },
    random: Math.random,
    log,
  });
  const { signal } = new AbortController();
  for (const account of accounts) {
    for (const purpose of PURPOSES) await broker.use(account, purpose, signal, async () => undefined);
  }
  const first = asked.get(0)!;
  asked.clear();
  while (now < DAY_MS) {
    now += TICK_MS;
    await broker.renew();
  }
  const renewals = [...asked.values()];
  const calls = first + renewals.reduce((sum, count) => sum + count, 0);
  return [
    { name: 'sts-assume-role-per-account-and-day', value: calls / ACCOUNTS, goal: '<= 200' },
    { name: 'sts-busiest-second-percent', value: (100 * Math.max(...renewals)) / first, goal: '<= 5' },
  ];
}

/** What a broker reads of an account. */
function accountOf(id: number): Account {
  const read: Partial<Account> = {
    ...{ id, tenantId: 1, partition: 'AWS', status: 'CONNECTED', connection: 'ROLE' },
    roleArn: 'arn:aws:iam::123456789012:role/rolecall',
    externalIds: [
      {
        ...{ value: `external-id-${id}`, state: 'ACTIVE', createdAt: 0, activatedAt: 0 },
        ...{ retiredAt: null, acceptedAt: null, refusedAt: null },
      },
    ],
    verification: null,
    accessKey: null,
  };
  return read as Account;
}

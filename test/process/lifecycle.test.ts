import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { demoAccessKeyUser, demoAccountIds, startSimulator, type Simulator } from '../../src/simulator';
import { onboard, register } from '../e2e/onboard';
import { Accounts, CollectNow, ConnectAccount, NodeById, Resources, Runs } from '../e2e/operations.graphql';
import { filesContaining } from '../support/files-containing';
import { GraphqlClient } from '../support/graphql-client';
import { metricUpdates, viewer } from '../support/operations.graphql';
import {
  Command,
  type Environment,
  gatewayEnvironment,
  killCommands,
  MAIN,
  startCommand,
  type StartedGateway,
  until,
} from './command';
import { RunStates } from './operations.graphql';
import { recordSessionSecrets } from './session-secrets';

const TOKEN_LINE = /^Admin token \(shown once\): (\S+)$/m;
const STACK_LINE = /^\s+at /m;

let simulator: Simulator;
let dataDir: string;
const clients: GraphqlClient[] = [];

beforeEach(async () => {
  simulator = await startSimulator();
  dataDir = mkdtempSync(join(tmpdir(), 'rolecall-life-'));
});
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  await killCommands();
  await simulator.close();
  rmSync(dataDir, { recursive: true });
  jest.restoreAllMocks();
});

const environment = (more: Environment = {}) => ({ ...gatewayEnvironment(simulator, dataDir), ...more });
const start = (more?: Environment) => startCommand(environment(more));

function clientOf({ url }: StartedGateway, token: string | null): GraphqlClient {
  const client = new GraphqlClient({ url, token });
  clients.push(client);
  return client;
}

/** Runs a command to its end. */
async function run(args: string[], more?: Environment) {
  const command = new Command(MAIN, args, environment(more));
  const { code } = await command.ended;
  return { code, stdout: command.stdout, stderr: command.stderr };
}

describe('start', () => {
  it('prints a generated admin token once, which is good for ever', async () => {
    const first = await start();
    const token = await first.command.printed(TOKEN_LINE);
    expect((await clientOf(first, token).execute(viewer)).viewer).toMatchObject({ role: 'ADMIN' });
    expect(await first.command.stop()).toEqual({ code: 0, signal: null });

    const second = await start();
    expect(second.command.stdout).not.toMatch(TOKEN_LINE);
    expect((await clientOf(second, token).execute(viewer)).viewer).toMatchObject({ role: 'ADMIN' });
    expect(await second.command.stop()).toEqual({ code: 0, signal: null });
    expect(filesContaining(dataDir, token)).toEqual([]);
  });

  it('tells nobody anything but its health without a token', async () => {
    const { url } = await start();
    const { origin } = new URL(url);
    expect(await (await fetch(`${origin}/healthz`)).json()).toEqual({ ok: true });
    const ready = await until('it is ready', async () => {
      const response = await fetch(`${origin}/readyz`);
      return response.status === 200 ? response : null;
    });
    expect(await ready.json()).toEqual({ ok: true, checks: { database: true, scheduler: true } });

    const body = JSON.stringify({ query: '{ __typename }' });
    const query = encodeURIComponent('{ __typename }');
    const headers = { 'content-type': 'application/json', authorization: 'Bearer rcl_wrong' };
    for (const request of [
      fetch(url),
      fetch(`${url}?query=${query}`),
      fetch(url, { method: 'OPTIONS' }),
      fetch(url, { method: 'POST', body, headers }),
      fetch(`${url}/x`, { method: 'POST', body, headers }),
    ]) {
      const response = await request;
      expect(response.status).toBe(401);
      expect(await response.json()).toEqual({
        errors: [
          {
            message: expect.any(String),
            extensions: { code: 'UNAUTHENTICATED', correlationId: response.headers.get('x-request-id') },
          },
        ],
      });
    }
    for (const path of ['/', '/metrics', '/graphiql', '/healthz/x'])
      expect((await fetch(`${origin}${path}`)).status).toBe(404);
    const nobody = new GraphqlClient({ url, token: null });
    await expect(nobody.subscribe(metricUpdates, { filter: {} }).next()).rejects.toMatchObject({
      code: 4403,
    });
    await nobody.close();
  });

  it('learns from STS who it is to customers', async () => {
    const gateway = await start();
    const admin = clientOf(gateway, await gateway.command.printed(TOKEN_LINE));
    expect((await register(admin, 'Tidewater Shop')).onboarding).toMatchObject({
      gatewayAwsAccountId: demoAccountIds.gateway,
      gatewayPrincipalArn: `arn:aws:iam::${demoAccountIds.gateway}:user/rolecall-gateway`,
    });
    expect(simulator.calls.counts()).toEqual({ 'sts:GetCallerIdentity': 1 });
  });

  it('logs JSON lines that tell account and run, and leaves no secret behind', async () => {
    const secrets = recordSessionSecrets();
    const gateway = await start({ ROLECALL_LOG_LEVEL: 'debug' });
    const token = await gateway.command.printed(TOKEN_LINE);
    const admin = clientOf(gateway, token);
    await onboard(admin, simulator, demoAccountIds.shop);
    const { accessKeyId, secretAccessKey } = demoAccessKeyUser;
    const { id: payments } = await register(admin, 'Harbour Payments');
    const { connectAccount } = await admin.execute(ConnectAccount, {
      input: { accountId: payments, accessKey: { accessKeyId, secretAccessKey } },
    });
    expect(connectAccount.errors).toEqual([]);
    // Errors are what tends to carry a request, and with it its credentials.
    simulator.faults.add({ kind: 'denyAction', match: { service: 'rds' } });
    simulator.faults.add({ kind: 'drop', match: { service: 'cloudwatch', region: 'us-east-1' } });
    const { accounts } = await admin.execute(Accounts);
    for (const { id } of accounts.nodes) await admin.execute(CollectNow, { input: { accountId: id } });
    await until('both are collected', async () => {
      const { collectionRuns } = await admin.execute(RunStates);
      return collectionRuns.nodes.filter(({ state }) => state === 'PARTIAL').length === 2;
    });
    expect(filesContaining(dataDir, 'Harbour Payments')).not.toEqual([]);

    secrets.push(token, token.split('_').pop()!, secretAccessKey, environment().AWS_SECRET_ACCESS_KEY);
    expect(secrets.length).toBeGreaterThan(8);
    const leaks = () => secrets.flatMap((secret) => filesContaining(dataDir, secret));
    expect(leaks()).toEqual([]);
    expect((await gateway.command.stop()).code).toBe(0);
    expect(leaks()).toEqual([]);

    const { stdout, stderr } = gateway.command;
    expect(secrets.filter((secret) => stderr.includes(secret))).toEqual([]);
    expect(secrets.filter((secret) => stdout.replace(TOKEN_LINE, '').includes(secret))).toEqual([]);
    const lines = stderr
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    lines.forEach((line) =>
      expect(line).toMatchObject({ level: expect.any(String), time: expect.any(String) }),
    );
    const ended = lines.filter(({ msg }) => msg === 'Collection ended');
    expect(ended.map(({ accountId, state }) => ({ accountId, state }))).toEqual(
      expect.arrayContaining([1, 2].map((accountId) => ({ accountId, state: 'PARTIAL' }))),
    );
    ended.forEach((line) => expect(line).toMatchObject({ runId: expect.any(Number) }));
  });
});

describe('a start that cannot be', () => {
  it.each<[string, Environment]>([
    ['ROLECALL_PORT', { ROLECALL_PORT: 'abc' }],
    ['ROLECALL_PROT', { ROLECALL_PROT: '4000' }],
    ['ROLECALL_ENCRYPTION_KEY', { ROLECALL_ENCRYPTION_KEY: 'a-weak-secret' }],
    ['ROLECALL_ADMIN_TOKEN', { ROLECALL_ADMIN_TOKEN: 'a-weak-secret' }],
    ['ROLECALL_TLS_KEY_FILE', { ROLECALL_TLS_CERT_FILE: 'tls.crt' }],
    ['missing.crt', { ROLECALL_TLS_CERT_FILE: 'missing.crt', ROLECALL_TLS_KEY_FILE: 'missing.key' }],
    ['ROLECALL_AWS_ENDPOINT', { ROLECALL_ENV: 'production' }],
    ['ROLECALL_TRUSTED_PROXIES', { ROLECALL_ENV: 'production', ROLECALL_HOST: '0.0.0.0' }],
    ['AWS_ENDPOINT_URL_STS', { ROLECALL_ENV: 'production', AWS_ENDPOINT_URL_STS: 'http://127.0.0.1:1' }],
  ])('names %s', async (name, mistake) => {
    const { code, stdout, stderr } = await run(['start'], mistake);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(name);
    expect(stderr).not.toMatch(STACK_LINE);
    expect(stderr).not.toContain('a-weak-secret');
  });

  it('on a database of another endpoint says so', async () => {
    await (await start()).command.stop();
    const { code, stderr } = await run(['start'], { ROLECALL_AWS_ENDPOINT: 'http://127.0.0.1:1' });
    expect(code).toBe(1);
    expect(stderr).toMatch(`made with the AWS endpoint ${simulator.url}, but`);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect((await (await start()).command.stop()).code).toBe(0);
  });

  it('on a port that is taken says so in one line', async () => {
    const { port } = new URL((await start()).url);
    const elsewhere = join(dataDir, 'second');
    const { code, stderr } = await run(['start'], { ROLECALL_PORT: port, ROLECALL_DATA_DIR: elsewhere });
    expect(code).toBe(1);
    expect(stderr.trim().split('\n')).toEqual([expect.stringMatching(`^rolecall: .*EADDRINUSE.*:${port}$`)]);
  });
});

describe('token create', () => {
  it('makes tokens that a running gateway knows at once, each with its role and tenant', async () => {
    const gateway = await start();
    const admin = clientOf(gateway, await gateway.command.printed(TOKEN_LINE));
    const accountId = await onboard(admin, simulator, demoAccountIds.shop);
    await admin.execute(CollectNow, { input: { accountId } });
    await until('it is collected', async () =>
      (await admin.execute(Runs)).collectionRuns.nodes.some(({ state }) => state === 'SUCCEEDED'),
    );

    const reader = clientOf(gateway, await createToken('dashboard', 'VIEWER'));
    expect((await reader.execute(Accounts)).accounts.totalCount).toBe(1);
    await expect(register(reader, 'Northlight Media')).rejects.toMatchObject({
      errors: [expect.objectContaining({ extensions: expect.objectContaining({ code: 'FORBIDDEN' }) })],
    });

    const stranger = clientOf(gateway, await createToken('boss', 'ADMIN', 'Umbrella'));
    expect((await stranger.execute(viewer)).viewer).toMatchObject({
      role: 'ADMIN',
      tenant: { name: 'Umbrella' },
    });
    expect((await stranger.execute(Accounts)).accounts.totalCount).toBe(0);
    expect((await stranger.execute(Resources, { filter: {} })).resources.totalCount).toBe(0);
    expect((await stranger.execute(Runs)).collectionRuns.nodes).toEqual([]);
    expect(await stranger.execute(NodeById, { id: accountId })).toMatchObject({
      node: null,
      account: null,
    });
    const refused = await stranger.execute(CollectNow, { input: { accountId } });
    expect(refused.collectNow.errors[0]).toMatchObject({ __typename: 'NotFound' });
    expect((await admin.execute(Accounts)).accounts.totalCount).toBe(1);
  });

  it('tells what it wants', async () => {
    const { code, stdout, stderr } = await run(['token', 'create', 'x', 'KING']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('create NAME VIEWER|OPERATOR|ADMIN [TENANT]');
    expect(stderr).not.toMatch(STACK_LINE);
  });

  async function createToken(...args: string[]): Promise<string> {
    const { code, stdout } = await run(['token', 'create', ...args]);
    expect(code).toBe(0);
    return /\(shown once\): (rcl_\S+)$/m.exec(stdout)![1];
  }
});

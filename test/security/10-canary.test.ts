import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import WebSocket from 'ws';
import { createLogger } from '../../src/logger';
import { demoAccessKeyUser, demoAccountIds, demoGatewayUser } from '../../src/simulator';
import { makeRole, onboard, register } from '../e2e/onboard';
import {
  Accounts,
  CollectNow,
  ConnectAccount,
  RotateExternalId,
  Runs,
  VerifyAccount,
} from '../e2e/operations.graphql';
import { recordSessionSecrets } from '../process/session-secrets';
import { subscriptionClient } from '../support/graphql-client';
import { viewer } from '../support/operations.graphql';
import { ADMIN_TOKEN, MINUTE, type Rolecall, startRolecall } from '../support/rolecall';
import { Canaries } from './support/canary';
import { captureAnswers, CapturedText, captureMessages, capturePrinted } from './support/captured';

/** A secret as AWS makes it: of so many bytes, as base64. */
function aws(length: number): string {
  for (;;) {
    const secret = randomBytes(length).toString('base64');
    // Any other would be a rare one, and the test a different one each time.
    if (/[a-z]/.test(secret) && /[A-Z]/.test(secret) && /\d.*\d/.test(secret.slice(0, 39))) return secret;
  }
}

describe('the search for canaries', () => {
  const secret = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
  const canaries = new Canaries();
  canaries.add('key', secret);

  it.each<[string, string | Buffer]>([
    ['plain', `x${secret}y`],
    ['URL-encoded', encodeURIComponent(secret)],
    [
      'URL-encoded in lower case',
      encodeURIComponent(secret).replaceAll('%2F', '%2f').replaceAll('%2B', '%2b'),
    ],
    ['UTF-16', Buffer.from(`x${secret}y`, 'utf16le')],
    ['hex', Buffer.from(`x${secret}y`).toString('hex')],
    ['hex in capitals', Buffer.from(secret).toString('hex').toUpperCase()],
    ...['', 'x', 'xy', 'xyz'].flatMap((before): [string, string][] => {
      const bytes = Buffer.from(`${before}${secret}é`);
      return [
        [`base64 after "${before}"`, bytes.toString('base64')],
        [`base64url after "${before}"`, bytes.toString('base64url')],
        [`base64 in a URL after "${before}"`, encodeURIComponent(bytes.toString('base64'))],
      ];
    }),
  ])('finds one that is %s', (_form, text) => expect(canaries.leaksIn('text', text)).not.toEqual([]));

  it('finds none where there is none', () => {
    expect(canaries.leaksIn('text', `${secret.slice(1)} ${aws(5_000)}`)).toEqual([]);
  });

  it('looks into every file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'rolecall-canary-'));
    try {
      writeFileSync(join(folder, 'rows'), `\0${secret}\0`);
      expect(canaries.leaksInFiles(folder)).toEqual([
        expect.objectContaining({ secret: 'key', form: 'plain', where: 'rows' }),
        expect.objectContaining({ form: 'JSON' }),
      ]);
      expect(canaries.leaksInFiles(folder, ['rows'])).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('does not take what is found by chance', () => {
    expect(() => new Canaries().add('short', 'secret')).toThrow('too short');
  });
});

describe('requirement 10: no secret leaves the process', () => {
  const encryptionKey = randomBytes(32);
  const auditKey = randomBytes(32);
  const canaries = new Canaries();
  const log = new CapturedText();
  const thrown: string[] = [];
  let rolecall: Rolecall;
  let sessions: string[];
  let answers: CapturedText;
  let messages: CapturedText;
  let printed: CapturedText;

  /** Keys that customers typed wrong: too short, too long, in the wrong place. */
  const mistyped = { short: aws(30).slice(0, 39), long: `${aws(30)}x`, whole: aws(30) };
  /** Tokens that are none, or none any more. */
  const wrongTokens = {
    'one of ours, mistyped': `rcl_abcdefghijkl_${randomBytes(24).toString('hex')}x`,
    'a JWT': [{ alg: 'none' }, { sub: 'canary' }, randomBytes(32).toString('hex')]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.'),
    'any text': randomBytes(24).toString('hex'),
  };
  const echoed = { token: aws(192), key: aws(30) };

  beforeAll(async () => {
    sessions = recordSessionSecrets();
    answers = captureAnswers();
    messages = captureMessages();
    printed = capturePrinted();
    rolecall = await startRolecall({
      logger: createLogger('debug', log),
      settings: {
        ROLECALL_ENCRYPTION_KEY: encryptionKey.toString('base64'),
        ROLECALL_AUDIT_KEY: auditKey.toString('hex'),
      },
    });
    await journey();
    for (const [name, key] of Object.entries({ encryptionKey, auditKey })) canaries.add(name, key);
    canaries.add('gateway', demoGatewayUser.secretAccessKey);
    canaries.add('customer', demoAccessKeyUser.secretAccessKey);
    canaries.add('administrator', ADMIN_TOKEN);
    for (const [name, key] of Object.entries({ ...mistyped, ...wrongTokens, ...echoed }))
      canaries.add(name, key);
    sessions.forEach((secret, index) => canaries.add(`session ${index}`, secret));
  }, 60_000);

  afterAll(async () => {
    await rolecall.stop();
    jest.restoreAllMocks();
  });

  /** Keeps what a client is told when it fails. */
  const failing = (attempt: Promise<unknown>) =>
    attempt.then(
      () => undefined,
      (error: unknown) => void thrown.push(`${error} ${JSON.stringify(error)}`),
    );

  /** Everything that an operator and a customer do in the first days, and most of what goes wrong. */
  async function journey(): Promise<void> {
    const { admin, simulator, clock } = rolecall;
    const shop = await onboard(admin, simulator, demoAccountIds.shop);
    const payments = await register(admin, 'Harbour Payments');
    await wrongKeys(payments.id);
    const { accessKeyId, secretAccessKey } = demoAccessKeyUser;
    const { connectAccount } = await admin.execute(ConnectAccount, {
      input: { accountId: payments.id, accessKey: { accessKeyId, secretAccessKey } },
    });
    expect(connectAccount.errors).toEqual([]);
    await rotate(shop);
    await rolecall.collect(5 * MINUTE);
    await tokens();
    await echoes([shop, payments.id]);
    await malformed();
    clock.advance(MINUTE);
    await rolecall.collect(5 * MINUTE);
    await admin.execute(Runs);
    await admin.execute(Accounts);
  }

  async function wrongKeys(accountId: string): Promise<void> {
    const { accessKeyId } = demoAccessKeyUser;
    const inputs = [
      { accessKey: { accessKeyId, secretAccessKey: mistyped.short } },
      { accessKey: { accessKeyId, secretAccessKey: mistyped.long } },
      { accessKey: { accessKeyId, secretAccessKey: mistyped.whole } },
      { accessKey: { accessKeyId: mistyped.whole, secretAccessKey: accessKeyId } },
      { roleArn: mistyped.whole },
      { accessKey: { accessKeyId, secretAccessKey: mistyped.whole, oops: 1 } },
      { accessKey: [mistyped.short] },
    ];
    for (const input of inputs) {
      await failing(rolecall.admin.execute(ConnectAccount, { input: { accountId, ...input } } as never));
    }
    // In the document itself, which messages of GraphQL quote.
    const literal = `secretAccessKey: "${mistyped.long}"`;
    await post(
      `mutation { connectAccount(input: { accessKey: { ${literal}, oops: 1 } }) { account { id } } }`,
    );
    await post(`mutation { connectAccount(input: { accessKey: { accessKeyId: 1, ${literal} } `);
  }

  async function rotate(accountId: string): Promise<void> {
    const { admin, simulator, clock } = rolecall;
    const { rotateExternalId } = await admin.execute(RotateExternalId, { input: { accountId } });
    makeRole(simulator, demoAccountIds.shop, rotateExternalId.account!.onboarding!);
    for (let minute = 0; minute < 3; minute++) {
      clock.advance(MINUTE);
      await admin.execute(VerifyAccount, { input: { accountId } });
    }
  }

  async function tokens(): Promise<void> {
    const { access, url } = rolecall.gateway;
    const { secret } = await access.createToken({ tenantId: 1, name: 'grafana', role: 'VIEWER' });
    canaries.add('token', secret);
    canaries.add('secret half of the token', secret.split('_').at(-1)!);
    await rolecall.client(secret).execute(viewer);
    await listen(secret);
    const wrong = [...Object.values(wrongTokens), `${secret.slice(0, -1)}!`, secret.toLowerCase()];
    for (const token of wrong) {
      await failing(rolecall.client(token).execute(viewer));
      await failing(listen(token));
      await fetch(`${url}?token=${encodeURIComponent(token)}&query={__typename}`);
      await failing(
        socketSaying(`${url.replace('http', 'ws')}?token=${token}`, JSON.stringify({ type: token })),
      );
    }
  }

  /** AWS quotes what it was sent, in every step of a collection and of a proof. */
  async function echoes(accounts: string[]): Promise<void> {
    const { admin, simulator, clock } = rolecall;
    const message =
      `The security token ${echoed.token} included in the request is invalid. Secret key ${echoed.key}; the request was ` +
      `Authorization: AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20260101, X-Amz-Security-Token: ${echoed.token}, ` +
      `<SecretAccessKey>${demoAccessKeyUser.secretAccessKey}</SecretAccessKey> ${encodeURIComponent(echoed.key)}`;
    for (const service of ['cloudwatch', 'ec2', 'rds', 'sts']) {
      for (const code of ['InvalidClientTokenId', 'InternalFailure']) {
        simulator.faults.add({ kind: 'error', code, status: 400, message, match: { service } });
        clock.advance(5 * MINUTE);
        for (const accountId of accounts) {
          await admin.execute(VerifyAccount, { input: { accountId } });
          await admin.execute(CollectNow, { input: { accountId } });
        }
        await rolecall.collect();
        await admin.execute(Runs);
        await admin.execute(Accounts);
        simulator.faults.clear();
      }
    }
  }

  async function malformed(): Promise<void> {
    const { url } = rolecall.gateway;
    const body = `{"query":"{ viewer { actor } }","variables":{"secretAccessKey":"${mistyped.whole}"`;
    const headers = { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' };
    await fetch(url, { method: 'POST', headers, body });
    await fetch(url, { method: 'POST', headers: { ...headers, 'content-type': 'text/plain' }, body });
    await fetch(`${url}/${ADMIN_TOKEN}`, { headers });
    await failing(socketSaying(url.replace('http', 'ws'), `{"type":"${mistyped.whole}`));
    await failing(socketSaying(url.replace('http', 'ws'), mistyped.whole.repeat(10_000)));
  }

  async function post(query: string): Promise<void> {
    await fetch(rolecall.gateway.url, {
      method: 'POST',
      headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    });
  }

  /** One event, or one refusal. */
  async function listen(token: string): Promise<void> {
    const client = subscriptionClient({ url: rolecall.gateway.url, token });
    const stream = client.iterate({ query: 'subscription { accountChanges { id statusReason oops } }' });
    await failing(stream.next());
    await client.dispose();
  }

  /** Says something to a WebSocket, and waits until it was closed for it. */
  function socketSaying(url: string, message: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(url, 'graphql-transport-ws');
      socket.once('open', () => socket.send(message));
      socket.once('error', reject);
      socket.once('close', () => resolve());
    });
  }

  it('looked for what there was to find, where it could be found', () => {
    expect(sessions.length).toBeGreaterThan(20);
    expect(canaries.size).toBeGreaterThan(sessions.length + 10);
    expect(thrown.length).toBeGreaterThan(10);
    expect(log.text).toContain('Collection ended');
    expect(log.text).toContain('[secret]');
    expect(answers.text).toContain('included in the request is invalid');
    expect(messages.text).toContain('connection_ack');
    expect(messages.text).toContain('4403');
    const stored = new Canaries();
    stored.add('name of an account', 'Harbour Payments');
    stored.add('message of AWS', 'included in the request is invalid');
    expect(new Set(stored.leaksInFiles(rolecall.dataDir).map(({ secret }) => secret)).size).toBe(2);
  });

  it.each<[string, () => string]>([
    ['logs', () => log.text],
    ['prints', () => printed.text],
    ['answers', () => answers.text],
    ['sends over WebSockets', () => messages.text],
    ['makes clients throw', () => thrown.join('\n')],
  ])('is in nothing that the gateway %s', (where, text) => {
    expect(canaries.leaksIn(where, text())).toEqual([]);
  });

  it('is in no file, neither while it runs nor afterwards', async () => {
    expect(canaries.leaksInFiles(rolecall.dataDir)).toEqual([]);
    await rolecall.restart();
    expect(canaries.leaksInFiles(rolecall.dataDir)).toEqual([]);
    expect(canaries.leaksIn('the log of the stop', log.text)).toEqual([]);
  });
});

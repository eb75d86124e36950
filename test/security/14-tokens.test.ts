import crypto from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Database as SqliteDatabase } from 'sqlite3';
import WebSocket from 'ws';
import { AccessService } from '../../src/core/access/access-service';
import { formatToken, generateToken, parseToken } from '../../src/core/access/tokens';
import type { Role } from '../../src/core/access/viewer';
import { openDatabase } from '../../src/db';
import { keyOf, toGlobalId } from '../../src/schema/relay/global-id';
import { addAccount, type Api, NOW, startApi } from '../schema/api-fixture';
import { LocalIssuer } from '../support/oidc-issuer';
import { until } from '../support/until';

/** What the requirement allows from a revocation to the end of a subscription. */
const LIMIT_MS = 1_000;
const CREATE = `mutation ($input: CreateApiTokenInput!) {
  createApiToken(input: $input) { secret apiToken { id } errors { code } } }`;
const REVOKE = `mutation ($id: ID!) { revokeApiToken(input: { tokenId: $id }) { apiToken { revokedAt } errors { code } } }`;
const CHOSEN = 'an-operator-chose-this-text-of-40-letters';
const ASK = '{ viewer { actor } }';

interface Made {
  id: string;
  secret: string;
}

describe('requirement 14: tokens', () => {
  let api: Api;
  const sockets: WebSocket[] = [];

  beforeEach(async () => {
    api = await startApi();
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    sockets.splice(0).forEach((socket) => socket.terminate());
    await api.stop();
  });

  async function make(input: { name?: string; role?: Role; expiresAt?: number } = {}): Promise<Made> {
    const { name = 'grafana', role = 'VIEWER', expiresAt } = input;
    const until = expiresAt === undefined ? null : new Date(expiresAt).toISOString();
    const { data } = await api.query(CREATE, { input: { name, role, expiresAt: until } });
    expect(data.createApiToken.errors).toEqual([]);
    return { id: data.createApiToken.apiToken.id, secret: data.createApiToken.secret };
  }

  const revoke = async ({ id }: Made) =>
    expect((await api.query(REVOKE, { id })).data.revokeApiToken.errors).toEqual([]);

  const statusFor = async (secret: string) => {
    const { status, data, errors } = await api.query(ASK, {}, secret);
    return status === 200 ? data.viewer.actor : errors![0].extensions.code;
  };

  async function lastUseOf(id: string): Promise<string | null> {
    const query = 'query ($id: ID!) { node(id: $id) { ... on ApiToken { lastUsedAt } } }';
    return (await api.query(query, { id })).data.node.lastUsedAt;
  }

  /** A WebSocket that has signed in, with a subscription that waits for events. */
  async function subscribe(credential: string) {
    const listening = jest.spyOn(api.bus, 'subscribe');
    const socket = new WebSocket(api.server.url.replace('http', 'ws'), 'graphql-transport-ws');
    sockets.push(socket);
    const closed = once(socket, 'close').then(([code]) => ({ code: code as number, at: performance.now() }));
    const messages: any[] = [];
    socket.on('message', (data) => messages.push(JSON.parse(String(data))));
    await once(socket, 'open');
    socket.send(
      JSON.stringify({ type: 'connection_init', payload: { Authorization: `Bearer ${credential}` } }),
    );
    await until(() => messages.length === 1);
    const query = 'subscription { accountStatusChanges { to } }';
    socket.send(JSON.stringify({ type: 'subscribe', id: '1', payload: { query } }));
    await until(() => listening.mock.results.length === 1);
    const stream = listening.mock.results[0].value as AsyncIterableIterator<unknown>;
    const ended = jest.spyOn(stream, 'return' as never) as jest.SpyInstance;
    listening.mockRestore();
    return { socket, messages, closed, hasEnded: () => ended.mock.calls.length > 0 };
  }

  describe('are worth nothing to who has the database', () => {
    it('a dump of it holds none, in no form', async () => {
      const { tenants, tokens } = api.database;
      const { clock } = api.services;
      const { randomBytes } = crypto;
      await new AccessService({ tenants, tokens, clock, randomBytes }).ensureBootstrapToken(CHOSEN);
      const secrets = [CHOSEN, (await make()).secret, (await make({ role: 'ADMIN' })).secret];
      for (const secret of secrets) expect(await statusFor(secret)).not.toBe('UNAUTHENTICATED');
      const folder = dirname(api.databaseFile);
      const content = () =>
        Buffer.concat(readdirSync(folder).map((file) => readFileSync(join(folder, file))));
      await until(() => content().includes('grafana'));
      for (const secret of secrets) {
        for (const form of formsOf(secret))
          expect({ form, at: content().indexOf(form) }).toEqual({ form, at: -1 });
      }
      // The search itself: what is public of a token is found.
      expect(content().includes(parseToken(secrets[1])!.lookupId)).toBe(true);
    });

    it('nor does what is stored sign in', async () => {
      const { id } = await make({ role: 'ADMIN' });
      const [token] = await api.database.tokens.within({ tenantId: 1 }).findMany([keyOf('ApiToken', id)!]);
      const { lookupId, secretHash } = token!;
      const body = `rcl_${lookupId}_${secretHash.slice(0, 43)}`;
      for (const text of [secretHash, body, formatToken({ lookupId, secret: secretHash.slice(0, 43) })]) {
        expect(await statusFor(text)).toBe('UNAUTHENTICATED');
      }
    });

    /** The whole token and its secret part, as they might have been written down. */
    function formsOf(secret: string): string[] {
      const part = parseToken(secret)?.secret ?? secret;
      return [secret, part].flatMap((text) => [
        text,
        Buffer.from(text).toString('hex'),
        // Its three forms, for it may begin anywhere in what was encoded.
        ...[0, 1, 2].map((shift) =>
          Buffer.from('\0'.repeat(shift) + text)
            .toString('base64')
            .slice(4, -4),
        ),
      ]);
    }
  });

  describe('are compared', () => {
    it('not at all when mistyped: no statement reaches the database', async () => {
      const { id, secret } = await make();
      expect(await statusFor(secret)).toBe('grafana');
      // Its use is noted beside the request.
      await until(async () => (await lastUseOf(id)) !== null);
      const statements = (['all', 'get', 'run', 'each', 'exec', 'prepare'] as const).map((method) =>
        jest.spyOn(SqliteDatabase.prototype, method as never),
      );
      const count = () => statements.reduce((sum, spy) => sum + spy.mock.calls.length, 0);
      const last = secret.at(-1) === 'x' ? 'y' : 'x';
      for (const text of [
        secret.slice(0, -1) + last,
        secret.replace('rcl_', 'rcl_0').slice(0, 66),
        `${secret}0`,
      ]) {
        expect(await statusFor(text)).toBe('UNAUTHENTICATED');
      }
      expect(count()).toBe(0);
      // A well-formed one does reach it.
      expect(await statusFor(formatToken(generateToken(crypto.randomBytes)))).toBe('UNAUTHENTICATED');
      expect(count()).toBeGreaterThan(0);
    });

    it('by their digests, in constant time', async () => {
      const { secret } = await make();
      const compare = jest.spyOn(crypto, 'timingSafeEqual');
      expect(await statusFor(secret)).toBe('grafana');
      const sha256 = crypto.createHash('sha256').update(parseToken(secret)!.secret).digest('hex');
      const compared = compare.mock.calls.map((sides) =>
        sides.map((side) => Buffer.from(side as Uint8Array).toString('hex')),
      );
      expect(compared).toContainEqual([sha256, sha256]);
    });
  });

  describe('end', () => {
    it('for requests at once when they are revoked or expire', async () => {
      const [revoked, brief] = [
        await make({ name: 'a' }),
        await make({ name: 'b', expiresAt: NOW + 60_000 }),
      ];
      expect(await statusFor(revoked.secret)).toBe('a');
      expect(await statusFor(brief.secret)).toBe('b');
      await revoke(revoked);
      expect(await statusFor(revoked.secret)).toBe('UNAUTHENTICATED');
      jest.spyOn(api.services.clock, 'now').mockReturnValue(NOW + 60_000);
      expect(await statusFor(brief.secret)).toBe('UNAUTHENTICATED');
    });

    it('but a request that is under way may finish', async () => {
      const token = await make();
      const reads = api.database.tenants.within({ tenantId: 1 });
      let finish: (() => void) | undefined;
      const list: typeof reads.list = async (page) => {
        await new Promise<void>((resolve) => (finish = resolve));
        return reads.list(page);
      };
      jest.spyOn(api.services.tenantRepository, 'within').mockReturnValue({ ...reads, list });
      const answer = api.query('{ tenants { totalCount } }', {}, token.secret);
      await until(() => finish !== undefined);
      await revoke(token);
      finish!();
      expect((await answer).data).toEqual({ tenants: { totalCount: 3 } });
    });

    it('for subscriptions within a second of a revocation by the API', async () => {
      const token = await make();
      const [one, other] = [await subscribe(token.secret), await subscribe((await make()).secret)];
      const revokedAt = performance.now();
      await revoke(token);
      const { code, at } = await one.closed;
      expect(code).toBe(4403);
      expect(at - revokedAt).toBeLessThan(LIMIT_MS);
      await until(one.hasEnded);
      // Nobody else's.
      expect(other.socket.readyState).toBe(WebSocket.OPEN);
      expect(other.hasEnded()).toBe(false);
    });

    it('for subscriptions within a second of a revocation by another process', async () => {
      const token = await make();
      const { closed, hasEnded } = await subscribe(token.secret);
      const beside = await openDatabase({ file: api.databaseFile, awsEndpoint: null });
      const revokedAt = performance.now();
      await beside.tokens.revoke(keyOf('ApiToken', token.id)!, NOW);
      await beside.close();
      const { code, at } = await closed;
      expect(code).toBe(4403);
      expect(at - revokedAt).toBeLessThan(LIMIT_MS);
      await until(hasEnded);
    });

    it('for subscriptions within a second of their expiry', async () => {
      const { closed, socket } = await subscribe((await make({ expiresAt: NOW + 60_000 })).secret);
      const now = jest.spyOn(api.services.clock, 'now').mockReturnValue(NOW + 59_999);
      await settled(2 * 250);
      expect(socket.readyState).toBe(WebSocket.OPEN);
      const expiredAt = performance.now();
      now.mockReturnValue(NOW + 60_000);
      const { code, at } = await closed;
      expect(code).toBe(4403);
      expect(at - expiredAt).toBeLessThan(LIMIT_MS);
    });

    it('for who does not answer the close, too', async () => {
      const token = await make();
      const { socket, hasEnded } = await subscribe(token.secret);
      socket.pause();
      const revokedAt = performance.now();
      await revoke(token);
      await until(hasEnded);
      expect(performance.now() - revokedAt).toBeLessThan(LIMIT_MS);
    });

    it('when they are revoked while the WebSocket is signing in', async () => {
      const token = await make();
      const { authenticator } = api.services;
      const authenticate = authenticator.authenticate.bind(authenticator);
      jest.spyOn(authenticator, 'authenticate').mockImplementationOnce(async (...asked) => {
        const signIn = await authenticate(...asked);
        await api.database.tokens.revoke(keyOf('ApiToken', token.id)!, NOW);
        return signIn;
      });
      const { closed } = await subscribe(token.secret);
      const started = performance.now();
      const { code, at } = await closed;
      expect(code).toBe(4403);
      expect(at - started).toBeLessThan(LIMIT_MS);
    });

    it('and nothing is told to a WebSocket afterwards', async () => {
      const token = await make();
      const { closed, messages } = await subscribe(token.secret);
      const account = await addAccount(api);
      const told = () =>
        api.bus.publish({
          ...{ kind: 'accountStatusChanged' as const, tenantId: 1, accountId: account.id, account },
          ...{ from: 'CONNECTED' as const, to: 'BROKEN' as const, reason: null, at: NOW },
        });
      told();
      await until(() => messages.at(-1).type === 'next');
      await revoke(token);
      await closed;
      const before = messages.length;
      told();
      await settled(50);
      expect(messages).toHaveLength(before);
    });

    it('with one read for all that are open, and none when there are none', async () => {
      const secrets = [(await make()).secret, (await make()).secret];
      const read = jest.spyOn(api.database.tokens, 'revokedOf');
      await settled(500);
      expect(read).not.toHaveBeenCalled();
      for (const secret of [secrets[0], ...secrets]) await subscribe(secret);
      await until(() => read.mock.calls.some(([ids]) => ids.length === 2));
      for (const [ids] of read.mock.calls) expect(new Set(ids).size).toBe(ids.length);
    });

    it('not because the database does not answer', async () => {
      const { socket } = await subscribe((await make()).secret);
      const read = jest
        .spyOn(api.database.tokens, 'revokedOf')
        .mockRejectedValue(new Error('disk I/O error'));
      await until(() => read.mock.calls.length > 2);
      expect(socket.readyState).toBe(WebSocket.OPEN);
      expect(api.log.some(({ message }) => /could not be looked at/.test(String(message)))).toBe(true);
    });
  });

  it('JWTs close their WebSocket when they expire, too', async () => {
    const issuer = await LocalIssuer.start();
    const oidc = [
      {
        issuer: issuer.url,
        audience: ['rolecall'],
        jwksUri: null,
        rules: [{ claim: ['sub'], value: 'ada', role: 'VIEWER' as const, tenant: ['Umbrella'] }],
      },
    ];
    const withOidc = await startApi({ oidc });
    await api.stop();
    api = withOidc;
    try {
      const jwt = await issuer.sign({}, NOW);
      const { data } = await api.query('{ viewer { actor role tenant { id } } }', {}, jwt);
      expect(data.viewer).toEqual({ actor: 'ada', role: 'VIEWER', tenant: { id: toGlobalId('Tenant', 2) } });
      const { closed } = await subscribe(jwt);
      const expiredAt = performance.now();
      jest.spyOn(api.services.clock, 'now').mockReturnValue(NOW + 300_000);
      const { code, at } = await closed;
      expect(code).toBe(4403);
      expect(at - expiredAt).toBeLessThan(LIMIT_MS);
    } finally {
      await issuer.stop();
    }
  });

  it('the last use of a token is told, to the minute', async () => {
    const { id, secret } = await make();
    expect(await lastUseOf(id)).toBeNull();
    await statusFor(secret);
    await until(async () => (await lastUseOf(id)) === new Date(NOW).toISOString());
    const now = jest.spyOn(api.services.clock, 'now').mockReturnValue(NOW + 59_999);
    await statusFor(secret);
    now.mockReturnValue(NOW + 60_000);
    await statusFor(secret);
    await until(async () => (await lastUseOf(id)) === new Date(NOW + 60_000).toISOString());
  });

  /** For what must not happen: nothing tells that it did not. */
  const settled = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
});

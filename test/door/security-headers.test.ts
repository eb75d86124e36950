import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { ask, type Door, openSocket, startDoor, upgrade } from './door-fixture';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

describe('every answer', () => {
  let door: Door;
  beforeAll(async () => {
    door = await startDoor({ headerBytes: 4_096 });
  });
  afterAll(() => door.stop());

  const expectHardened = (headers: Record<string, unknown>) => {
    expect(headers).toMatchObject({
      'content-security-policy':
        "default-src 'none';base-uri 'none';form-action 'none';frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'x-frame-options': 'DENY',
      'cache-control': 'no-store',
      'x-request-id': expect.stringMatching(UUID),
    });
    for (const name of ['x-powered-by', 'server', 'etag', 'strict-transport-security'])
      expect(headers).not.toHaveProperty(name);
  };

  it.each<[string, number, Parameters<typeof ask>[1]]>([
    ['an operation', 200, {}],
    ['a mistake', 400, { body: '{"query":"{ nothing }"}' }],
    ['nobody', 401, { token: null }],
    ['a body that is no JSON', 400, { body: '{' }],
    ['a body of another type', 415, { headers: { 'content-type': 'text/plain' } }],
    ['a body that is too large', 413, { body: `"${'x'.repeat(300_000)}"` }],
    ['a path that there is not', 404, { path: '/graphiql' }],
    [
      'an upgrade to something else',
      400,
      { method: 'GET', headers: { connection: 'upgrade', upgrade: 'h2c' } },
    ],
    ['a probe', 200, { method: 'GET', path: '/healthz' }],
    ['headers that are too long', 431, { headers: { 'x-long': 'x'.repeat(5_000) } }],
    ['a URL that is too long', 431, { path: `/graphql?${'x'.repeat(5_000)}` }],
  ])('carries the security headers: %s', async (_what, status, options) => {
    const reply = await ask(door, options);
    expect(reply.status).toBe(status);
    expectHardened(reply.headers);
    expect(reply.body).not.toBeNull();
    expect(reply.text).not.toMatch(/\n\s+at |node_modules/);
  });

  it.each<[string, number | null, Parameters<typeof upgrade>[1]]>([
    ['opened', null, {}],
    ['of another path', 404, { path: '/live' }],
    ['of a page', 403, { headers: { origin: 'https://evil.example' } }],
  ])('carries them when a WebSocket is asked for: %s', async (_what, status, options) => {
    const outcome = await upgrade(door, options);
    if ('socket' in outcome) outcome.socket.close();
    else expect(outcome.body).toMatchObject({ errors: [{ extensions: { code: expect.any(String) } }] });
    expect('status' in outcome ? outcome.status : null).toBe(status);
    expectHardened(outcome.headers);
  });

  it('carries them when the request cannot be read at all', async () => {
    const socket = connect(door.server.port, '127.0.0.1');
    socket.write('NONSENSE\r\n\r\n');
    const [head, body] = (await text(socket)).split('\r\n\r\n');
    const [status, ...lines] = head.split('\r\n');
    expect(status).toBe('HTTP/1.1 400 Bad Request');
    expectHardened(Object.fromEntries(lines.map((line) => line.split(': '))));
    expect(JSON.parse(body)).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
  });

  it('is logged under the id that it carries', async () => {
    for (const options of [{}, { token: null }, { body: '{' }, { body: '{"query":"{ nothing }"}' }]) {
      const { headers } = await ask(door, options);
      expect(door.log).toContainEqual(expect.objectContaining({ requestId: headers['x-request-id'] }));
    }
    const socket = await openSocket(door);
    socket.close();
  });
});

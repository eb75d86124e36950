import { ask, type Door, openSocket, signInOn, startDoor, upgrade, VIEWER_QUERY } from './door-fixture';

const OURS = 'https://console.example';
const FOREIGN = [
  'https://evil.example',
  'http://console.example',
  'https://console.example:8443',
  'https://console.example.evil.example',
  'https://Console.example',
  'null',
];
const PREFLIGHT = {
  method: 'OPTIONS',
  token: null,
  headers: {
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'authorization,content-type',
  },
};

describe('a page of another origin', () => {
  let door: Door;
  afterEach(() => door.stop());

  const preflight = (origin: string) =>
    ask(door, { ...PREFLIGHT, headers: { ...PREFLIGHT.headers, origin } });

  it('may do nothing unless it is configured', async () => {
    door = await startDoor();
    const { status, headers } = await preflight(OURS);
    expect(status).toBe(401);
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    const answer = await ask(door, { headers: { origin: OURS } });
    expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
    expect(await upgrade(door, { headers: { origin: OURS } })).toMatchObject({ status: 403 });
  });

  it('may read answers and open WebSockets when its origin is on the list', async () => {
    door = await startDoor({ corsOrigins: ['https://other.example', OURS] });
    expect((await preflight(OURS)).headers).toMatchObject({
      'access-control-allow-origin': OURS,
      'access-control-allow-methods': 'GET,POST',
      'access-control-allow-headers': expect.stringContaining('authorization'),
      vary: expect.stringContaining('Origin'),
    });
    const answers = [
      await ask(door, { headers: { origin: OURS } }),
      await ask(door, { headers: { origin: OURS }, token: null }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 401]);
    for (const { headers } of answers) {
      expect(headers).toMatchObject({
        'access-control-allow-origin': OURS,
        'access-control-expose-headers': expect.stringContaining('x-request-id'),
      });
      expect(headers).not.toHaveProperty('access-control-allow-credentials');
    }
    const socket = await openSocket(door, { headers: { origin: OURS } });
    expect(await signInOn(socket)).toEqual({ message: { type: 'connection_ack' } });
    socket.close();
  });

  it.each(FOREIGN)('may do nothing when another one is: %s', async (origin) => {
    door = await startDoor({ corsOrigins: [OURS] });
    for (const { headers } of [await preflight(origin), await ask(door, { headers: { origin } })])
      expect(headers).not.toHaveProperty('access-control-allow-origin');
    expect(await upgrade(door, { headers: { origin } })).toMatchObject({
      status: 403,
      body: { errors: [{ extensions: { code: 'FORBIDDEN' } }] },
    });
  });

  it('is no matter to a program, which sends no origin', async () => {
    door = await startDoor({ corsOrigins: [OURS] });
    expect(await ask(door)).toMatchObject({
      status: 200,
      body: { data: { viewer: { actor: 'test ADMIN' } } },
    });
    const socket = await openSocket(door);
    expect(await signInOn(socket)).toEqual({ message: { type: 'connection_ack' } });
    socket.close();
  });

  it('cannot send what a browser sends without asking first', async () => {
    door = await startDoor();
    const query = `/graphql?query=${encodeURIComponent('{ viewer { actor } }')}`;
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])
      expect(await ask(door, { headers: { 'content-type': type }, body: VIEWER_QUERY })).toMatchObject({
        status: 415,
        body: { errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] },
      });
    const simple = await ask(door, { method: 'GET', path: query });
    expect(simple.status).toBe(400);
    expect(simple.body).not.toHaveProperty('data');
    const withHeader = { 'apollo-require-preflight': 'true' };
    expect((await ask(door, { method: 'GET', path: query, headers: withHeader })).status).toBe(200);
    const mutation = query.replace('viewer', 'mutation');
    expect((await ask(door, { method: 'GET', path: mutation, headers: withHeader })).status).toBe(400);
  });
});

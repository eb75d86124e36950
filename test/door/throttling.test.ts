import { randomBytes } from 'node:crypto';
import { refusal } from '../../src/core/access/authenticator';
import { SignInThrottle } from '../../src/core/access/sign-in-throttle';
import { systemClock } from '../../src/core/clock';
import { silentLog } from '../support/silent-log';
import { ask, type Door, openSocket, signInOn, startDoor } from './door-fixture';

describe('failed sign-ins', () => {
  let door: Door;
  const looked = jest.fn();

  beforeEach(async () => {
    looked.mockReset();
    const authenticator = new SignInThrottle({
      authenticator: {
        authenticate: async (credential) => {
          looked(credential);
          return credential?.startsWith('good')
            ? { viewer: { role: 'VIEWER', tenantId: 1, actor: credential, tokenId: null, expiresAt: null } }
            : refusal('UNKNOWN');
        },
      },
      limits: { failuresPerToken: 2, failuresPerAddress: 4 },
      clock: systemClock,
      log: silentLog,
      randomBytes,
    });
    door = await startDoor({ trustedProxies: 1 }, { services: { authenticator } });
  });
  afterEach(() => door.stop());

  const over = {
    HTTP: async (token: string, address = '203.0.113.1') => {
      const { status } = await ask(door, { token, headers: { 'x-forwarded-for': address } });
      return status;
    },
    WebSocket: async (token: string, address = '203.0.113.1') => {
      const socket = await openSocket(door, { headers: { 'x-forwarded-for': address } });
      const answer = await signInOn(socket, token);
      socket.close();
      return 'code' in answer ? { 4403: 401, 4429: 429 }[answer.code] : 200;
    },
  };
  const doors = Object.keys(over) as (keyof typeof over)[];

  it.each(doors)('of one token have to wait, over %s', async (transport) => {
    const attempt = over[transport];
    for (const status of [401, 401, 429, 429]) expect(await attempt('wrong')).toBe(status);
    expect(looked).toHaveBeenCalledTimes(2);
    expect(await attempt('good-1')).toBe(200);
  });

  it.each(doors)('of many tokens make their address wait, over %s', async (transport) => {
    const attempt = over[transport];
    expect(await attempt('good-1')).toBe(200);
    for (const status of [401, 401, 401, 401, 429])
      expect(await attempt(`wrong-${Math.random()}`)).toBe(status);
    expect(await attempt('good-1')).toBe(200);
    expect(await attempt('good-2')).toBe(429);
    expect(await attempt('good-2', '203.0.113.2')).toBe(200);
  });

  it('count together, whatever door they come to', async () => {
    expect(await over.HTTP('wrong')).toBe(401);
    expect(await over.WebSocket('wrong')).toBe(401);
    expect(await over.HTTP('wrong')).toBe(429);
    expect(await over.WebSocket('wrong')).toBe(429);
  });

  it('are told how long they have to wait', async () => {
    await over.HTTP('wrong');
    await over.HTTP('wrong');
    const { status, headers, body } = await ask(door, {
      token: 'wrong',
      headers: { 'x-forwarded-for': '203.0.113.1' },
    });
    expect(status).toBe(429);
    expect(Number(headers['retry-after'])).toBeGreaterThan(50);
    expect(Number(headers['retry-after'])).toBeLessThanOrEqual(60);
    expect(body).toMatchObject({ errors: [{ extensions: { code: 'RATE_LIMITED' } }] });
    const socket = await openSocket(door, { headers: { 'x-forwarded-for': '203.0.113.1' } });
    expect(await signInOn(socket, 'wrong')).toEqual({
      code: 4429,
      reason: expect.stringMatching(/^RATE_LIMITED: .* \d+ s$/),
    });
  });

  it('are no matter to the health probes', async () => {
    for (let i = 0; i < 10; i++) await over.HTTP(`wrong-${i}`);
    for (const path of ['/healthz', '/readyz'])
      expect(
        await ask(door, {
          method: 'GET',
          path,
          token: 'wrong',
          headers: { 'x-forwarded-for': '203.0.113.1' },
        }),
      ).toMatchObject({ status: 200 });
  });
});

import type { Authenticator } from '../../src/core/access/authenticator';
import { ask, type Door, openSocket, signInOn, startDoor } from './door-fixture';

describe("the client's address", () => {
  let door: Door;
  const seen: string[] = [];
  const authenticator: Authenticator = {
    authenticate: async (_credential, { address }) => {
      seen.push(address);
      return { viewer: { role: 'VIEWER', tenantId: 1, actor: 'x', tokenId: null, expiresAt: null } };
    },
  };

  beforeEach(() => seen.splice(0));
  afterEach(() => door.stop());
  const start = async (trustedProxies: number | string[]) => {
    door = await startDoor({ trustedProxies }, { services: { authenticator } });
  };

  /** The address that HTTP and WebSocket alike take for the client's. */
  async function addressFor(forwarded: string): Promise<string> {
    const headers = { 'x-forwarded-for': forwarded };
    await ask(door, { headers });
    const socket = await openSocket(door, { headers });
    await signInOn(socket);
    socket.close();
    const [http, webSocket] = seen.splice(0);
    expect(webSocket).toBe(http);
    return http;
  }

  it.each<[string, number | string[], string, string]>([
    ['nobody is trusted', 0, '203.0.113.7', '127.0.0.1'],
    ['one hop', 1, '203.0.113.7', '203.0.113.7'],
    ['one hop, and the client made up the rest', 1, '198.51.100.1, 203.0.113.7', '203.0.113.7'],
    ['two hops', 2, '198.51.100.1, 203.0.113.7, 10.0.0.9', '203.0.113.7'],
    ['an address', ['127.0.0.1'], '198.51.100.1, 203.0.113.7', '203.0.113.7'],
    ['networks', ['127.0.0.0/8', '10.0.0.0/8'], '203.0.113.7, 10.1.2.3', '203.0.113.7'],
    ['a name of networks', ['loopback'], '203.0.113.7', '203.0.113.7'],
    ['another address', ['192.0.2.1'], '203.0.113.7', '127.0.0.1'],
    ['IPv6', 1, '2001:db8::7', '2001:db8::7'],
    ['what is no address', 1, '203.0.113.7, unknown', '127.0.0.1'],
    ['nothing forwarded', 1, '', '127.0.0.1'],
  ])('is told by proxies that are trusted alone: %s', async (_what, trusted, forwarded, expected) => {
    await start(trusted);
    expect(await addressFor(forwarded)).toBe(expected);
  });

  it('counts for the limits: each client behind a proxy has its own WebSockets', async () => {
    door = await startDoor({ trustedProxies: 1, socketsPerAddress: 1 });
    const from = (address: string) => ({ headers: { 'x-forwarded-for': address } });
    const sockets = [
      await openSocket(door, from('203.0.113.1')),
      await openSocket(door, from('203.0.113.2')),
    ];
    await expect(openSocket(door, from('203.0.113.1'))).rejects.toThrow('429');
    await expect(openSocket(door, from('198.51.100.1, 203.0.113.1'))).rejects.toThrow('429');
    sockets.forEach((socket) => socket.close());
  });

  it.each<[string, number, string | undefined, boolean]>([
    ['TLS ends at a trusted proxy', 1, 'https', true],
    ['a trusted proxy was asked in plain', 1, 'http', false],
    ['nobody is trusted', 0, 'https', false],
  ])('and HSTS go together: %s', async (_what, trusted, protocol, expected) => {
    await start(trusted);
    const { headers } = await ask(door, { headers: { ...(protocol && { 'x-forwarded-proto': protocol }) } });
    expect('strict-transport-security' in headers).toBe(expected);
  });
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfiguration } from '../../src/config/configuration';
import { startGateway } from '../../src/gateway';
import { TlsFilesError } from '../../src/schema/server/tls';
import { ADMIN_TOKEN, gatewayCredentials, type Rolecall, startRolecall } from '../support/rolecall';
import { selfSignedCertificate } from '../support/self-signed-certificate';
import { silentLog } from '../support/silent-log';
import {
  ask as askDoor,
  openSocket as openDoor,
  signInOn,
  upgrade as upgradeDoor,
  VIEWER_QUERY,
} from './door-fixture';

describe('the door of a gateway', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rolecall-door-'));
  const [ours, another] = [selfSignedCertificate(), selfSignedCertificate()];
  const file = (name: string, content: string) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  const tls = {
    ROLECALL_TLS_CERT_FILE: file('tls.crt', ours.cert),
    ROLECALL_TLS_KEY_FILE: file('tls.key', ours.key),
  };
  const ORIGIN = 'https://console.example';
  let rolecall: Rolecall;

  beforeAll(async () => {
    rolecall = await startRolecall({
      settings: {
        ...tls,
        ROLECALL_TRUSTED_PROXIES: 'loopback',
        ROLECALL_CORS_ORIGINS: ORIGIN,
        ROLECALL_INTROSPECTION: 'off',
        ROLECALL_MAX_BODY_KIB: '16',
        ROLECALL_MAX_SOCKETS_PER_ADDRESS: '1',
        ROLECALL_SIGN_IN_FAILURES_PER_TOKEN: '2',
        ROLECALL_SIGN_IN_FAILURES_PER_ADDRESS: '3',
      },
    });
  });
  afterAll(async () => {
    await rolecall.stop();
    rmSync(folder, { recursive: true });
  });

  const server = () => ({ server: { url: rolecall.gateway.url } });
  const ask = (options: Parameters<typeof askDoor>[1]) =>
    askDoor(server(), { token: ADMIN_TOKEN, ca: ours.cert, ...options });

  it('is what its settings say', async () => {
    expect(rolecall.gateway.url).toMatch(/^https:/);
    const answer = await ask({ headers: { origin: ORIGIN } });
    expect(answer).toMatchObject({ status: 200, headers: { 'access-control-allow-origin': ORIGIN } });
    expect((await ask({ body: `"${'x'.repeat(17_000)}"` })).status).toBe(413);
    const introspection = await ask({ body: '{"query":"{ __schema { types { name } } }"}' });
    expect(introspection.status).toBe(400);
  });

  it('lets so many WebSockets in over TLS, each client behind the proxy for itself', async () => {
    const from = (address: string) => ({ headers: { 'x-forwarded-for': address }, ca: ours.cert });
    const first = await openDoor(server(), from('203.0.113.1'));
    expect(await signInOn(first, ADMIN_TOKEN)).toEqual({ message: { type: 'connection_ack' } });
    expect(await upgradeDoor(server(), from('203.0.113.1'))).toMatchObject({ status: 429 });
    (await openDoor(server(), from('203.0.113.2'))).close();
    first.close();
  });

  it('lets those wait who fail to sign in, and audits it', async () => {
    const headers = { 'x-forwarded-for': '203.0.113.9' };
    const statuses = [];
    for (const token of ['wrong', 'wrong', 'wrong', 'other', 'another'])
      statuses.push((await ask({ token, headers })).status);
    expect(statuses).toEqual([401, 401, 429, 401, 429]);
    expect((await ask({ body: VIEWER_QUERY, headers })).status).toBe(200);
    await rolecall.gateway.idle();
    const { body } = await ask({
      body: '{"query":"{ auditLog(filter: { actions: [\\"signin.failed\\"] }) { nodes { detail } } }"}',
    });
    expect(body!.data.auditLog.nodes).toContainEqual({
      detail: expect.objectContaining({ address: '203.0.113.9', reasons: { UNKNOWN: 3, THROTTLED: 2 } }),
    });
  });

  it('does not open with a key of another certificate, and does with the right one afterwards', async () => {
    const start = (settings: Record<string, string>) =>
      startGateway(
        readConfiguration({
          ...tls,
          ROLECALL_PORT: '0',
          ROLECALL_DATA_DIR: join(folder, 'data'),
          ...settings,
        }),
        { logger: silentLog, gatewayCredentials, startPaused: true },
      );
    const wrong = { ROLECALL_TLS_KEY_FILE: file('another.key', another.key) };
    await expect(start(wrong)).rejects.toThrow(TlsFilesError);
    await (await start({})).stop();
  });
});

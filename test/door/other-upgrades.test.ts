import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { selfSignedCertificate } from '../support/self-signed-certificate';
import { ask, type Door, openSocket, signInOn, startDoor, VIEWER_QUERY } from './door-fixture';

/** As Java's HttpClient asks on plain HTTP; a server that does not know the protocol answers as if it was not asked. */
const H2C = {
  connection: 'Upgrade, HTTP2-Settings',
  upgrade: 'h2c',
  'http2-settings': 'AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA',
};
const SIGNED_IN = { status: 200, body: { data: { viewer: { actor: 'test ADMIN' } } } };

describe('a request that offers another protocol than WebSocket', () => {
  let door: Door;
  afterEach(() => door.stop());

  it.each(['h2c', 'TLS/1.0', 'h2c, websocket'])('is answered as any other: %s', async (protocol) => {
    door = await startDoor();
    const headers = { ...H2C, upgrade: protocol };
    expect(await ask(door, { headers })).toMatchObject(SIGNED_IN);
    expect(await ask(door, { headers, token: null })).toMatchObject({ status: 401 });
    expect(await ask(door, { headers, method: 'GET', path: '/healthz' })).toMatchObject({
      status: 200,
      body: { ok: true },
    });
    expect(await ask(door, { headers, path: '/nowhere' })).toMatchObject({ status: 404 });
  });

  it('is answered over TLS', async () => {
    const { cert, key } = selfSignedCertificate('first');
    const folder = mkdtempSync(join(tmpdir(), 'rolecall-upgrade-'));
    const files = { certFile: join(folder, 'tls.crt'), keyFile: join(folder, 'tls.key') };
    writeFileSync(files.certFile, cert);
    writeFileSync(files.keyFile, key);
    door = await startDoor({ tls: files });
    expect(await ask(door, { headers: H2C, ca: cert })).toMatchObject(SIGNED_IN);
    rmSync(folder, { recursive: true });
  });

  it('is answered when its body is long, comes in chunks, or is waited for', async () => {
    door = await startDoor();
    const body = JSON.stringify({ query: '{ viewer { actor } }', extensions: { long: 'x'.repeat(200_000) } });
    expect(await ask(door, { headers: H2C, body })).toMatchObject(SIGNED_IN);
    const chunked = { ...H2C, 'transfer-encoding': 'chunked' };
    expect(await ask(door, { headers: chunked, body })).toMatchObject(SIGNED_IN);
    expect(await ask(door, { headers: { ...H2C, expect: '100-continue' } })).toMatchObject(SIGNED_IN);
  });

  it('is bounded as any other', async () => {
    door = await startDoor({ bodyBytes: 1_000 });
    const body = JSON.stringify({ query: '{ viewer { actor } }', extensions: { long: 'x'.repeat(1_000) } });
    expect(await ask(door, { headers: H2C, body })).toMatchObject({ status: 413 });
  });

  it('is the last of its connection, whatever stands behind it', async () => {
    door = await startDoor();
    // Node shows no more than some thousand headers, so that the length of the body is not seen here.
    const junk = 'a:\r\n'.repeat(2_000);
    const smuggled = `GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n`;
    const socket = connect(door.server.port, '127.0.0.1');
    await once(socket, 'connect');
    let text = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    socket.write(
      `GET /nowhere HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: h2c\r\n${junk}` +
        `content-length: ${smuggled.length}\r\n\r\n${smuggled}`,
    );
    await once(socket, 'close');
    // As Node says of whatever comes behind the last request.
    expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 404', 'HTTP/1.1 400']);
    expect(text.toLowerCase()).toContain('connection: close');
  });

  it('leaves WebSockets as they are', async () => {
    door = await startDoor();
    expect(await ask(door, { headers: { ...H2C, upgrade: 'websocket' } })).toMatchObject({ status: 400 });
    const socket = await openSocket(door);
    expect(await signInOn(socket)).toEqual({ message: { type: 'connection_ack' } });
    socket.close();
    expect(await ask(door, { body: VIEWER_QUERY })).toMatchObject(SIGNED_IN);
  });
});

import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { ask, type Door, next, openSocket, signInOn, startDoor, upgrade } from './door-fixture';

describe('what is too much', () => {
  let door: Door;
  afterEach(() => door.stop());

  const withVariables = (variables: object) => JSON.stringify({ query: '{ viewer { actor } }', variables });
  const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)]);
  /** So deep that JSON.stringify could not write it. */
  const deepest = withVariables({ a: 1 }).replace('1', `${'['.repeat(100_000)}${']'.repeat(100_000)}`);

  it('of a body is refused, packed or not', async () => {
    door = await startDoor({ bodyBytes: 1_000 });
    const large = withVariables({ a: 'x'.repeat(1_000) });
    const refused = {
      status: 413,
      body: {
        errors: [
          {
            message: 'A request may have 1000 bytes',
            extensions: { code: 'LIMIT_EXCEEDED', correlationId: expect.any(String) },
          },
        ],
      },
    };
    expect(await ask(door, { body: large })).toMatchObject(refused);
    const packed = gzipSync(large).toString('latin1');
    const reply = await askBytes(door, Buffer.from(packed, 'latin1'));
    expect(reply).toMatch(/^HTTP\/1.1 413 /);
    expect((await ask(door, { body: withVariables({ a: 'x' }) })).status).toBe(200);
  });

  it.each<[string, string, number]>([
    ['as deep as may be', withVariables({ a: nested(10) }), 200],
    ['too deep', withVariables({ a: nested(11) }), 400],
    ['too deep by far', deepest, 400],
    ['as many as may be', withVariables({ a: Array(9_999).fill(1) }), 200],
    ['too many', withVariables({ a: Array(10_000).fill(1) }), 400],
    ['too many altogether', withVariables({ a: Array(5_000).fill(1), b: Array(5_000).fill(1) }), 400],
  ])('of variables is refused: %s', async (_what, sent, status) => {
    door = await startDoor();
    const { body, ...reply } = await ask(door, { body: sent });
    expect(reply.status).toBe(status);
    if (status === 200) expect(body!.data).toEqual({ viewer: { actor: 'test ADMIN' } });
    else expect(body).toMatchObject({ errors: [{ extensions: { code: 'LIMIT_EXCEEDED' } }] });
  });

  it('of variables is refused over a WebSocket, too', async () => {
    door = await startDoor();
    const socket = await openSocket(door);
    await signInOn(socket);
    const payload = { query: 'subscription { accountChanges { id } }', variables: { a: nested(11) } };
    socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload }));
    expect(await next(socket)).toMatchObject({
      message: { type: 'error', payload: [{ extensions: { code: 'LIMIT_EXCEEDED' } }] },
    });
    socket.close();
  });

  it('of one WebSocket message closes it', async () => {
    door = await startDoor({ bodyBytes: 1_000 });
    const socket = await openSocket(door);
    await signInOn(socket);
    const closed = once(socket, 'close');
    socket.send('x'.repeat(1_001));
    expect((await closed)[0]).toBe(1009);
    expect(door.log).toContainEqual(expect.objectContaining({ msg: 'WebSocket refused' }));
  });

  it('of WebSockets of one address is refused, until one of them is closed', async () => {
    door = await startDoor({ socketsPerAddress: 2 });
    const sockets = [await openSocket(door), await openSocket(door)];
    expect(await upgrade(door)).toMatchObject({
      status: 429,
      body: { errors: [{ extensions: { code: 'LIMIT_EXCEEDED' } }] },
    });
    sockets[0].close();
    await once(sockets[0], 'close');
    const again = await openSocket(door);
    [sockets[1], again].forEach((socket) => socket.close());
  });

  it('of WebSockets of one tenant is closed, and another tenant is not concerned', async () => {
    door = await startDoor({ socketsPerTenant: 1 });
    const [first, second, other] = [await openSocket(door), await openSocket(door), await openSocket(door)];
    await signInOn(first, 'VIEWER-1');
    expect(await signInOn(second, 'ADMIN-1')).toEqual({
      code: 1013,
      reason: expect.stringContaining('LIMIT_EXCEEDED'),
    });
    expect(await signInOn(other, 'VIEWER-2')).toEqual({ message: { type: 'connection_ack' } });
    first.close();
    await once(first, 'close');
    const third = await openSocket(door);
    expect(await signInOn(third, 'VIEWER-1')).toEqual({ message: { type: 'connection_ack' } });
    [other, third].forEach((socket) => socket.close());
  });

  it.each<[string, string]>([
    ['headers', 'POST /graphql HTTP/1.1\r\nHost: x\r\n'],
    ['bodies', 'POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{'],
  ])('of time is: slow %s are answered 408 and cut off', async (_what, begun) => {
    door = await startDoor({ headersMs: 150, requestMs: 150, lateCheckMs: 20 });
    const socket = connect(door.server.port, '127.0.0.1');
    socket.write(
      begun.replace('Host', 'Authorization: Bearer ADMIN-1\r\nContent-Type: application/json\r\nHost'),
    );
    const reply = await text(socket);
    expect(reply).toMatch(/^HTTP\/1.1 408 Request Timeout\r\n/);
    expect(reply).toContain('"code":"TIMED_OUT"');
  });
});

/** Posts a packed body. */
function askBytes({ server }: Door, body: Buffer): Promise<string> {
  const socket = connect(server.port, '127.0.0.1');
  socket.write(
    'POST /graphql HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer ADMIN-1\r\n' +
      `Content-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: ${body.length}\r\n\r\n`,
  );
  socket.write(body);
  return text(socket);
}

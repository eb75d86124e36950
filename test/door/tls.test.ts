import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { once } from 'node:events';
import { TlsFilesError } from '../../src/schema/server/tls';
import { type KeyPair, selfSignedCertificate } from '../support/self-signed-certificate';
import { until } from '../support/until';
import { ask, type Door, openSocket, signInOn, startDoor } from './door-fixture';

describe('TLS by files', () => {
  const [first, second] = [selfSignedCertificate('first'), selfSignedCertificate('second')];
  let folder: string;
  let door: Door | undefined;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'rolecall-tls-'));
  });
  afterEach(async () => {
    await door?.stop();
    door = undefined;
    rmSync(folder, { recursive: true });
  });

  const files = () => ({ certFile: join(folder, 'tls.crt'), keyFile: join(folder, 'tls.key') });
  const write = ({ cert, key }: Partial<KeyPair>) => {
    if (cert !== undefined) writeFileSync(files().certFile, cert);
    if (key !== undefined) writeFileSync(files().keyFile, key);
  };
  const start = async () => (door = await startDoor({ tls: files(), tlsCheckMs: 10 }));

  /** The name in the certificate that a new connection is shown. */
  async function shown({ server }: Door): Promise<string> {
    const socket = connect({ port: server.port, rejectUnauthorized: false });
    await once(socket, 'secureConnect');
    const { subject } = socket.getPeerCertificate();
    socket.destroy();
    return subject.CN as string;
  }

  it('serves HTTPS and WSS, and tells browsers to stay there', async () => {
    write(first);
    const started = await start();
    expect(started.server.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+\/graphql$/);
    const { status, headers, body } = await ask(started, { ca: first.cert });
    expect({ status, body }).toEqual({ status: 200, body: { data: { viewer: { actor: 'test ADMIN' } } } });
    expect(headers['strict-transport-security']).toMatch(/^max-age=\d{8}/);
    const socket = await openSocket(started, { ca: first.cert });
    expect(await signInOn(socket)).toEqual({ message: { type: 'connection_ack' } });
    socket.close();
    await expect(ask(started, { ca: second.cert })).rejects.toThrow();
  });

  it.each([
    ['TLSv1.1', false],
    ['TLSv1.2', true],
    ['TLSv1.3', true],
  ] as const)('speaks %s: %s', async (version, spoken) => {
    write(first);
    const { server } = await start();
    const socket = connect({
      port: server.port,
      rejectUnauthorized: false,
      minVersion: version,
      maxVersion: version,
      // OpenSSL itself refuses TLS 1.1 at its usual level.
      ciphers: 'DEFAULT@SECLEVEL=0',
    });
    const outcome = await Promise.race([
      once(socket, 'secureConnect').then(() => true),
      once(socket, 'error').then(() => false),
    ]).catch(() => false);
    socket.destroy();
    expect(outcome).toBe(spoken);
  });

  it('does not answer plain HTTP there', async () => {
    write(first);
    const started = await start();
    const plain = {
      ...started,
      server: { ...started.server, url: started.server.url.replace('https', 'http') },
    };
    await expect(ask(plain)).rejects.toThrow();
  });

  it('takes a new certificate without a new start, once both files are there', async () => {
    write(first);
    const started = await start();
    expect(await shown(started)).toBe('first');
    write({ cert: second.cert });
    await until(() => started.log.some(({ msg }) => String(msg).includes('the old one stays')));
    expect(await shown(started)).toBe('first');
    write({ key: second.key });
    await until(async () => (await shown(started)) === 'second');
    expect((await ask(started, { ca: second.cert })).status).toBe(200);
  });

  it.each<[string, () => void, RegExp]>([
    [
      'a key of another certificate',
      () => write({ ...first, key: second.key }),
      /tls\.key is not the key of/,
    ],
    ['no certificate', () => write({ key: first.key }), /certificate .*tls\.crt cannot be used: .*ENOENT/],
    ['no key', () => write({ cert: first.cert }), /key .*tls\.key cannot be used: .*ENOENT/],
    [
      'a certificate that is none',
      () => write({ ...first, cert: 'x' }),
      /certificate .*tls\.crt cannot be used/,
    ],
    ['a key that is none', () => write({ ...first, key: 'x' }), /key .*tls\.key cannot be used/],
  ])('does not start with %s, and says so', async (_what, prepare, message) => {
    prepare();
    const error = await start().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(TlsFilesError);
    expect((error as Error).message).toMatch(message);
    expect((error as Error).message).not.toContain('PRIVATE KEY');
  });
});

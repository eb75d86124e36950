import { createServer, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';

/** A pair of keys that the issuer signs with, under its `kid`. */
interface SigningKey {
  alg: string;
  kid: string;
  privateKey: CryptoKey;
  published: JWK;
}

/** An identity provider on this machine, over real HTTP: discovery, keys, and JWTs as a test wants them. */
export class LocalIssuer {
  /** How often each path was asked for. */
  readonly requests: string[] = [];
  /** Answers in place of the issuer, or keeps quiet; with false it leaves it to the issuer. */
  answer: ((path: string, response: ServerResponse) => unknown) | null = null;
  keys: SigningKey[] = [];

  private constructor(
    readonly url: string,
    private readonly server: ReturnType<typeof createServer>,
  ) {}

  static async start(alg = 'RS256'): Promise<LocalIssuer> {
    const server = createServer((request, response) => issuer.serve(request.url ?? '', response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const issuer = new LocalIssuer(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, server);
    await issuer.rotate(alg, 'first');
    return issuer;
  }

  /** A new key in place of those before. */
  async rotate(alg: string, kid: string): Promise<void> {
    const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
    this.keys = [
      { alg, kid, privateKey, published: { ...(await exportJWK(publicKey)), alg, kid, use: 'sig' } },
    ];
  }

  /** Good for five minutes, unless the claims say otherwise; a claim that is undefined is left out. */
  async sign(claims: JWTPayload, now = Date.now()): Promise<string> {
    const { alg, kid, privateKey } = this.keys[0];
    const seconds = Math.floor(now / 1000);
    const all = { iss: this.url, aud: 'rolecall', sub: 'ada', iat: seconds, exp: seconds + 300, ...claims };
    return new SignJWT(JSON.parse(JSON.stringify(all)) as JWTPayload)
      .setProtectedHeader({ alg, kid })
      .sign(privateKey);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private serve(path: string, response: ServerResponse): void {
    this.requests.push(path);
    if (this.answer && this.answer(path, response) !== false) return;
    response.setHeader('content-type', 'application/json');
    if (path === '/.well-known/openid-configuration') {
      response.end(JSON.stringify({ issuer: this.url, jwks_uri: `${this.url}/keys` }));
    } else if (path === '/keys') {
      response.end(JSON.stringify({ keys: this.keys.map(({ published }) => published) }));
    } else {
      response.writeHead(404).end();
    }
  }
}

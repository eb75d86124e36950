import { createServer } from 'node:net';
import { once } from 'node:events';
import { type CryptoKey, exportSPKI, importJWK, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { OidcVerifier } from '../../src/core/access/oidc/oidc-verifier';
import type { ClaimRule, OidcIssuer } from '../../src/core/access/oidc/oidc-issuer';
import { LocalIssuer } from '../support/oidc-issuer';

const RULES: ClaimRule[] = [
  { claim: ['groups'], value: 'rolecall-admins', role: 'ADMIN', tenant: [] },
  { claim: ['realm_access', 'roles'], value: 'operator', role: 'OPERATOR', tenant: ['MSP', 'Acme'] },
  { claim: ['department'], value: 7, role: 'VIEWER', tenant: ['Nowhere'] },
];
const TENANTS: Record<string, number> = { '': 1, 'MSP/Acme': 5 };

describe('a JWT of an OIDC issuer', () => {
  let issuer: LocalIssuer;
  let now: number;
  const warn = jest.fn();
  const info = jest.fn();

  beforeEach(async () => {
    issuer = await LocalIssuer.start();
    now = Date.now();
    warn.mockReset();
    info.mockReset();
  });
  afterEach(() => issuer.stop());

  function verifierFor(...given: Partial<OidcIssuer>[]): OidcVerifier {
    return new OidcVerifier({
      issuers: given.map((one) => ({
        issuer: issuer.url,
        audience: ['rolecall'],
        jwksUri: null,
        rules: RULES,
        ...one,
      })),
      tenants: {
        findByPath: async (names) => {
          const id = TENANTS[names.join('/')];
          return id ? { id, name: names.at(-1) ?? 'root', parentId: null, createdAt: 0 } : null;
        },
      },
      clock: { now: () => now },
      log: { info, warn },
      allowHttp: true,
    });
  }

  const admin = { groups: ['staff', 'rolecall-admins'] };
  const refused = (reason: string, presented: string | null = null) => ({
    refused: reason,
    tenantId: null,
    presented,
  });

  it.each(['RS256', 'PS256', 'ES256', 'EdDSA'])(
    'signed by %s is let in by what its claims say',
    async (alg) => {
      await issuer.rotate(alg, 'key');
      const verifier = verifierFor({});
      const exp = Math.floor(now / 1000) + 60;
      expect(await verifier.verify(await issuer.sign({ ...admin, exp }))).toEqual({
        viewer: {
          tenantId: 1,
          role: 'ADMIN',
          actor: 'ada',
          issuer: issuer.url,
          tokenId: null,
          expiresAt: exp * 1000,
        },
      });
      const operator = { sub: 'bob', realm_access: { roles: ['operator'] }, aud: ['other', 'rolecall'] };
      expect(await verifier.verify(await issuer.sign(operator))).toMatchObject({
        viewer: { tenantId: 5, role: 'OPERATOR', actor: 'bob' },
      });
    },
  );

  it('is refused when its claims fulfil no rule, or the tenant of the rule is not there', async () => {
    const verifier = verifierFor({});
    const unmapped = refused('UNMAPPED', `${issuer.url} ada`);
    const strangers: JWTPayload[] = [
      {},
      { groups: 'rolecall-admin' },
      { groups: [['rolecall-admins']] },
      { realm_access: 'operator' },
      { department: '7' },
      { department: 7 },
      JSON.parse('{"__proto__": {"groups": "rolecall-admins"}}'),
    ];
    for (const claims of strangers)
      expect(await verifier.verify(await issuer.sign(claims))).toEqual(unmapped);
    expect(info.mock.calls.map(([, message]) => message)).toContain(
      'A good JWT was refused: There is no tenant /Nowhere',
    );
  });

  it('is refused for another audience, of another issuer, without subject or end, or before its time', async () => {
    const verifier = verifierFor({});
    const seconds = Math.floor(now / 1000);
    const wrong: JWTPayload[] = [
      { aud: 'another' },
      { aud: [] },
      { aud: undefined },
      { iss: `${issuer.url}/` },
      { iss: undefined },
      { exp: undefined },
      { sub: undefined },
      { sub: '' },
      { sub: 'x'.repeat(256) },
      { nbf: seconds + 60 },
      { exp: 'never' as unknown as number },
    ];
    for (const claims of wrong) {
      expect(await verifier.verify(await issuer.sign({ ...admin, ...claims }))).toEqual(
        refused('JWT_INVALID'),
      );
    }
  });

  it('is refused once it has expired, but for a difference of the clocks', async () => {
    const verifier = verifierFor({});
    const jwt = await issuer.sign(admin);
    now += 304_000;
    expect(await verifier.verify(jwt)).toHaveProperty('viewer');
    now += 2_000;
    expect(await verifier.verify(jwt)).toEqual(refused('EXPIRED', `${issuer.url} ada`));
  });

  it('is refused without a signature, or with one that the public key can make', async () => {
    const verifier = verifierFor({});
    expect(await verifier.verify(await issuer.sign(admin))).toHaveProperty('viewer');
    const { kid, published } = issuer.keys[0];
    const claims = {
      ...admin,
      iss: issuer.url,
      aud: 'rolecall',
      sub: 'eve',
      exp: Math.floor(now / 1000) + 60,
    };
    const publicKey = (await importJWK({ ...published, ext: true }, 'RS256', {
      extractable: true,
    })) as CryptoKey;
    const secrets = [await exportSPKI(publicKey), JSON.stringify(published)];
    const forged = [
      new UnsecuredJWT(claims).encode(),
      ...(await Promise.all(
        secrets.map((secret) =>
          new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid }).sign(Buffer.from(secret)),
        ),
      )),
    ];
    for (const jwt of forged) expect(await verifier.verify(jwt)).toEqual(refused('JWT_INVALID'));
  });

  it('is refused when anything of it was changed', async () => {
    const verifier = verifierFor({});
    const [header, payload, signature] = (await issuer.sign({})).split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as JWTPayload;
    const raised = Buffer.from(JSON.stringify({ ...claims, ...admin })).toString('base64url');
    for (const jwt of [
      `${header}.${raised}.${signature}`,
      `${header}.${payload}.`,
      `${header}.${payload}`,
      'a.b.c',
    ]) {
      expect(await verifier.verify(jwt)).toEqual(refused('JWT_INVALID'));
    }
  });

  it('is judged by the new key after a rotation, and by the old one no longer', async () => {
    const verifier = verifierFor({});
    const before = await issuer.sign(admin);
    expect(await verifier.verify(before)).toHaveProperty('viewer');
    await issuer.rotate('RS256', 'second');
    const after = await issuer.sign(admin);
    const realNow = jest.spyOn(Date, 'now');
    try {
      // jose keeps its own time: a key that it does not know makes it ask again half a minute after it last did.
      realNow.mockReturnValue(now + 31_000);
      expect(await verifier.verify(after)).toHaveProperty('viewer');
    } finally {
      realNow.mockRestore();
    }
    expect(await verifier.verify(before)).toEqual(refused('JWT_INVALID'));
  });

  it('that names a key nobody knows makes the gateway ask once in half a minute', async () => {
    const verifier = verifierFor({ jwksUri: `${issuer.url}/keys` });
    await verifier.verify(await issuer.sign(admin));
    issuer.keys[0].kid = 'unknown';
    const jwts = await Promise.all(Array.from({ length: 20 }, () => issuer.sign(admin)));
    for (const jwt of jwts) expect(await verifier.verify(jwt)).toEqual(refused('JWT_INVALID'));
    expect(issuer.requests).toEqual(['/keys']);
  });

  it('of an issuer that is not configured asks nobody anything', async () => {
    const verifier = verifierFor({ issuer: 'https://login.example.com' });
    expect(await verifier.verify(await issuer.sign(admin))).toEqual(refused('JWT_INVALID'));
    expect(await verifierFor().verify(await issuer.sign(admin))).toEqual(refused('JWT_INVALID'));
    expect(issuer.requests).toEqual([]);
  });

  it('is judged by its own issuer’s keys and rules where there are several', async () => {
    const other = await LocalIssuer.start();
    try {
      const rules: ClaimRule[] = [{ claim: ['sub'], value: 'ada', role: 'VIEWER', tenant: [] }];
      const verifier = verifierFor({}, { issuer: other.url, audience: ['monitoring'], rules });
      expect(await verifier.verify(await issuer.sign(admin))).toMatchObject({ viewer: { role: 'ADMIN' } });
      const theirs = await other.sign({ ...admin, aud: 'monitoring' });
      expect(await verifier.verify(theirs)).toMatchObject({ viewer: { role: 'VIEWER' } });
      const forged = await other.sign({ ...admin, iss: issuer.url });
      expect(await verifier.verify(forged)).toEqual(refused('JWT_INVALID'));
    } finally {
      await other.stop();
    }
  });

  describe('whose issuer does not answer as it should', () => {
    const unreachable = () => refused('ISSUER_UNREACHABLE', issuer.url);

    it.each<[string, LocalIssuer['answer']]>([
      ['fails', (_path, response) => response.writeHead(500).end()],
      ['redirects', (_path, response) => response.writeHead(302, { location: '/keys' }).end()],
      ['sends no JSON', (_path, response) => response.end('<html>')],
      ['sends null', (_path, response) => response.end('null')],
      ['sends no keys', (path, response) => path === '/keys' && response.end('{"keys":7}')],
      ['breaks off', (_path, response) => response.destroy()],
      [
        'is the configuration of another',
        (path, response) =>
          path !== '/keys' &&
          response.end('{"issuer":"https://login.example.com","jwks_uri":"http://127.0.0.1:1"}'),
      ],
    ])('is refused, with a line in the log: it %s', async (_what, answer) => {
      issuer.answer = answer;
      const jwt = await issuer.sign(admin);
      const verifier = verifierFor({});
      expect(await verifier.verify(jwt)).toEqual(unreachable());
      expect(warn).toHaveBeenCalledTimes(1);
      expect(warn.mock.calls[0]).toEqual([
        { issuer: issuer.url, err: expect.anything() },
        'The keys of an OIDC issuer cannot be had: its JWTs are refused',
      ]);
    });

    it('is refused at once for some seconds, then the issuer is asked again', async () => {
      issuer.answer = (_path, response) => response.writeHead(503).end();
      const verifier = verifierFor({});
      const jwt = await issuer.sign(admin);
      for (let i = 0; i < 10; i++) expect(await verifier.verify(jwt)).toEqual(unreachable());
      expect(issuer.requests).toHaveLength(1);
      expect(warn).toHaveBeenCalledTimes(1);
      issuer.answer = null;
      now += 5_000;
      expect(await verifier.verify(jwt)).toHaveProperty('viewer');
    });

    it('is refused while nobody listens there', async () => {
      const closed = createServer().listen(0, '127.0.0.1');
      await once(closed, 'listening');
      const { port } = closed.address() as { port: number };
      closed.close();
      const verifier = verifierFor({ jwksUri: `http://127.0.0.1:${port}/keys` });
      expect(await verifier.verify(await issuer.sign(admin))).toEqual(unreachable());
    });

    it('is refused after five seconds when it says nothing', async () => {
      issuer.answer = () => undefined;
      const verifier = verifierFor({});
      const started = performance.now();
      expect(await verifier.verify(await issuer.sign(admin))).toEqual(unreachable());
      expect(performance.now() - started).toBeLessThan(7_000);
    });

    it('does not matter to a key that is known', async () => {
      const verifier = verifierFor({});
      const jwt = await issuer.sign(admin);
      await verifier.verify(jwt);
      issuer.answer = (_path, response) => response.writeHead(500).end();
      expect(await verifier.verify(jwt)).toHaveProperty('viewer');
    });

    it('is no excuse for a database that does not answer', async () => {
      const verifier = new OidcVerifier({
        issuers: [{ issuer: issuer.url, audience: ['rolecall'], jwksUri: null, rules: RULES }],
        tenants: { findByPath: () => Promise.reject(new Error('database is locked')) },
        clock: { now: () => now },
        log: { info, warn },
        allowHttp: true,
      });
      await expect(verifier.verify(await issuer.sign(admin))).rejects.toThrow('database is locked');
    });
  });

  it('is not looked at over plain HTTP outside development, wherever discovery points', async () => {
    const verifier = new OidcVerifier({
      issuers: [{ issuer: issuer.url, audience: ['rolecall'], jwksUri: null, rules: RULES }],
      tenants: { findByPath: async () => null },
      clock: { now: () => now },
      log: { info, warn },
      allowHttp: false,
    });
    expect(await verifier.verify(await issuer.sign(admin))).toMatchObject({ refused: 'ISSUER_UNREACHABLE' });
    expect(issuer.requests).not.toContain('/keys');
  });
});

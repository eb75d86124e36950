import { createHmac, randomBytes } from 'node:crypto';
import * as fc from 'fast-check';
import { formatToken, generateToken } from './access/tokens';
import { redact, redactText } from './redaction';

const bytes = (length: number) =>
  fc.uint8Array({ minLength: length, maxLength: length }).map((array) => Buffer.from(array));
const keyId = (prefix: string) =>
  fc
    .array(fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'), { minLength: 16, maxLength: 16 })
    .map((rest) => prefix + rest.join(''));
/** Bytes drawn as a key is drawn: all of one case would be no key that AWS makes. */
const mixed = (text: string) => /[a-z]/.test(text) && /[A-Z]/.test(text) && /[0-9]/.test(text);
const part = fc.dictionary(fc.string(), fc.string()).map((claims) => encoded(claims));
const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Secrets that are known by their looks. */
const looks = fc.oneof(
  keyId('AKIA'),
  keyId('ASIA'),
  bytes(30)
    .map((key) => key.toString('base64'))
    .filter(mixed),
  bytes(192)
    .map((token) => token.toString('base64'))
    .filter(mixed),
  bytes(32).map((key) => key.toString('base64')),
  fc
    .tuple(bytes(16), bytes(32))
    .map(([id, secret]) => formatToken(generateToken((size) => (size === 16 ? id : secret)))),
  part.map((claims) => {
    const body = `${encoded({ alg: 'HS256' })}.${claims}`;
    return `${body}.${createHmac('sha256', 'key').update(body).digest('base64url')}`;
  }),
);

/** What may stand around a secret without being part of it. */
const around = fc.constantFrom(
  '',
  ' ',
  '"',
  "'",
  '\n',
  '=',
  ': ',
  ', ',
  '(',
  '>',
  '[',
  ' key ',
  '\\"',
  'é',
  '%3D',
  '%20',
);
const secretName = fc.constantFrom(
  'secretAccessKey',
  'SecretAccessKey',
  'secret_access_key',
  'sessionToken',
  'x-amz-security-token',
  'Authorization',
  'password',
  'clientSecret',
  'ROLECALL_ENCRYPTION_KEY',
  'ROLECALL_ADMIN_TOKEN',
  'credentials',
  'token',
  'Cookie',
);
/** Any text that no other part of the value holds by chance. */
const anySecret = fc.string({ minLength: 8 }).map((text) => `canary${text}`);

/** The value, somewhere in objects and lists. */
const nested = (value: fc.Arbitrary<unknown>) =>
  fc
    .tuple(value, fc.array(fc.constantFrom('list', 'object'), { maxLength: 5 }))
    .map(([inner, levels]) =>
      levels.reduce<unknown>((deep, level) => (level === 'list' ? [1, deep] : { a: null, deep }), inner),
    );

describe('redact', () => {
  it('lets nothing pass that looks like a secret, in any text at any depth, nor as the name of a field', () => {
    fc.assert(
      fc.property(looks, around, around, fc.boolean(), (secret, before, after, asName) => {
        const text = `${before}${secret}${after}`;
        const value = asName ? { [text]: 1 } : [{ text }];
        expect(JSON.stringify(redact(value))).not.toContain(secret);
      }),
    );
  });

  it('lets nothing pass under the name of a secret', () => {
    fc.assert(
      fc.property(secretName, nested(anySecret), (name, value) => {
        expect(JSON.stringify(redact({ [name]: value }))).not.toContain('canary');
      }),
    );
  });

  it('knows URL-encoded keys', () => {
    fc.assert(
      fc.property(bytes(30), (key) => {
        const secret = encodeURIComponent(key.toString('base64'));
        fc.pre(mixed(secret));
        expect(redactText(`?x=${secret}&y`)).not.toContain(secret);
      }),
    );
  });

  it.each([
    'Authorization: AWS4-HMAC-SHA256 Credential=canary/20260101/eu-central-1/sts/aws4_request, Signature=canary',
    'authorization: Basic canary',
    '{"authorization":"Negotiate canary"}',
    'Bearer canary',
    '<SecretAccessKey>canary</SecretAccessKey>',
    "{ accessKeyId: 'x', secretAccessKey: 'canary' }",
    '{\\"SecretAccessKey\\": \\"canary\\"}',
    'X-Amz-Security-Token=canary&Action=x',
    'secret access key: canary',
    'ROLECALL_ENCRYPTION_KEY=canary',
    'client_secret%3Dcanary',
    '-----BEGIN PRIVATE KEY-----\ncanary\n-----END PRIVATE KEY-----',
    '-----BEGIN EC PRIVATE KEY-----\ncanary',
  ])('knows a secret by its name in a text: %s', (text) =>
    expect(redactText(`found ${text} there`)).not.toContain('canary'),
  );

  it.each([
    'User: arn:aws:iam::123456789012:user/rolecall-gateway is not authorized to perform: sts:AssumeRole',
    'arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/checkout/50dc6c495c0c9188',
    'The security token included in the request is invalid',
    'external ID 6b6e2c34-0f0a-4f5e-9d6c-3a0f2f1c7d11',
    'policy 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    'token rcl_abcdefghijkl of grafana',
    'The gateway could not use its encryption key kms-11111111-2222-4333-8444-555555555555: kms:Decrypt failed with AccessDenied',
    'The key file ./data/audit.key can be read by others (mode 644): run chmod 600 on it',
    'Not wrapped anew: account 1: RC_SECRET_KEY_UNKNOWN: The stored secret was sealed with the key 0a1b2c3d, which this gateway does not have.',
    '    at connect (/srv/rolecall/dist/schema/server/websocket.js:70:5)',
    '    at Object.<anonymous> (/srv/rolecall/node_modules/@smithy/core/dist-cjs/submodules/schema/index.js:12:1)',
  ])('leaves what is none: %s', (text) => expect(redactText(text)).toBe(text));

  it('leaves numbers, and names that only resemble a secret', () => {
    const value = {
      token: 7,
      tokenId: 'x',
      accountId: 7,
      hasToken: true,
      secret: null,
      steps: [{ name: 'a' }],
    };
    expect(redact(value)).toEqual(value);
  });

  it.each<[string, string]>([
    ['lower case', 'a'],
    ['JWT beginnings', 'eyJ'],
    ['token beginnings', 'rcl_'],
    ['names', 'token'],
    ['spaces', 'Bearer '],
    ['escapes', '%2F'],
    ['other escapes', '%3D'],
    ['letters', 'aB3'],
    ['headers', '-----BEGIN '],
  ])('is quick with a long text of %s', (_what, unit) => {
    const text = unit.repeat(Math.ceil(300_000 / unit.length));
    const since = performance.now();
    redactText(text);
    expect(performance.now() - since).toBeLessThan(2_000);
  });

  it('is quick with a long random text', () => {
    const text = randomBytes(300_000).toString('latin1');
    const since = performance.now();
    redactText(text);
    expect(performance.now() - since).toBeLessThan(2_000);
  });
});

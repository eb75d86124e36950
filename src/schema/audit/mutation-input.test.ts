import fc from 'fast-check';
import { getNamedType, type GraphQLInputType, isInputObjectType, isListType, isNonNullType } from 'graphql';
import { buildSchema } from '../build-schema';
import { loggedInput } from './mutation-input';

const CANARY = 'canary';
/** Names that somebody may give to a field for a secret. */
const SECRET_NAMES = [
  ...[
    'secret',
    'secretAccessKey',
    'clientSecret',
    'token',
    'sessionToken',
    'apiToken',
    'refreshToken',
    'idToken',
  ],
  ...[
    'password',
    'passphrase',
    'privateKey',
    'accessKey',
    'apiKey',
    'encryptionKey',
    'credential',
    'credentials',
  ],
  ...['authorization', 'jwt', 'SECRET_ACCESS_KEY', 'secret-access-key', 'newPassword', 'dbPassword'],
];

/**
 * The strings of mutations' inputs that stand in the log as they are given. A new one makes the test fail until somebody
 * has thought about it: a secret must be named like one.
 */
const NO_SECRETS = new Set([
  ...['CollectNowInput.plugins', 'CollectNowInput.regions', 'ConnectAccountInput.roleArn'],
  ...['CreateApiTokenInput.name', 'CreateTenantInput.name', 'UpdateTenantInput.name'],
  ...['ForecastAccountInput.plugins', 'ForecastAccountInput.regions', 'ForecastAccountInput.roleArn'],
  ...['MetricProfileInput.metrics', 'MetricProfileInput.plugin'],
  ...['RegisterAccountInput.awsAccountId', 'RegisterAccountInput.name', 'RegisterAccountInput.labels'],
  ...['RegisterAccountInput.plugins', 'RegisterAccountInput.regions'],
  ...['TagFilterInput.key', 'TagFilterInput.values', 'UpdateAccountInput.labels', 'UpdateAccountInput.name'],
  ...['UpdateAccountInput.plugins', 'UpdateAccountInput.regions'],
]);

/** Ids, numbers, enums and instants are no secrets. */
const TEXTS = new Set(['String', 'JSONObject']);

const mutations = Object.values(buildSchema([]).getMutationType()!.getFields());

/** A value of the type whose every text is the canary, and the names of the fields that hold one. */
function valueOf(type: GraphQLInputType, place: string, texts: Set<string>): unknown {
  if (isNonNullType(type)) return valueOf(type.ofType, place, texts);
  if (isListType(type)) return [valueOf(type.ofType, place, texts)];
  if (isInputObjectType(type)) {
    return Object.fromEntries(
      Object.values(type.getFields()).map((field) => [
        field.name,
        valueOf(field.type, `${type.name}.${field.name}`, texts),
      ]),
    );
  }
  const { name } = getNamedType(type);
  if (!TEXTS.has(name)) return null;
  texts.add(place);
  return name === 'JSONObject' ? { [place]: `${CANARY} of ${place}` } : `${CANARY} of ${place}`;
}

describe('the input of a mutation in the log', () => {
  it('holds no string of the API but those that are known to be no secret', () => {
    const logged = new Set<string>();
    const all = new Set<string>();
    for (const { args, name } of mutations) {
      const given = args.map((arg) => [arg.name, valueOf(arg.type, `${name}.${arg.name}`, all)]);
      const text = JSON.stringify(loggedInput(Object.fromEntries(given)));
      for (const [, place] of text.matchAll(/canary of ([\w.]+)/g)) logged.add(place!);
    }
    expect(all.size).toBeGreaterThan(20);
    expect([...logged].filter((place) => !NO_SECRETS.has(place))).toEqual([]);
    expect([...all].filter((place) => !logged.has(place)).sort()).toEqual([
      'AccessKeyInput.accessKeyId',
      'AccessKeyInput.secretAccessKey',
    ]);
  });

  it('holds nothing of a field that is named like a secret, however deep', () => {
    const name = fc.constantFrom(...SECRET_NAMES);
    const value = fc.oneof(fc.constant(CANARY), fc.constant({ a: [CANARY] }), fc.constant([CANARY]));
    const wrap = fc.array(fc.constantFrom('list', 'object'), { maxLength: 4 });
    fc.assert(
      fc.property(name, value, wrap, (field, secret, wraps) => {
        const input = wraps.reduce<unknown>((inner, kind) => (kind === 'list' ? [inner] : { inner }), {
          [field]: secret,
          kept: 'this stays',
        });
        const logged = JSON.stringify(loggedInput({ input }));
        expect(logged).not.toContain(CANARY);
        expect(logged).toContain('this stays');
      }),
    );
  });

  it('shows of an access key how its id ends', () => {
    const accessKey = {
      accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
      secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    };
    expect(loggedInput({ input: { accountId: 'QWNjb3VudDox', accessKey, force: false } })).toEqual({
      accountId: 'QWNjb3VudDox',
      key: { idEnding: 'MPLE' },
      force: false,
    });
  });

  it('holds nothing that looks like a secret, whatever its field', () => {
    const pasted = {
      name: 'AKIAIOSFODNN7EXAMPLE',
      roleArn: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
      labels: { note: 'Bearer abcdefghijklmnop' },
    };
    expect(JSON.stringify(loggedInput({ input: pasted }))).not.toMatch(/AKIAIO|wJalr|abcdefgh/);
  });

  it('is bounded', () => {
    const input = {
      labels: Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`label ${i}`, 'x'])),
    };
    expect(loggedInput({ input })).toEqual({
      omitted: expect.stringMatching(/^an input of \d{5} characters$/),
    });
  });
});

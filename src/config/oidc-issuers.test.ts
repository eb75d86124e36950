import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigurationError, readConfiguration } from './configuration';

const ISSUER = {
  issuer: 'https://login.example.com',
  audience: 'rolecall',
  rules: [{ claim: 'groups', value: 'admins', role: 'ADMIN', tenant: '/' }],
};
const READ = {
  issuer: 'https://login.example.com',
  audience: ['rolecall'],
  jwksUri: null,
  rules: [{ claim: ['groups'], value: 'admins', role: 'ADMIN', tenant: [] }],
};

function problem(given: unknown, environment: Record<string, string> = {}): string {
  try {
    const text = typeof given === 'string' ? given : JSON.stringify(given);
    readConfiguration({ ROLECALL_OIDC: text, ...environment });
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems.join('\n');
    throw error;
  }
  return '';
}

describe('ROLECALL_OIDC', () => {
  it('is one issuer or a list of them', () => {
    expect(readConfiguration({ ROLECALL_OIDC: JSON.stringify(ISSUER) }).oidc).toEqual([READ]);
    const other = {
      issuer: 'https://sso.example.com/realms/msp',
      audience: ['rolecall', 'monitoring'],
      jwksUri: 'https://keys.example.com/jwks',
      rules: [{ claim: ['realm_access', 'roles'], value: 'operator', role: 'OPERATOR', tenant: 'MSP/Acme' }],
    };
    expect(readConfiguration({ ROLECALL_OIDC: JSON.stringify([ISSUER, other]) }).oidc).toEqual([
      READ,
      { ...other, rules: [{ ...other.rules[0], tenant: ['MSP', 'Acme'] }] },
    ]);
  });

  it('may stand in a file of its own, or as it is in the configuration file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'rolecall-config-'));
    const [own, whole] = [join(folder, 'oidc.json'), join(folder, 'rolecall.json')];
    writeFileSync(own, JSON.stringify([ISSUER]));
    writeFileSync(whole, JSON.stringify({ ROLECALL_OIDC: [ISSUER] }));
    expect(readConfiguration({ ROLECALL_OIDC: own }).oidc).toEqual([READ]);
    expect(readConfiguration({ ROLECALL_CONFIG_FILE: whole }).oidc).toEqual([READ]);
  });

  it.each<[string, unknown, string]>([
    ['no JSON', '{', 'JSON'],
    ['no file', '/nowhere/oidc.json', 'ENOENT'],
    ['no rule', { ...ISSUER, rules: [] }, '0.rules: has no rule'],
    ['no audience', { ...ISSUER, audience: [] }, '0.audience: names no audience'],
    ['an unknown role', { ...ISSUER, rules: [{ ...ISSUER.rules[0], role: 'KING' }] }, '0.rules.0.role'],
    [
      'a rule without tenant',
      { ...ISSUER, rules: [{ ...ISSUER.rules[0], tenant: undefined }] },
      '0.rules.0.tenant',
    ],
    [
      'a rule without value',
      { ...ISSUER, rules: [{ ...ISSUER.rules[0], value: undefined }] },
      '0.rules.0.value',
    ],
    ['a misspelt key', { ...ISSUER, algorithm: 'HS256' }, 'algorithm'],
    ['no address', { ...ISSUER, issuer: 'login.example.com' }, '0.issuer'],
    ['the same issuer twice', [ISSUER, ISSUER], 'names an issuer twice'],
  ])('is refused with %s, and the message says where', (_what, given, where) => {
    expect(problem(given)).toContain('ROLECALL_OIDC');
    expect(problem(given)).toContain(where);
  });

  it('is HTTPS outside development, discovery and keys', () => {
    const development = { ROLECALL_ENV: 'development' };
    for (const plain of [
      { ...ISSUER, issuer: 'http://login.example.com' },
      { ...ISSUER, jwksUri: 'http://login.example.com/keys' },
    ]) {
      expect(problem(plain)).toContain('wanted is HTTPS');
      expect(problem(plain, development)).toBe('');
    }
  });
});

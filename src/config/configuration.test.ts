import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { redactText } from '../core/redaction';
import { ConfigurationError, readConfiguration } from './configuration';

function problems(environment: Record<string, string | undefined>): string[] {
  try {
    readConfiguration(environment);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
  return [];
}

describe('readConfiguration', () => {
  it('has defaults for everything', () => {
    expect(readConfiguration({ PATH: '/bin' })).toEqual({
      configFile: null,
      env: 'production',
      port: 4000,
      host: '127.0.0.1',
      tlsCertFile: null,
      tlsKeyFile: null,
      trustedProxies: 0,
      corsOrigins: null,
      introspection: null,
      bodyKib: 256,
      socketsPerAddress: 100,
      socketsPerTenant: 1000,
      failuresPerToken: 10,
      failuresPerAddress: 100,
      dataDir: './data',
      databaseFile: null,
      adminToken: null,
      oidc: null,
      auditCheckpoints: null,
      auditKey: null,
      encryptionKey: null,
      intervalMinutes: 5,
      backfillDays: 14,
      fineRetentionDays: 63,
      hourlyRetentionDays: 455,
      principalArns: null,
      runRetentionDays: 30,
      sdkCodec: 'fast',
      gatewayRoleArns: null,
      awsProfiles: null,
      stsRegion: null,
      awsEndpoint: null,
      simulatorPort: 4566,
      logLevel: 'info',
    });
  });

  it('reads what is given; an empty variable is an unset one', () => {
    const given = { ROLECALL_PORT: '0', ROLECALL_HOST: '', ROLECALL_DATABASE_URL: 'sqlite:/srv/r.sqlite' };
    expect(readConfiguration(given)).toMatchObject({
      port: 0,
      host: '127.0.0.1',
      databaseFile: '/srv/r.sqlite',
    });
  });

  it('reads one principal a partition; a comma may stand in a name', () => {
    const gov = 'arn:aws-us-gov:iam::123456789012:user/rolecall';
    const given = { ROLECALL_PRINCIPAL_ARN: `arn:aws:iam::123456789012:role/a,b/x,y , ${gov}` };
    expect(readConfiguration(given).principalArns).toEqual(['arn:aws:iam::123456789012:role/a,b/x,y', gov]);
  });

  it.each([
    ['ROLECALL_PORT', 'abc'],
    ['ROLECALL_PORT', '70000'],
    ['ROLECALL_INTERVAL_MINUTES', '7'],
    ['ROLECALL_DATABASE_URL', 'postgres://localhost/rolecall'],
    ['ROLECALL_PRINCIPAL_ARN', 'arn:aws:iam::1:role/x'],
    ['ROLECALL_PRINCIPAL_ARN', 'arn:aws:sts::123456789012:assumed-role/x/session'],
    ['ROLECALL_PRINCIPAL_ARN', 'arn:aws:iam::123456789012:role/x,arn:aws:iam::123456789012:role/y'],
    ['ROLECALL_GATEWAY_ROLE_ARN', 'arn:aws:iam::123456789012:user/rolecall'],
    ['ROLECALL_AWS_PROFILES', 'AWS_MARS=mars'],
    ['ROLECALL_AWS_PROFILES', 'AWS_CN='],
    ['ROLECALL_STS_REGION', 'af-south-1'],
    ['ROLECALL_LOG_LEVEL', 'loud'],
    ['ROLECALL_ENV', 'staging'],
    ['ROLECALL_PROT', '4000'],
  ])('%s=%s is refused by name', (name, value) => {
    const [problem] = problems({ [name]: value });
    expect(problem).toContain(name);
    if (name !== 'ROLECALL_PROT') expect(problem).toContain(JSON.stringify(value));
  });

  it('reads profiles of partitions', () => {
    const given = { ROLECALL_AWS_PROFILES: 'AWS_US_GOV=gov,AWS_CN=china' };
    expect(readConfiguration(given).awsProfiles).toEqual({ AWS_US_GOV: 'gov', AWS_CN: 'china' });
  });

  it('asks STS of the Region that AWS_REGION names, unless it is told otherwise or accounts must enable that', () => {
    const stsRegion = (given: Record<string, string>) => readConfiguration(given).stsRegion;
    expect(stsRegion({ AWS_REGION: 'eu-central-1' })).toBe('eu-central-1');
    expect(stsRegion({ AWS_REGION: 'eu-central-1', ROLECALL_STS_REGION: 'eu-west-1' })).toBe('eu-west-1');
    expect(stsRegion({ AWS_REGION: 'eu-south-2' })).toBeNull();
  });

  it('names every problem at once, and never quotes a secret', () => {
    const found = problems({
      ROLECALL_PORT: 'x',
      ROLECALL_ADMIN_TOKEN: 'short-secret',
      ROLECALL_ENCRYPTION_KEY: 'weak',
    });
    expect(found).toHaveLength(3);
    expect(found.join()).not.toMatch(/short-secret|weak/);
  });

  it('says all of it on the command line, too, which leaves out what looks like a secret', () => {
    const wrong = {
      ROLECALL_ADMIN_TOKEN: 'short',
      ROLECALL_ENCRYPTION_KEY: 'weak',
      ROLECALL_AUDIT_KEY: 'weak',
    };
    const found = problems({ ...wrong, ROLECALL_HOST: '0.0.0.0' }).join('\n');
    expect(redactText(found)).toBe(found);
  });

  it('takes no admin token that no header brings over', () => {
    const admin = (token: string) => problems({ ROLECALL_ADMIN_TOKEN: token });
    expect(admin('!"#$%&()*+,-./0123456789:;<=>?@AZ[]^_`az{|}~')).toEqual([]);
    for (const token of ['correct horse battery staple and more', 'ü'.repeat(40), `${'x'.repeat(40)}\t`]) {
      expect(admin(token)).toEqual([expect.stringContaining('printable ASCII characters without a space')]);
    }
  });

  it.each(['0.0.0.0', '::', '10.0.0.5', 'rolecall.example.com'])(
    'serves no tokens in clear on %s outside development',
    (host) => {
      const [problem, ...more] = problems({ ROLECALL_HOST: host });
      expect(problem).toMatch(
        /ROLECALL_HOST.*ROLECALL_TLS_CERT_FILE and ROLECALL_TLS_KEY_FILE.*ROLECALL_TRUSTED_PROXIES/,
      );
      expect(more).toEqual([]);
      const tls = { ROLECALL_TLS_CERT_FILE: 'tls.crt', ROLECALL_TLS_KEY_FILE: 'tls.key' };
      for (const allowed of [tls, { ROLECALL_TRUSTED_PROXIES: '1' }, { ROLECALL_ENV: 'development' }]) {
        expect(problems({ ROLECALL_HOST: host, ...allowed })).toEqual([]);
      }
    },
  );

  it.each(['127.0.0.1', '127.8.0.1', '::1', 'localhost'])('serves %s in clear', (host) => {
    expect(problems({ ROLECALL_HOST: host })).toEqual([]);
  });

  it('quotes no password of a URL', () => {
    const [problem] = problems({ ROLECALL_DATABASE_URL: 'postgres://admin:s3cret@db/rolecall' });
    expect(problem).toContain('postgres://…@db/rolecall');
    expect(problem).not.toContain('s3cret');
  });

  it('takes a local endpoint in development alone', () => {
    const endpoint = { ROLECALL_AWS_ENDPOINT: 'http://127.0.0.1:4566' };
    expect(problems(endpoint)).toHaveLength(1);
    expect(readConfiguration({ ...endpoint, ROLECALL_ENV: 'development' }).awsEndpoint).toBe(
      endpoint.ROLECALL_AWS_ENDPOINT,
    );
  });

  it.each([
    'http://example.com:4566',
    'http://10.0.0.1',
    'http://127.0.0.1.example.com',
    'ftp://127.0.0.1',
    'localhost:4566',
  ])('refuses the endpoint %s', (endpoint) =>
    expect(problems({ ROLECALL_ENV: 'development', ROLECALL_AWS_ENDPOINT: endpoint })).toHaveLength(1),
  );

  it.each(['AWS_ENDPOINT_URL', 'AWS_ENDPOINT_URL_STS'])('refuses %s outside development', (name) => {
    expect(problems({ [name]: 'http://127.0.0.1:1' })[0]).toContain(name);
    expect(problems({ [name]: 'http://127.0.0.1:1', ROLECALL_ENV: 'development' })).toEqual([]);
  });

  it.each([
    ['2', 2],
    [
      '10.0.0.0/8, 192.0.2.1,2001:db8::/32,loopback',
      ['10.0.0.0/8', '192.0.2.1', '2001:db8::/32', 'loopback'],
    ],
  ])('reads the trusted proxies %s', (given, expected) =>
    expect(readConfiguration({ ROLECALL_TRUSTED_PROXIES: given }).trustedProxies).toEqual(expected),
  );

  it.each([
    'true',
    '-1',
    '100',
    '10.0.0.0/33',
    '10.0.0',
    '10.0.0.0/8/8',
    'proxy.example.com',
    ',',
    '0.0.0.0/x',
  ])('refuses the trusted proxies %s', (given) =>
    expect(problems({ ROLECALL_TRUSTED_PROXIES: given })).toHaveLength(1),
  );

  it('reads the origins that browsers may come from', () => {
    const given = 'https://console.example.com, http://localhost:3000';
    expect(readConfiguration({ ROLECALL_CORS_ORIGINS: given }).corsOrigins).toEqual(given.split(', '));
  });

  it.each([
    '*',
    'null',
    'console.example.com',
    'https://console.example.com/',
    'https://*.example.com',
    'https://console.example.com,*',
    'https://Console.example.com',
    'file:///x',
    ' ',
  ])('refuses the origins %s', (given) => expect(problems({ ROLECALL_CORS_ORIGINS: given })).toHaveLength(1));

  it.each(['ROLECALL_TLS_CERT_FILE', 'ROLECALL_TLS_KEY_FILE'])('wants the other half of %s', (name) => {
    expect(problems({ [name]: '/srv/tls.pem' })).toEqual([
      expect.stringMatching(/ROLECALL_TLS_.*ROLECALL_TLS_/),
    ]);
    const both = { ROLECALL_TLS_CERT_FILE: 'c', ROLECALL_TLS_KEY_FILE: 'k' };
    expect(readConfiguration(both)).toMatchObject({ tlsCertFile: 'c', tlsKeyFile: 'k' });
  });

  it('reads a file, over which the environment wins', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'rolecall-config-')), 'rolecall.json');
    writeFileSync(file, JSON.stringify({ ROLECALL_PORT: 4100, ROLECALL_HOST: '::1' }));
    expect(readConfiguration({ ROLECALL_CONFIG_FILE: file, ROLECALL_PORT: '4200' })).toMatchObject({
      port: 4200,
      host: '::1',
    });
    expect(problems({ ROLECALL_CONFIG_FILE: `${file}.missing` })[0]).toContain('ROLECALL_CONFIG_FILE');
    writeFileSync(file, JSON.stringify({ PORT: 1 }));
    expect(problems({ ROLECALL_CONFIG_FILE: file })[0]).toContain('PORT');
  });
});

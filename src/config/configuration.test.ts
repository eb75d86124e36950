import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigurationError, readConfiguration } from './configuration';

function problems(environment: Record<string, string>): string[] {
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
      dataDir: './data',
      databaseFile: null,
      adminToken: null,
      encryptionKey: null,
      intervalMinutes: 5,
      principalArn: null,
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

  it.each([
    ['ROLECALL_PORT', 'abc'],
    ['ROLECALL_PORT', '70000'],
    ['ROLECALL_INTERVAL_MINUTES', '7'],
    ['ROLECALL_DATABASE_URL', 'postgres://localhost/rolecall'],
    ['ROLECALL_PRINCIPAL_ARN', 'arn:aws:iam::1:role/x'],
    ['ROLECALL_LOG_LEVEL', 'loud'],
    ['ROLECALL_ENV', 'staging'],
    ['ROLECALL_PROT', '4000'],
  ])('%s=%s is refused by name', (name, value) => {
    const [problem] = problems({ [name]: value });
    expect(problem).toContain(name);
    if (name !== 'ROLECALL_PROT') expect(problem).toContain(JSON.stringify(value));
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

import { Writable } from 'node:stream';
import { createLogger } from './logger';

/** What a logger writes. */
function logged(write: (log: ReturnType<typeof createLogger>) => void): string {
  let text = '';
  const destination = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk);
      done();
    },
  });
  write(createLogger('debug', destination));
  return text;
}

describe('createLogger', () => {
  it('writes a JSON line with its fields', () => {
    const line = logged((log) => log.child({ accountId: 7 }).info({ plugin: 'ec2' }, 'Collection ended'));
    expect(JSON.parse(line)).toMatchObject({
      level: 'info',
      accountId: 7,
      plugin: 'ec2',
      msg: 'Collection ended',
    });
  });

  it.each<[string, object, string]>([
    ['a secret field', { secretAccessKey: 'canary-1' }, 'x'],
    ['one further down', { credentials: { sessionToken: 'canary-1' } }, 'x'],
    ['an access key in a message', {}, 'Key AKIAIOSFODNN7EXAMPLE was refused'],
    ['a session key in an error', { err: new Error('ASIAIOSFODNN7EXAMPLE is expired') }, 'x'],
    ['a token of ours', {}, 'Bearer rcl_abcdefghijkl_canary-1'],
  ])('never writes %s', (_what, fields, message) => {
    const line = logged((log) => log.warn(fields, message));
    expect(line).not.toMatch(/canary-1|IOSFODNN7EXAMPLE/);
    expect(() => JSON.parse(line) as unknown).not.toThrow();
  });
});

import { randomBytes } from 'node:crypto';
import { refusal, type RefusalReason, type SignIn } from './authenticator';
import { SignInThrottle } from './sign-in-throttle';
import type { Viewer } from './viewer';

const SECOND = 1_000;
const viewer: Viewer = { tenantId: 1, role: 'VIEWER', actor: 'grafana', tokenId: 1, expiresAt: null };

describe('SignInThrottle', () => {
  let good: Set<string>;
  let reason: RefusalReason;
  let asked: jest.Mock<Promise<SignIn>, [credential: string | null]>;
  let throttle: SignInThrottle;
  const log = { warn: jest.fn() };

  beforeEach(() => {
    jest.useFakeTimers({ now: 0 });
    good = new Set(['good']);
    reason = 'UNKNOWN';
    asked = jest.fn(async (credential) => (good.has(credential!) ? { viewer } : refusal(reason)));
    throttle = new SignInThrottle({
      authenticator: { authenticate: asked },
      limits: { failuresPerToken: 3, failuresPerAddress: 6 },
      clock: { now: () => Date.now() },
      log,
      randomBytes,
    });
    log.warn.mockReset();
  });
  afterEach(() => jest.useRealTimers());

  const lookupId = 'abcdefghijkl';
  const guess = (secret: string | number) => `rcl_${lookupId}_${secret}`;
  /** What a sign-in ends in: the viewer's name, the reason of the refusal, or the seconds to wait. */
  const attempt = async (credential: string | null, address = '203.0.113.1') => {
    const signIn = await throttle.authenticate(credential, { address });
    if ('viewer' in signIn) return signIn.viewer.actor;
    return signIn.refused === 'THROTTLED' ? signIn.retryAfterSeconds : signIn.refused;
  };
  const attempts = async (credentials: string[], address?: string) => {
    const ends = [];
    for (const credential of credentials) ends.push(await attempt(credential, address));
    return ends;
  };
  const others = (count: number) => Array.from({ length: count }, (_, i) => `other-${i}`);

  it('lets a token that fails again and again wait, without looking at it', async () => {
    expect(await attempts([guess(1), guess(2), guess(3), guess(4), guess(5)])).toEqual([
      'UNKNOWN',
      'UNKNOWN',
      'UNKNOWN',
      60,
      60,
    ]);
    expect(asked).toHaveBeenCalledTimes(3);
    expect(log.warn).toHaveBeenCalledTimes(1);
    jest.advanceTimersByTime(20 * SECOND);
    expect(await attempt(guess(6))).toBe(40);
    jest.advanceTimersByTime(40 * SECOND);
    expect(await attempt(guess(7))).toBe('UNKNOWN');
  });

  it('lets it wait twice as long each time, at most a quarter of an hour, until an hour has passed', async () => {
    const waits = [];
    for (let round = 0; round < 6; round++) {
      await attempts([guess(1), guess(2), guess(3)]);
      const seconds = (await attempt(guess(4))) as number;
      waits.push(seconds);
      jest.advanceTimersByTime(seconds * SECOND);
    }
    expect(waits).toEqual([60, 120, 240, 480, 900, 900]);
    jest.advanceTimersByTime(3_600 * SECOND);
    await attempts([guess(1), guess(2), guess(3)]);
    expect(await attempt(guess(4))).toBe(60);
  });

  it('forgets failures that are a minute old', async () => {
    await attempts([guess(1), guess(2)]);
    jest.advanceTimersByTime(61 * SECOND);
    expect(await attempts([guess(3), guess(4)])).toEqual(['UNKNOWN', 'UNKNOWN']);
  });

  it('keeps nobody out for what others do from elsewhere with the same lookup id', async () => {
    await attempts([guess(1), guess(2), guess(3), guess(4)]);
    good.add(guess('real'));
    expect(await attempt(guess('real'))).toBe(60);
    expect(await attempt(guess('real'), '203.0.113.2')).toBe('grafana');
  });

  it('lets an address wait that tries many tokens', async () => {
    expect(await attempts(others(7))).toEqual([...Array(6).fill('UNKNOWN'), 60]);
    expect(await attempt('other', '203.0.113.2')).toBe('UNKNOWN');
  });

  it('takes an IPv6 network for one address', async () => {
    for (const [i, other] of others(6).entries()) await attempt(other, `2001:db8::${i}`);
    expect(await attempt('other', '2001:db8::ffff')).toBe(60);
    expect(await attempt('other', '2001:db8:0:1::1')).toBe('UNKNOWN');
  });

  it('counts for its address no more of a token that waits already', async () => {
    await attempts(Array(50).fill('forgotten job'));
    expect(await attempts(['other', 'another'])).toEqual(['UNKNOWN', 'UNKNOWN']);
  });

  it('lets a token that was good within the hour through, whatever others at its address do', async () => {
    expect(await attempt('good')).toBe('grafana');
    await attempts(others(7));
    expect(await attempt('good')).toBe('grafana');
    good.add('new');
    expect(await attempt('new')).toEqual(expect.any(Number));

    // Revoked, it is one of the others.
    good.clear();
    expect(await attempts(['good', 'good'])).toEqual(['UNKNOWN', expect.any(Number)]);
  });

  it('counts failures alone', async () => {
    for (let i = 0; i < 10; i++) expect(await attempt('good')).toBe('grafana');
    for (let i = 0; i < 10; i++) expect(await attempt(null)).toBe('UNKNOWN');
    reason = 'ISSUER_UNREACHABLE';
    for (let i = 0; i < 10; i++) expect(await attempt('jwt')).toBe('ISSUER_UNREACHABLE');
    reason = 'UNKNOWN';
    expect(await attempt('jwt')).toBe('UNKNOWN');
  });

  it('forgets the mistakes before a success', async () => {
    await attempts([guess(1), guess(2)]);
    good.add(guess('real'));
    expect(await attempt(guess('real'))).toBe('grafana');
    expect(await attempts([guess(1), guess(2)])).toEqual(['UNKNOWN', 'UNKNOWN']);
  });

  it('makes the wait no longer for what was under way when it began', async () => {
    await Promise.all(Array.from({ length: 50 }, (_, i) => attempt(guess(i))));
    expect(await attempt(guess('x'))).toBe(60);
  });
});

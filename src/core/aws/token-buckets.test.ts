import fc from 'fast-check';
import { VirtualClock } from '../../../test/support/virtual-clock';
import type { LimitedCall } from './call-limits';
import { TokenBuckets } from './token-buckets';

const HOUR = 3_600_000;

function setUp(share = 1) {
  const clock = new VirtualClock();
  const limits = new TokenBuckets({ share, clock, now: clock.now });
  const call = (more: Partial<LimitedCall> = {}): LimitedCall => ({
    ...{ accountId: 1, region: 'eu-west-1', action: 'cloudwatch:GetMetricData', points: 0, startTime: null },
    ...more,
  });
  /** When each of so many calls at once may be sent, in ms from now. */
  const times = async (count: number, more?: Partial<LimitedCall>) => {
    const since = clock.now();
    const sent: number[] = [];
    const one = async () => {
      await limits.take(call(more));
      sent.push(clock.now() - since);
    };
    await Promise.all(Array.from({ length: count }, one));
    return sent;
  };
  const answer = (throttled: boolean, more?: Partial<LimitedCall>) =>
    limits.answered(call(more), { throttled });
  /** Asks for it until AWS throttles no more than it does. */
  const throttleToDeath = async (more?: Partial<LimitedCall>) => {
    for (let asked = 0; asked < 100; asked++) {
      clock.advance(2_000);
      try {
        await limits.take(call(more));
      } catch {
        return asked;
      }
      answer(true, more);
    }
    return Infinity;
  };
  return { clock, limits, call, times, answer, throttleToDeath };
}

const last = (values: readonly number[]) => Math.max(...values);

describe('TokenBuckets', () => {
  it('lets a burst through, and then no more a second than AWS allows', async () => {
    const { times } = setUp();
    const sent = await times(150);
    expect(sent.filter((at) => at === 0)).toHaveLength(50);
    for (const from of [1, 500, 1_000]) {
      expect(sent.filter((at) => at >= from && at < from + 1_000).length).toBeLessThanOrEqual(51);
    }
    expect(last(sent)).toBeLessThanOrEqual(2_050);
  });

  it('leaves the customer’s own tools their share', async () => {
    const { times } = setUp(0.5);
    expect(last(await times(100))).toBeGreaterThanOrEqual(2_900);
  });

  it('is work-conserving: what nobody asked for may be made use of at once', async () => {
    const { clock, times } = setUp();
    await times(60);
    clock.advance(5_000);
    expect(last(await times(50))).toBe(0);
  });

  it('counts requested points, more of them where the window is older than three hours', async () => {
    const recent = setUp();
    const at = recent.clock.now();
    const page = (startTime: number) => ({ points: 90_000, startTime });
    // Two in the burst, two a second after.
    expect(last(await recent.times(6, page(at - HOUR)))).toBeCloseTo(2_000, -2);
    const older = setUp();
    expect(last(await older.times(6, page(at - 4 * HOUR)))).toBeLessThan(800);
  });

  it('lets a request through that costs more than a bucket holds, and has the next one wait for it', async () => {
    const { times, clock } = setUp(0.1);
    const startTime = clock.now();
    const sent = await times(2, { points: 36_000, startTime });
    expect(sent[0]).toBe(0);
    // 18,000 a second.
    expect(sent[1]).toBeCloseTo(2_000, -2);
  });

  it('an account, a Region or an API that is empty takes nothing of another', async () => {
    const { times } = setUp();
    const empty = times(1_000);
    const others = await Promise.all([
      times(50, { accountId: 2 }),
      times(50, { region: 'us-east-1' }),
      times(25, { action: 'cloudwatch:ListMetrics' }),
    ]);
    expect(others.map(last)).toEqual([0, 0, 0]);
    await empty;
  });

  it('serves those first who came first, and hands on the turn of one that leaves', async () => {
    const { limits, call, times, clock } = setUp();
    await times(50);
    const order: number[] = [];
    const stop = new AbortController();
    const waiting = [1, 2, 3].map((number) =>
      limits.take(call(), number === 1 ? stop.signal : undefined).then(() => order.push(number)),
    );
    stop.abort(new Error('stop'));
    await expect(waiting[0]).rejects.toThrow('stop');
    await Promise.all(waiting.slice(1));
    expect(order).toEqual([2, 3]);
    expect(clock.now()).toBeLessThan(Date.UTC(2026, 0, 1) + 100);
  });

  it('takes nothing for a signal that is aborted', async () => {
    const { limits, call } = setUp();
    await expect(limits.take(call(), AbortSignal.abort(new Error('over')))).rejects.toThrow('over');
    expect(limits.size).toBe(0);
  });

  it('halves its rate when AWS throttles, once for all that were under way, and recovers step by step', async () => {
    const { answer, clock, times } = setUp();
    const rate = async () => {
      clock.advance(60_000);
      await times(100);
      return 50_000 / last(await times(50));
    };
    expect(await rate()).toBeCloseTo(50, 0);
    for (let under = 0; under < 20; under++) answer(true);
    expect(await rate()).toBeCloseTo(25, 0);
    answer(true);
    const lowered = await rate();
    expect(lowered).toBeCloseTo(12.5, 0);
    const rates: number[] = [lowered];
    for (let good = 0; good < 12; good++) {
      answer(false);
      rates.push(await rate());
    }
    expect(rates).toEqual([...rates].sort((a, b) => a - b));
    expect(rates[1]! - lowered).toBeLessThan(6);
    expect(rates.at(-1)).toBeCloseTo(50, 0);
  });

  it('leaves an API alone that does nothing but throttle, and asks again after a minute', async () => {
    const { answer, clock, limits, call, throttleToDeath, times } = setUp();
    expect(await throttleToDeath()).toBeLessThan(16);
    await expect(limits.take(call())).rejects.toMatchObject({ name: 'CallHeldBack' });
    // Others are not concerned.
    expect(last(await times(50, { accountId: 2 }))).toBe(0);
    clock.advance(60_000);
    await limits.take(call());
    answer(true);
    await expect(limits.take(call())).rejects.toMatchObject({ name: 'CallHeldBack' });
    clock.advance(60_000);
    await limits.take(call());
    answer(false);
    await limits.take(call());
  });

  it('sends those away who wait when it turns out that there is no hope', async () => {
    const { answer, clock, limits, call } = setUp();
    for (let count = 0; count < 20; count++) {
      clock.advance(2_000);
      answer(true);
    }
    clock.advance(60_000);
    await limits.take(call());
    const waiting = Promise.allSettled(Array.from({ length: 10 }, () => limits.take(call())));
    answer(true);
    expect((await waiting).filter(({ status }) => status === 'rejected').length).toBeGreaterThanOrEqual(9);
  });

  it('survives a clock that is set back', async () => {
    const { clock, times } = setUp();
    await times(60);
    clock.advance(-5 * 60_000);
    expect(last(await times(60))).toBeLessThan(3_000);
  });

  it('forgets accounts that are not being throttled, and in the end those that were', async () => {
    const { answer, clock, limits, call } = setUp();
    for (let accountId = 1; accountId <= 1_000; accountId++) await limits.take(call({ accountId }));
    answer(true, { accountId: 7 });
    clock.advance(30_000);
    await limits.take(call({ accountId: 2_000 }));
    expect(limits.size).toBe(2);
    clock.advance(2 * HOUR);
    await limits.take(call({ accountId: 2_001 }));
    expect(limits.size).toBe(1);
  });

  it('never sends more than the burst and the rate, whatever AWS answers', async () => {
    const step = fc.record({
      pause: fc.nat(3_000),
      calls: fc.integer({ min: 1, max: 20 }),
      throttled: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const { answer, clock, limits, call } = setUp();
        const start = clock.now();
        let sent = 0;
        for (const { pause, calls, throttled } of steps) {
          clock.advance(pause);
          for (let count = 0; count < calls; count++) {
            sent += await limits.take(call()).then(
              () => 1,
              () => 0,
            );
            expect(sent).toBeLessThanOrEqual(50 + (50 * (clock.now() - start)) / 1_000 + 1);
          }
          answer(throttled);
        }
      }),
      { numRuns: 50 },
    );
  });
});

import { Backoff } from './backoff';

const MINUTE = 60_000;

describe('Backoff', () => {
  it('waits twice as long after each failure, up to the most, and not at all after a success', () => {
    const backoff = new Backoff({ firstMs: MINUTE, mostMs: 4 * MINUTE });
    let now = 0;
    for (const minutes of [1, 2, 4, 4]) {
      expect(backoff.isWaiting(1, now)).toBe(false);
      backoff.failed(1, now);
      now += minutes * MINUTE - 1;
      expect(backoff.isWaiting(1, now)).toBe(true);
      now += 1;
    }
    backoff.failed(1, now);
    expect(backoff.isWaiting(2, now)).toBe(false);
    backoff.succeeded(1);
    expect(backoff.isWaiting(1, now)).toBe(false);
    backoff.failed(1, now);
    expect(backoff.isWaiting(1, now + MINUTE)).toBe(false);
  });

  it('keeps no more than it must, and forgets nobody who waits', () => {
    const backoff = new Backoff({ firstMs: MINUTE, mostMs: 4 * MINUTE });
    for (let id = 0; id < 10_000; id++) backoff.failed(id, 0);
    backoff.failed(20_000, 30_000);
    expect(backoff.isWaiting(5, 30_000)).toBe(true);
    // Long after, what is forgotten begins anew.
    backoff.failed(20_001, 60 * MINUTE);
    backoff.failed(5, 60 * MINUTE);
    expect(backoff.isWaiting(5, 61 * MINUTE)).toBe(false);
  });

  it('takes the failure of hundreds of thousands at once', () => {
    const backoff = new Backoff({ firstMs: MINUTE, mostMs: 4 * MINUTE });
    for (let id = 0; id < 300_000; id++) backoff.failed(id, 0);
    expect(backoff.isWaiting(299_999, 1)).toBe(true);
  });
});

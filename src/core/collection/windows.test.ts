import fc from 'fast-check';
import { lateSince, liveWindow, patienceOf, type Progress } from './windows';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NOW = Date.UTC(2026, 10, 24, 12, 3, 20);
const CLOSED = Date.UTC(2026, 10, 24, 12, 0, 0);
const TODAY = Date.UTC(2026, 10, 24);

const series = (changes: Partial<Progress> = {}): Progress => ({
  ...{ period: 300, settleSeconds: 60, watermark: null },
  ...changes,
});

describe('liveWindow', () => {
  it('starts a new series three hours back and ends with the last closed period', () => {
    expect(liveWindow(series(), NOW)).toEqual({ from: CLOSED - 3 * HOUR, to: CLOSED });
  });

  it('goes on from the watermark', () => {
    const watermark = CLOSED - 30 * MINUTE;
    expect(liveWindow(series({ watermark }), NOW)).toEqual({ from: watermark, to: CLOSED });
  });

  it('looks back where late data may still revise what is stored', () => {
    const late = series({ watermark: CLOSED, settleSeconds: 15 * 60 });
    expect(liveWindow(late, NOW)).toEqual({ from: CLOSED - 20 * MINUTE, to: CLOSED });
  });

  it('asks the last closed period again when no other has closed since', () => {
    const window = { from: CLOSED - 5 * MINUTE, to: CLOSED };
    expect(liveWindow(series({ watermark: CLOSED, settleSeconds: 0 }), CLOSED + MINUTE)).toEqual(window);
  });

  it.each([60, 300])('of a period of %i s heals 200 periods, and leaves the rest to a gap', (period) => {
    const most = 200 * period * 1000;
    const to = Math.floor(NOW / (period * 1000)) * period * 1000;
    expect(liveWindow(series({ period, watermark: to - most }), NOW)!.from).toBe(to - most);
    expect(liveWindow(series({ period, watermark: to - most - DAY }), NOW)!.from).toBe(to - most);
  });

  it('looks as far back as a slow metric settles, further than 200 periods', () => {
    const slow = series({ period: 60, settleSeconds: 225 * 60, watermark: NOW - 3 * MINUTE });
    expect(liveWindow(slow, NOW)!.from).toBeLessThanOrEqual(NOW - 225 * MINUTE);
  });

  it.each([60, 300])('of a period of %i s looks back for what came late, within one page', (period) => {
    const looked = series({ period, watermark: CLOSED, lateSince: NOW - 3 * HOUR });
    const { from, to } = liveWindow(looked, NOW)!;
    expect(from).toBeLessThanOrEqual(NOW - 3 * HOUR);
    expect((to - from) / (period * 1000)).toBeLessThanOrEqual(200);
    const long = liveWindow({ ...looked, lateSince: NOW - 2 * DAY }, NOW)!;
    expect((long.to - long.from) / (period * 1000)).toBe(200);
  });

  it('asks a daily metric once a day, for four days', () => {
    const daily = { period: 86_400, settleSeconds: 3600 };
    const window = { from: TODAY - 4 * DAY, to: TODAY };
    expect(liveWindow(series(daily), NOW)).toEqual(window);
    expect(liveWindow(series({ ...daily, watermark: TODAY - DAY }), NOW)).toEqual(window);
    expect(liveWindow(series({ ...daily, watermark: TODAY }), NOW)).toBeNull();
    expect(liveWindow(series({ ...daily, watermark: TODAY }), NOW + DAY)).toEqual({
      from: TODAY - 3 * DAY,
      to: TODAY + DAY,
    });
  });

  it('asks a daily metric when it has settled, and then once an hour at most', () => {
    const daily = series({ period: 86_400, settleSeconds: 2 * 3_600, watermark: TODAY - DAY });
    const at = (minutes: number, progress = {}) =>
      liveWindow({ ...daily, ...progress }, TODAY + minutes * MINUTE);
    expect(at(119)).toBeNull();
    expect(at(121)).toMatchObject({ to: TODAY });
    expect(at(130, { askedAt: TODAY + 121 * MINUTE })).toBeNull();
    expect(at(181, { askedAt: TODAY + 121 * MINUTE })).toMatchObject({ to: TODAY });
    // What was missed before is not waited for.
    expect(at(1, { watermark: TODAY - 2 * DAY, askedAt: TODAY - DAY })).toMatchObject({ to: TODAY });
    expect(patienceOf({ period: 86_400, settleSeconds: 2 * 3_600 })).toBe(6 * HOUR);
    expect(patienceOf({ period: 86_400, settleSeconds: 2 * 86_400 })).toBe(0);
    expect(patienceOf({ period: 3_600, settleSeconds: 600 })).toBe(10 * MINUTE);
  });

  it('lies on the UTC grid and covers what settles, whatever the watermark', () => {
    const arbitrary = fc.record({
      period: fc.constantFrom(60, 300, 3_600, 86_400),
      settleSeconds: fc.integer({ min: 0, max: 6 * 3_600 }),
      watermark: fc.option(fc.integer({ min: NOW - 500 * DAY, max: NOW })),
    });
    fc.assert(
      fc.property(arbitrary, fc.integer({ min: 0, max: DAY }), (given, later) => {
        const now = NOW + later;
        const window = liveWindow(given, now);
        if (!window) return;
        const period = given.period * 1000;
        const { from, to } = window;
        expect([from % period, to % period]).toEqual([0, 0]);
        expect(to).toBeLessThanOrEqual(now);
        expect(to).toBeGreaterThan(now - period);
        const settling = now - given.settleSeconds * 1000 - period;
        expect(from).toBeLessThanOrEqual(settling);
        // What it leaves out is behind both the watermark's reach and the time that may still be revised.
        if (given.watermark !== null && from > given.watermark)
          expect(from).toBeLessThanOrEqual(to - 200 * period);
        const most = Math.max(
          200,
          Math.ceil((given.settleSeconds * 1000) / period) + 2,
          (3 * HOUR) / period + 1,
        );
        expect((to - from) / period).toBeLessThanOrEqual(most);
      }),
    );
  });
});

describe('lateSince', () => {
  it('comes once in each hour of an account, whose hours begin at different times', () => {
    const INTERVAL = 5 * MINUTE;
    const firsts = [1, 2, 3, 4].map((accountId) => {
      const due = Array.from({ length: 36 }, (_, cycle) => NOW + cycle * INTERVAL).filter(
        (now) => lateSince(accountId, now - INTERVAL, now) !== null,
      );
      expect(due.length).toBe(3);
      return due[0]! - NOW;
    });
    expect(new Set(firsts).size).toBeGreaterThan(1);
  });

  it('is three hours before the last answer, however long ago that was', () => {
    expect(lateSince(1, null, NOW)).toBeNull();
    expect(lateSince(1, NOW - 6 * HOUR, NOW)).toBe(NOW - 9 * HOUR);
  });
});

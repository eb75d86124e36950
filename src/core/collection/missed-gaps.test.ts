import type { Trouble } from '../metrics/no-data';
import type { Series } from '../metrics/series';
import { gapsBefore, type AbsenceFacts, type Answered } from './missed-gaps';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NOW = Date.UTC(2026, 10, 24, 12, 3, 20);
const FROM = Date.UTC(2026, 10, 23, 12);

const facts = (changes: Partial<AbsenceFacts> = {}): AbsenceFacts => ({
  ...{
    now: NOW,
    dueAt: NOW - MINUTE,
    lastCollectedAt: FROM - DAY + MINUTE,
    intervalMs: 5 * MINUTE,
    historyFrom: null,
  },
  ...changes,
});
const answered = (state: Partial<Answered['state']> = {}, series: Partial<Series> = {}): Answered => ({
  series: { block: 7, slot: 3, period: 300, ...series } as Series,
  state: { watermark: FROM - DAY, askedAt: FROM - DAY + MINUTE, trouble: null, ...state },
  from: FROM,
});
const throttled: Trouble = { reason: 'THROTTLED', evidence: 'AWS throttled cloudwatch:GetMetricData' };
const only = (one: Answered, about = facts()) =>
  gapsBefore([one], about).map(({ from, to, reason }) => ({ from, to, reason }));

describe('gapsBefore', () => {
  it('is nothing where the answer begins at or before the watermark', () => {
    expect(only(answered({ watermark: FROM }))).toEqual([]);
    expect(only(answered({ watermark: FROM + HOUR }))).toEqual([]);
  });

  it('is from the watermark to the answer, recoverable, for all series of a block in one', () => {
    const gaps = gapsBefore([answered(), answered({}, { slot: 9 }), answered({}, { block: 8 })], facts());
    expect(
      gaps.map(({ block, slots, from, to, recoverable }) => ({ block, slots, from, to, recoverable })),
    ).toEqual([
      { block: 7, slots: [3, 9], from: FROM - DAY, to: FROM, recoverable: true },
      { block: 8, slots: [3], from: FROM - DAY, to: FROM, recoverable: true },
    ]);
  });

  it('is GATEWAY_DOWN where the account was due all the time', () => {
    const [gap] = gapsBefore([answered()], facts({ dueAt: FROM - DAY + 5 * MINUTE }));
    expect(gap).toMatchObject({
      reason: 'GATEWAY_DOWN',
      evidence: expect.stringContaining('2026-11-22T12:05:00Z'),
    });
  });

  it('is ACCOUNT_PAUSED where it was not due', () => {
    expect(only(answered())).toEqual([{ from: FROM - DAY, to: FROM, reason: 'ACCOUNT_PAUSED' }]);
  });

  it('is RESOURCE_INACTIVE where the account was collected without the series', () => {
    const about = facts({ lastCollectedAt: NOW - 5 * MINUTE });
    expect(only(answered(), about)).toEqual([{ from: FROM - DAY, to: FROM, reason: 'RESOURCE_INACTIVE' }]);
  });

  it('is what the last ask met, as long as there were asks', () => {
    const askedAt = NOW - 5 * MINUTE;
    expect(only(answered({ trouble: throttled, askedAt }))).toEqual([
      { from: FROM - DAY, to: FROM, reason: 'THROTTLED' },
    ]);
  });

  it('is first what the last ask met, then why there was none', () => {
    const askedAt = FROM - 12 * HOUR;
    const about = facts({ dueAt: askedAt + 5 * MINUTE, lastCollectedAt: askedAt });
    expect(only(answered({ trouble: throttled, askedAt }), about)).toEqual([
      { from: FROM - DAY, to: FROM - 12 * HOUR, reason: 'THROTTLED' },
      { from: FROM - 12 * HOUR, to: FROM, reason: 'GATEWAY_DOWN' },
    ]);
  });

  it('does not blame a day on trouble in its first minutes', () => {
    const about = facts({ dueAt: FROM - DAY + 6 * MINUTE });
    expect(only(answered({ trouble: throttled }), about)).toEqual([
      { from: FROM - DAY, to: FROM, reason: 'GATEWAY_DOWN' },
    ]);
  });

  it('does not take the pace of a series for its absence', () => {
    // Asked once an hour, the last time long before its account went without a gateway.
    const hourly = answered({ askedAt: FROM - DAY - 50 * MINUTE }, { period: 3_600 });
    const about = facts({ dueAt: FROM - DAY + 6 * MINUTE });
    expect(only(hourly, about)).toEqual([{ from: FROM - DAY, to: FROM, reason: 'GATEWAY_DOWN' }]);
    const unread = answered({ askedAt: FROM - DAY - 50 * MINUTE });
    expect(only(unread, about)).toEqual([{ from: FROM - DAY, to: FROM, reason: 'GATEWAY_DOWN' }]);
  });

  it('is first RESOURCE_INACTIVE, then why the account was not collected either', () => {
    const lastCollectedAt = FROM - 12 * HOUR;
    const about = facts({ lastCollectedAt, dueAt: lastCollectedAt + 5 * MINUTE });
    expect(only(answered(), about)).toEqual([
      { from: FROM - DAY, to: lastCollectedAt, reason: 'RESOURCE_INACTIVE' },
      { from: lastCollectedAt, to: FROM, reason: 'GATEWAY_DOWN' },
    ]);
  });

  it('is the history of a series that was never answered, in whole periods', () => {
    const about = facts({ historyFrom: NOW - 14 * DAY });
    const [gap] = gapsBefore([answered({ watermark: null })], about);
    expect(gap).toMatchObject({
      from: Date.UTC(2026, 10, 10, 12, 5),
      to: FROM,
      reason: 'NOT_DUE',
      recoverable: true,
    });
    expect(only(answered({ watermark: null }))).toEqual([]);
  });
});

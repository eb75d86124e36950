import fc from 'fast-check';
import type { Gap } from './gap';
import { healthOf, leftOutOf, type HealthFacts } from './series-health';

const STEP = 300_000;
const NOW = Date.UTC(2026, 10, 24, 12, 1);
const CLOSED = NOW - (NOW % STEP);
/** The periods of one hour that is over and has settled. */
const HOUR = { from: CLOSED - 24 * STEP, to: CLOSED - 12 * STEP };

const facts = (given: Partial<HealthFacts> = {}): HealthFacts => ({
  series: { period: 300, settleSeconds: 600 },
  state: { watermark: CLOSED, askedAt: NOW, answeredAt: NOW, receivedAt: NOW, trouble: null },
  gaps: [],
  received: 12,
  standstill: null,
  ...HOUR,
  now: NOW,
  ...given,
});

const gap = (given: Partial<Gap> = {}): Gap => ({
  ...{ id: 1, accountId: 1, region: 'eu-central-1', period: 300, block: 1, slots: [0] },
  from: HOUR.from,
  to: HOUR.from + 3 * STEP,
  reason: 'GATEWAY_DOWN',
  evidence: 'Nothing was asked for between two instants',
  recoverable: true,
  ...given,
});

it('has no reason where every period has its point', () => {
  expect(healthOf(facts())).toMatchObject({
    expected: 12,
    received: 12,
    reason: null,
    evidence: null,
    gaps: [],
  });
});

it('does not miss what CloudWatch says is empty', () => {
  const health = healthOf(facts({ received: 5 }));
  expect(health).toMatchObject({ expected: 5, received: 5, reason: 'SPARSE', gaps: [] });
  expect(health.evidence).toContain(new Date(NOW).toISOString());
});

it('tells a series without any point from a sparse one', () => {
  const state = { ...facts().state, receivedAt: null };
  expect(healthOf(facts({ received: 0, state })).reason).toBe('NEVER_PUBLISHED');
});

it('counts the periods of a gap within the range alone', () => {
  const before = gap({ from: HOUR.from - 10 * STEP });
  const health = healthOf(facts({ received: 9, gaps: [before] }));
  expect(health).toMatchObject({ expected: 12, received: 9, reason: 'GATEWAY_DOWN' });
  expect(health.gaps).toEqual([
    { from: HOUR.from, to: HOUR.from + 3 * STEP, reason: 'GATEWAY_DOWN', recoverable: true },
  ]);
});

it('says what the newest hole comes from', () => {
  const lost = gap({ reason: 'OUTSIDE_RETENTION', recoverable: false });
  const state = { ...facts().state, watermark: HOUR.to - 2 * STEP };
  const trouble = { reason: 'DENIED' as const, evidence: 'cloudwatch:GetMetricData was denied' };
  const health = healthOf(facts({ received: 7, gaps: [lost], state: { ...state, trouble } }));
  expect(health).toMatchObject({ expected: 12, reason: 'DENIED', evidence: trouble.evidence });
  expect(health.gaps.map(({ reason, recoverable }) => [reason, recoverable])).toEqual([
    ['OUTSIDE_RETENTION', false],
    ['DENIED', true],
  ]);
});

it('blames the account that stands still before what was there', () => {
  const standstill = { reason: 'ACCOUNT_PAUSED' as const, evidence: 'The account is paused' };
  const trouble = { reason: 'THROTTLED' as const, evidence: 'Throttled once' };
  const state = { ...facts().state, watermark: HOUR.from, trouble };
  expect(healthOf(facts({ received: 0, state, standstill })).reason).toBe('ACCOUNT_PAUSED');
});

it('does not miss what a stopped or silent resource does not publish', () => {
  for (const reason of ['RESOURCE_INACTIVE', 'NEVER_PUBLISHED', 'SPARSE'] as const) {
    const trouble = { reason, evidence: 'It is not asked for' };
    const state = { ...facts().state, watermark: HOUR.from + 4 * STEP, trouble };
    expect(healthOf(facts({ received: 4, state }))).toMatchObject({ expected: 4, received: 4, reason });
    const stopped = gap({ reason });
    expect(healthOf(facts({ received: 9, gaps: [stopped] }))).toMatchObject({ expected: 9, reason });
  }
});

describe('a series whose account is collected without it', () => {
  const series = { period: 300 };
  const HOUR_MS = 3_600_000;
  const after = (hours: number) => ({ lastCollectedAt: NOW + hours * HOUR_MS });
  const state = facts().state;

  it('is left out', () => {
    expect(leftOutOf(series, state, after(3))).toMatchObject({ reason: 'RESOURCE_INACTIVE' });
    expect(leftOutOf({ period: 86_400 }, state, after(50))).not.toBeNull();
  });

  it('is not while it may only wait for its turn, or is not collected at all', () => {
    expect(leftOutOf(series, state, after(1))).toBeNull();
    expect(leftOutOf({ period: 86_400 }, state, after(40))).toBeNull();
    const refused = { reason: 'PLUGIN_FAILED' as const, evidence: 'CloudWatch refused what was asked' };
    expect(leftOutOf(series, { ...state, trouble: refused }, after(20))).toBeNull();
    expect(leftOutOf(series, { ...state, askedAt: null }, after(20))).toBeNull();
    expect(leftOutOf(series, state, { lastCollectedAt: null })).toBeNull();
  });
});

it('waits for what has not settled', () => {
  const range = { from: CLOSED - 12 * STEP, to: NOW };
  expect(healthOf(facts({ ...range, received: 10 })).reason).toBe('NOT_SETTLED');
  expect(healthOf(facts({ ...range, received: 12 })).reason).toBeNull();
});

it('says that it was never asked for', () => {
  const state = { watermark: null, askedAt: null, answeredAt: null, receivedAt: null, trouble: null };
  const health = healthOf(facts({ received: 0, state }));
  expect(health).toMatchObject({ expected: 0, reason: 'NOT_DUE', lastRequestedAt: null });
});

it('misses nothing of what has settled since an ask that went well, until the next one is overdue', () => {
  const range = { from: CLOSED - 12 * STEP, to: CLOSED };
  const askedAt = NOW - 6 * 60_000;
  const state = { ...facts().state, watermark: CLOSED - 3 * STEP, askedAt, answeredAt: askedAt };
  expect(healthOf(facts({ ...range, received: 9, state }))).toMatchObject({
    ...{ expected: 9, reason: 'NOT_DUE', gaps: [] },
  });
  const late = { ...state, askedAt: NOW - 16 * 60_000 };
  expect(healthOf(facts({ ...range, received: 9, state: late }))).toMatchObject({
    ...{ expected: 10, reason: 'NOT_DUE' },
    gaps: [{ from: CLOSED - 3 * STEP, to: CLOSED - 2 * STEP, recoverable: true }],
  });
});

it('never expects less than it received, and gives a reason exactly when a period has no point', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 24 }),
      fc.integer({ min: 0, max: 30 }),
      fc.array(fc.tuple(fc.integer({ min: 0, max: 24 }), fc.integer({ min: 1, max: 6 })), { maxLength: 3 }),
      (length, behind, holes) => {
        const from = CLOSED - length * STEP;
        const watermark = CLOSED - behind * STEP;
        const gaps = holes.map(([at, periods], id) =>
          gap({ id, from: watermark - (at + periods) * STEP, to: watermark - at * STEP }),
        );
        const received = Math.max(0, length - behind);
        const health = healthOf(
          facts({ from, to: CLOSED, received, gaps, state: { ...facts().state, watermark } }),
        );
        expect(health.expected).toBeGreaterThanOrEqual(health.received);
        expect(health.reason === null).toBe(received >= length);
        for (const { from: start, to } of health.gaps) {
          expect(start).toBeGreaterThanOrEqual(from);
          expect(to).toBeLessThanOrEqual(CLOSED);
        }
      },
    ),
  );
});

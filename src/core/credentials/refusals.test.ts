import { accountFixture } from '../../../test/support/account-fixture';
import { ManualClock } from '../../../test/support/manual-clock';
import type { Verification } from '../accounts/account';
import { Refusals } from './refusals';

const MINUTE = 60_000;
const account = accountFixture();
const denied = new Error('denied');

function setUp() {
  const clock = new ManualClock(Date.UTC(2026, 0, 1));
  return { clock, refusals: new Refusals(clock) };
}

/** What is asked of it at once, in minutes after the refusal. */
function isRefused(refusals: Refusals, subject = account): boolean {
  try {
    refusals.check(subject);
    return false;
  } catch (error) {
    expect(error).toBe(denied);
    return true;
  }
}

describe('Refusals', () => {
  it('backs off from a minute to a quarter of an hour', () => {
    const { clock, refusals } = setUp();
    const waits: number[] = [];
    for (let round = 0; round < 7; round++) {
      refusals.add(account, denied);
      let minutes = 0;
      while (isRefused(refusals)) {
        clock.advance(MINUTE);
        minutes += 1;
      }
      waits.push(minutes);
    }
    expect(waits).toEqual([1, 2, 4, 8, 15, 15, 15]);
  });

  it('counts refusals of the same moment once', () => {
    const { clock, refusals } = setUp();
    for (let purpose = 0; purpose < 4; purpose++) refusals.add(account, denied);
    clock.advance(MINUTE);
    expect(isRefused(refusals)).toBe(false);
  });

  it.each([
    ['another role', accountFixture({ roleArn: 'arn:aws:iam::123456789012:role/other' })],
    ['another account', accountFixture({ id: 8 })],
    [
      'a promoted external ID',
      accountFixture({ externalIds: [{ ...account.externalIds[0]!, value: 'promoted' }] }),
    ],
  ])('says nothing of %s', (_what, subject) => {
    const { refusals } = setUp();
    refusals.add(account, denied);
    expect(isRefused(refusals, subject)).toBe(false);
  });

  it('is void once a proof has opened the role', () => {
    const { clock, refusals } = setUp();
    const proof = (outcome: 'PASSED' | 'WARNING' | 'FAILED', at: number) =>
      accountFixture({
        verification: { at, checks: [{ name: 'ASSUMES_WITH_EXTERNAL_ID', outcome }] } as Verification,
      });
    refusals.add(account, denied);
    expect(isRefused(refusals, proof('PASSED', clock.now() - 1))).toBe(true);
    expect(isRefused(refusals, proof('FAILED', clock.now() + 1))).toBe(true);
    expect(isRefused(refusals, proof('PASSED', clock.now() + 1))).toBe(false);
    expect(isRefused(refusals)).toBe(false);
    // With the external ID before, which the rotation has retired.
    refusals.add(account, denied);
    expect(isRefused(refusals, proof('WARNING', clock.now() + 1))).toBe(false);
  });

  it('is forgotten when told to', () => {
    const { refusals } = setUp();
    refusals.add(account, denied);
    refusals.forget(account.id);
    expect(isRefused(refusals)).toBe(false);
  });
});

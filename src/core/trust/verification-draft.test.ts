import { CHECK_NAMES, type CheckName, type Verification, type Waiver } from '../accounts/account';
import { check } from './checks';
import { VerificationDraft, WAIVABLE } from './verification-draft';

const answer = (name: CheckName, outcome: 'PASSED' | 'FAILED' | 'SKIPPED' = 'PASSED') =>
  check(name, outcome, 'X', 'It says so');
const WAIVER: Waiver = {
  checks: ['REFUSED_WITHOUT_EXTERNAL_ID'],
  grantedBy: 'Ada',
  grantedAt: 0,
  expiresAt: 86_400_000,
};

function draft(waiver: Waiver | null = null) {
  const told: Verification[] = [];
  return {
    told,
    draft: new VerificationDraft({ at: 5, waiver, tell: (verification) => told.push(verification) }),
  };
}

it('shows every check in order from the start, RUNNING until it has its answer', () => {
  const { told, draft: one } = draft();
  one.add(answer('ACCOUNT_MATCHES'));
  expect(told.map(({ checks }) => checks.map(({ name }) => name))).toEqual([CHECK_NAMES, CHECK_NAMES]);
  const running = told.at(-1)!.checks.filter(({ outcome }) => outcome === 'RUNNING');
  expect(running).toHaveLength(CHECK_NAMES.length - 1);
  expect(told.at(-1)).toMatchObject({ at: 5, complete: false, ok: false });
  expect(() => one.complete()).toThrow();
});

it('is ok once every check has an answer and none has failed', () => {
  const { draft: one } = draft();
  one.add(...CHECK_NAMES.map((name) => answer(name, 'SKIPPED')));
  expect(one.complete()).toMatchObject({ complete: true, ok: true });
  one.add(answer('ACCOUNT_MATCHES', 'FAILED'));
  expect(one.isUnharmed()).toBe(false);
  expect(one.complete()).toMatchObject({ complete: true, ok: false });
});

it('turns a failure that is waived into a warning that says by whom and until when', () => {
  const { draft: one } = draft(WAIVER);
  one.add(
    answer('REFUSED_WITHOUT_EXTERNAL_ID', 'FAILED'),
    answer('REFUSED_WITH_WRONG_EXTERNAL_ID', 'FAILED'),
  );
  expect(one.answer('REFUSED_WITHOUT_EXTERNAL_ID')).toMatchObject({
    outcome: 'WARNING',
    waived: true,
    message: 'It says so. Waived by Ada until 1970-01-02T00:00:00.000Z',
  });
  expect(one.answer('REFUSED_WITH_WRONG_EXTERNAL_ID')).toMatchObject({ outcome: 'FAILED', waived: false });
});

it('never waives that the role opens to Rolecall, nor whose account it is', () => {
  expect(WAIVABLE).toHaveLength(CHECK_NAMES.length - 2);
  expect(WAIVABLE).not.toContain('ASSUMES_WITH_EXTERNAL_ID');
  expect(WAIVABLE).not.toContain('ACCOUNT_MATCHES');
});

import type { CollectionError, CollectionRun, CollectionStepResult } from '../collection/collection-run';
import type { Account } from './account';
import { AccountHealth } from './account-health';
import type { AccountLifecycle } from './account-lifecycle';

const failure = (code: string): CollectionError => ({
  ...{ code, message: 'told', retryable: false, missingActions: [] },
});
const step = (
  name: CollectionStepResult['step'],
  state: CollectionStepResult['state'],
  error: CollectionError | null = null,
) => ({ step: name, state, error }) as CollectionStepResult;

/** The event that a run of these steps leads to. */
async function eventOf(state: CollectionRun['state'], ...steps: CollectionStepResult[]): Promise<string> {
  const events: string[] = [];
  const lifecycle = { apply: async (_: Account, event: string) => void events.push(event) };
  const health = new AccountHealth({ lifecycle: lifecycle as unknown as AccountLifecycle });
  await health.follow({ verification: null } as Account, { state, steps } as CollectionRun, 'why');
  return events.join();
}

const held = step('FETCH', 'SKIPPED', failure('BUDGET_EXCEEDED'));

it('does not call an account degraded whose budget is used up', async () => {
  expect(await eventOf('PARTIAL', step('DISCOVER', 'SUCCEEDED'), held)).toBe('COLLECTED');
});

it('calls it degraded where anything else fails beside the budget', async () => {
  const denied = step('DISCOVER', 'FAILED', failure('AccessDenied'));
  expect(await eventOf('PARTIAL', step('DISCOVER', 'SUCCEEDED'), denied, held)).toBe('COLLECTED_IN_PART');
});

it('calls it degraded when a run was cut short', async () => {
  expect(await eventOf('PARTIAL', step('DISCOVER', 'SUCCEEDED'))).toBe('COLLECTED_IN_PART');
});

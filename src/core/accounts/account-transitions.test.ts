import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AccountStatus, CheckName, Verification } from './account';
import { proofEvent, statusAfter, TRANSITIONS, type AccountEvent } from './account-transitions';

const STATUSES: AccountStatus[] = ['AWAITING_ROLE', 'CONNECTED', 'DEGRADED', 'BROKEN', 'INSECURE', 'PAUSED'];

function verification(...failed: CheckName[]): Verification {
  const checks = failed.map((name) => ({
    name,
    outcome: 'FAILED' as const,
    code: 'X',
    message: `${name} failed`,
    expected: null,
    found: null,
    missingActions: [],
    waived: false,
  }));
  return { at: 0, complete: true, ok: failed.length === 0, checks };
}

/** The rows of the table in docs/trust.md: event, cells, who, what runs. */
function documented(): string[][] {
  const page = readFileSync(join(__dirname, '../../../docs/trust.md'), 'utf8');
  const rows = page
    .split('\n')
    .filter((line) => /^\| `[A-Z_]+` +\|/.test(line) && line.split('|').length === 11);
  return rows.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('`', '')),
  );
}

describe('the table of transitions', () => {
  it('is the one in docs/trust.md, cell by cell', () => {
    const coded = Object.entries(TRANSITIONS).map(([event, { to, who, runs }]) => [
      event,
      ...STATUSES.map((status) => to[status] ?? ''),
      who,
      runs,
    ]);
    expect(documented()).toEqual(coded);
  });

  it('lets nothing happen to a REMOVED account', () => {
    for (const event of Object.keys(TRANSITIONS) as AccountEvent[]) {
      expect(statusAfter({ status: 'REMOVED', verification: null }, event)).toBeNull();
    }
  });

  it('leaves INSECURE by a proof that the role is shut, and by an operator, alone', () => {
    const leaving = Object.entries(TRANSITIONS)
      .filter(([, { to }]) => to.INSECURE && to.INSECURE !== 'INSECURE')
      .map(([event]) => event);
    expect(leaving.sort()).toEqual(['CONNECT', 'PAUSE', 'PROVED', 'PROVED_WITH_FAULTS', 'REMOVE']);
  });

  it('resumes to what the last proof found, so that a pause does not wash an open role clean', () => {
    const after = (...failed: CheckName[]) =>
      statusAfter({ status: 'PAUSED', verification: verification(...failed) }, 'RESUME');
    expect(after()).toBe('CONNECTED');
    expect(after('REFUSED_WITHOUT_EXTERNAL_ID')).toBe('INSECURE');
    expect(after('ASSUMES_WITH_EXTERNAL_ID')).toBe('BROKEN');
    expect(after('PERMISSIONS_SUFFICIENT')).toBe('DEGRADED');
    expect(statusAfter({ status: 'PAUSED', verification: null }, 'RESUME')).toBe('CONNECTED');
  });

  it('counts an open role before everything else', () => {
    const all: CheckName[] = ['PERMISSIONS_SUFFICIENT', 'ACCOUNT_MATCHES', 'REFUSED_WITH_WRONG_EXTERNAL_ID'];
    expect(proofEvent(verification(...all))).toBe('PROVED_OPEN');
    expect(proofEvent(verification(...all.slice(0, 2)))).toBe('PROVED_WITHOUT_ACCESS');
    expect(proofEvent(verification(...all.slice(0, 1)))).toBe('PROVED_WITH_FAULTS');
    expect(proofEvent(verification())).toBe('PROVED');
  });
});

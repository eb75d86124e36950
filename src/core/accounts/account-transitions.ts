import type { Role } from '../access/viewer';
import { TrustRefusedError } from '../errors';
import type { Account, AccountStatus, Verification } from './account';

/** What can happen to an account that is there. */
export type AccountEvent =
  | 'CONNECT'
  | 'PAUSE'
  | 'RESUME'
  | 'REMOVE'
  | 'PROVED'
  | 'PROVED_OPEN'
  | 'PROVED_WITHOUT_ACCESS'
  | 'PROVED_WITH_FAULTS'
  | 'COLLECTED'
  | 'COLLECTED_IN_PART'
  | 'COLLECTED_NOTHING';

/** AS_PROVED: the status that the last proof of the account deserves. */
type Target = AccountStatus | 'AS_PROVED';

interface Transition {
  /** Whose doing it is: a role that the caller needs, or the gateway's own. */
  who: Role | 'gateway';
  /** What the gateway does along with it. */
  runs: string;
  /** From status to status; an event that is not listed for a status is refused there. */
  to: Partial<Record<AccountStatus, Target>>;
}

/**
 * The life of an account, as a table: docs/trust.md shows the same, and a test compares the two. INSECURE is left by a
 * proof that finds the role shut, or by an operator; a BROKEN account is proved before it is collected again.
 */
export const TRANSITIONS: Record<AccountEvent, Transition> = {
  CONNECT: {
    who: 'OPERATOR',
    runs: 'all checks before anything is stored; schedules; the second proof is due in five minutes',
    to: {
      AWAITING_ROLE: 'CONNECTED',
      CONNECTED: 'CONNECTED',
      DEGRADED: 'CONNECTED',
      BROKEN: 'CONNECTED',
      INSECURE: 'CONNECTED',
      PAUSED: 'CONNECTED',
    },
  },
  PAUSE: {
    who: 'OPERATOR',
    runs: 'drops credentials, ends a collection under way, unschedules',
    to: { CONNECTED: 'PAUSED', DEGRADED: 'PAUSED', BROKEN: 'PAUSED', INSECURE: 'PAUSED' },
  },
  RESUME: {
    who: 'OPERATOR',
    runs: 'schedules where the status is a collected one',
    to: { PAUSED: 'AS_PROVED' },
  },
  REMOVE: {
    who: 'OPERATOR',
    runs: 'forgets credentials, retires every external ID, ends a collection under way, unschedules',
    to: {
      AWAITING_ROLE: 'REMOVED',
      CONNECTED: 'REMOVED',
      DEGRADED: 'REMOVED',
      BROKEN: 'REMOVED',
      INSECURE: 'REMOVED',
      PAUSED: 'REMOVED',
    },
  },
  PROVED: {
    who: 'gateway',
    runs: 'schedules an account that was INSECURE; the next proof is due in a day',
    to: {
      CONNECTED: 'CONNECTED',
      DEGRADED: 'DEGRADED',
      BROKEN: 'CONNECTED',
      INSECURE: 'CONNECTED',
      PAUSED: 'PAUSED',
    },
  },
  PROVED_OPEN: {
    who: 'gateway',
    runs: 'drops credentials, ends a collection under way, unschedules; the next proof is due in an hour',
    to: {
      CONNECTED: 'INSECURE',
      DEGRADED: 'INSECURE',
      BROKEN: 'INSECURE',
      INSECURE: 'INSECURE',
      PAUSED: 'PAUSED',
    },
  },
  PROVED_WITHOUT_ACCESS: {
    who: 'gateway',
    runs: 'proves again before the next collection',
    to: {
      CONNECTED: 'BROKEN',
      DEGRADED: 'BROKEN',
      BROKEN: 'BROKEN',
      INSECURE: 'INSECURE',
      PAUSED: 'PAUSED',
    },
  },
  PROVED_WITH_FAULTS: {
    who: 'gateway',
    runs: 'collects what the role allows; the next proof is due in an hour',
    to: {
      CONNECTED: 'DEGRADED',
      DEGRADED: 'DEGRADED',
      BROKEN: 'DEGRADED',
      INSECURE: 'DEGRADED',
      PAUSED: 'PAUSED',
    },
  },
  COLLECTED: {
    who: 'gateway',
    runs: 'stores and publishes',
    to: { CONNECTED: 'CONNECTED', DEGRADED: 'CONNECTED', BROKEN: 'CONNECTED' },
  },
  COLLECTED_IN_PART: {
    who: 'gateway',
    runs: 'stores and publishes what there is',
    to: { CONNECTED: 'DEGRADED', DEGRADED: 'DEGRADED', BROKEN: 'DEGRADED' },
  },
  COLLECTED_NOTHING: {
    who: 'gateway',
    runs: 'tries again at the next interval, after a proof',
    to: { CONNECTED: 'BROKEN', DEGRADED: 'BROKEN', BROKEN: 'BROKEN' },
  },
};

/** The statuses in which an event may happen. */
export function statusesBefore(event: AccountEvent): AccountStatus[] {
  return Object.keys(TRANSITIONS[event].to) as AccountStatus[];
}

/** Whether the last proof decides where an event leads. */
export function followsProof(event: AccountEvent, from: AccountStatus): boolean {
  return TRANSITIONS[event].to[from] === 'AS_PROVED';
}

/** Where an event leads an account; null when it is not open from its status. */
export function statusAfter(
  { status, verification }: Pick<Account, 'status' | 'verification'>,
  event: AccountEvent,
): AccountStatus | null {
  const target = TRANSITIONS[event].to[status] ?? null;
  if (target !== 'AS_PROVED') return target;
  return verification
    ? statusAfter({ status: 'CONNECTED', verification }, proofEvent(verification))
    : 'CONNECTED';
}

/** Where an account stands, and why. */
export type Standing = Pick<Account, 'status' | 'statusReason' | 'verification'>;

/**
 * How an event leaves an account. Where the status stays, only a reason that says something new replaces the present one;
 * a pause keeps its own. @returns null when the event is not open from its status
 */
export function standingAfter(
  account: Standing,
  event: AccountEvent,
  reason: string | null,
): Pick<Account, 'status' | 'statusReason'> | null {
  const { status, statusReason } = account;
  const to = statusAfter(account, event);
  if (!to) return null;
  const isKept = to === status && (to === 'PAUSED' || reason === null);
  return { status: to, statusReason: isKept ? statusReason : reason };
}

/** What a whole verification says of the account. */
export function proofEvent(verification: Verification): AccountEvent {
  const failed = new Set(
    verification.checks.flatMap(({ name, outcome }) => (outcome === 'FAILED' ? name : [])),
  );
  if (failed.has('REFUSED_WITHOUT_EXTERNAL_ID') || failed.has('REFUSED_WITH_WRONG_EXTERNAL_ID')) {
    return 'PROVED_OPEN';
  }
  if (failed.has('ASSUMES_WITH_EXTERNAL_ID') || failed.has('ACCOUNT_MATCHES')) return 'PROVED_WITHOUT_ACCESS';
  return failed.size > 0 ? 'PROVED_WITH_FAULTS' : 'PROVED';
}

/** The failed checks in a sentence each; null when none failed. */
export function failuresIn(verification: Verification | null): string | null {
  const failed = verification?.checks.filter(({ outcome }) => outcome === 'FAILED') ?? [];
  return failed.length > 0 ? failed.map(({ message }) => message).join('. ') : null;
}

/** @throws TrustRefusedError for a role that does not keep others out, or does not let Rolecall in */
export function assertTrusted(verification: Verification, details: { path?: string[] } = {}): void {
  if (!['PROVED_OPEN', 'PROVED_WITHOUT_ACCESS'].includes(proofEvent(verification))) return;
  throw new TrustRefusedError(failuresIn(verification)!, verification, details);
}

import type { SessionStore } from './auth/sessions';
import { QuotaMeters } from './quota-meters';

/** Which calls a fault concerns; what is left out matches everything. */
export interface FaultMatch {
  /** `sts`, `ec2`, `rds`, `elasticloadbalancing`, `cloudwatch`, `iam` or `kms`. */
  service?: string;
  action?: string;
  region?: string;
  /** The caller's account; for AssumeRole the account of the role asked for. */
  accountId?: string;
  /** Only calls for a page after the first, or only those for the first. */
  nextPage?: boolean;
  /** Share of the matching calls that are hit, 0 to 1; every one when left out. */
  probability?: number;
}

/** What a fault does. */
type FaultEffect =
  /** AWS's throttling error of the service. */
  | { kind: 'throttle' }
  /**
   * Throttled beyond so many calls, or data points that GetMetricData asks for, a second: each account, Region and action
   * apart. Seconds are of the simulator's clock, or of real time.
   */
  | { kind: 'quota'; callsPerSecond?: number; pointsPerSecond?: number; realTime?: boolean }
  /** An error of your own; an internal error of status 500 when nothing is given. */
  | { kind: 'error'; status?: number; code?: string; message?: string }
  /** The answer comes `delayMs` later. */
  | { kind: 'delay'; delayMs: number }
  /** No answer, until the client goes away. */
  | { kind: 'hang' }
  /** The connection is destroyed: before the answer, or after so many bytes of its body. */
  | { kind: 'drop'; afterBytes?: number }
  /** The connection is reset before the answer, or after so many bytes of its body. */
  | { kind: 'reset'; afterBytes?: number }
  /** The body comes a byte at a time, one every `everyMs`. */
  | { kind: 'drip'; everyMs: number }
  /** Signatures are refused that are dated more than 15 minutes before or after the simulator's clock. */
  | { kind: 'checkDate' }
  /** GetMetricData: a share (default all) of the results, or those of one metric, is incomplete, with the status code given. */
  | {
      kind: 'partialData';
      share?: number;
      metricName?: string;
      statusCode?: 'PartialData' | 'InternalError' | 'Forbidden';
    }
  /** GetMetricData: no more than so many points on a page; a result goes on under its Id on the next. */
  | { kind: 'pageSize'; points: number }
  /** GetMetricData: a request that names this metric is refused as a whole. */
  | { kind: 'rejectMetric'; metricName: string }
  /** GetMetricData: each result with points goes on for so many periods after EndTime. */
  | { kind: 'futurePoints'; count: number }
  /** GetMetricData: timestamps lie so many seconds after the start of their periods. */
  | { kind: 'offGridPoints'; shiftSeconds: number }
  /** The call is refused as if no policy allowed it. */
  | { kind: 'denyAction' }
  /** GetMetricData: what was published in the last `lateSeconds` is not there as yet. */
  | { kind: 'latePoints'; lateSeconds: number }
  /** All sessions of `match.accountId` (of everyone, without it) end: when added, or before each call that it hits. */
  | { kind: 'expireSessions'; onCall?: boolean };

/** A fault as it is asked for. */
export type NewFault = FaultEffect & {
  id?: string;
  match?: FaultMatch;
  /** Only the first so many matching calls are hit. */
  times?: number;
};

/** A fault that is set, with what it has done. */
export type FaultRule = FaultEffect & { id: string; match: FaultMatch; times?: number; hits: number };

/** The side of a call that faults look at. */
interface FaultSubject {
  service: string;
  action: string;
  region: string;
  accountId: string | null;
  isNextPage: boolean;
  /** Data points asked for. */
  points: number;
}

/** All kinds of fault. */
const faultKinds = [
  'throttle',
  'quota',
  'error',
  'delay',
  'hang',
  'drop',
  'reset',
  'drip',
  'checkDate',
  'partialData',
  'pageSize',
  'rejectMetric',
  'futurePoints',
  'offGridPoints',
  'denyAction',
  'latePoints',
  'expireSessions',
] as const satisfies ReadonlyArray<FaultEffect['kind']>;

/** What the fault rules need from the simulator. */
interface FaultsOptions {
  sessions: SessionStore;
  now: () => number;
  random: () => number;
}

/** The rules in the order in which they were set. */
export class Faults {
  private readonly rules = new Map<string, FaultRule>();
  private readonly quotas = new QuotaMeters();
  private serial = 0;

  constructor(private readonly options: FaultsOptions) {}

  /** Sets a fault; `expireSessions` without `onCall` acts at once and leaves no rule behind. */
  add(fault: NewFault): FaultRule {
    if (!faultKinds.includes(fault.kind)) throw new Error(`Unknown fault kind: ${fault.kind}`);
    const rule: FaultRule = {
      ...fault,
      id: fault.id ?? `fault-${++this.serial}`,
      match: fault.match ?? {},
      hits: 0,
    };
    if (rule.kind === 'expireSessions' && !rule.onCall) {
      this.expireSessions(rule);
      return { ...rule, hits: 1 };
    }
    this.rules.set(rule.id, rule);
    return rule;
  }

  /** The rules that are set; those used up stay, with their hits. */
  list(): FaultRule[] {
    return [...this.rules.values()];
  }

  /** Removes one fault; false when there is none of this id. */
  remove(id: string): boolean {
    this.quotas.forget(id);
    return this.rules.delete(id);
  }

  /** Removes all faults. */
  clear(): void {
    for (const { id } of this.list()) this.remove(id);
  }

  /** The faults that hit a call; each is counted as a hit, and those that are used up no longer match. A quota hits beyond it. */
  hitting(subject: FaultSubject): FaultRule[] {
    return this.list().filter((rule) => {
      if (!matches(rule, subject)) return false;
      if (rule.match.probability !== undefined && this.options.random() >= rule.match.probability)
        return false;
      if (rule.kind === 'quota' && this.quotas.allow(rule, subject, this.clockOf(rule))) return false;
      if (rule.kind === 'expireSessions') this.expireSessions(rule);
      rule.hits++;
      return true;
    });
  }

  private clockOf({ realTime }: { realTime?: boolean }): number {
    return realTime ? performance.now() : this.options.now();
  }

  private expireSessions({ match }: FaultRule): void {
    this.options.sessions.expireAll(this.options.now(), match.accountId);
  }
}

function matches({ match, times, hits }: FaultRule, subject: FaultSubject): boolean {
  return (
    (times === undefined || hits < times) &&
    (match.service === undefined || match.service === subject.service) &&
    (match.action === undefined || match.action === subject.action) &&
    (match.region === undefined || match.region === subject.region) &&
    (match.accountId === undefined || match.accountId === subject.accountId) &&
    (match.nextPage === undefined || match.nextPage === subject.isNextPage)
  );
}

import type { SessionStore } from './auth/sessions';

/** Which calls a fault concerns; what is left out matches everything. */
export interface FaultMatch {
  /** `sts`, `ec2`, `rds`, `elasticloadbalancing`, `cloudwatch`, `iam` or `kms`. */
  service?: string;
  action?: string;
  region?: string;
  /** The caller's account; for AssumeRole the account of the role asked for. */
  accountId?: string;
  /** Share of the matching calls that are hit, 0 to 1; every one when left out. */
  probability?: number;
}

/** What a fault does. */
type FaultEffect =
  /** AWS's throttling error of the service. */
  | { kind: 'throttle' }
  /** An error of your own; an internal error of status 500 when nothing is given. */
  | { kind: 'error'; status?: number; code?: string; message?: string }
  /** The answer comes `delayMs` later. */
  | { kind: 'delay'; delayMs: number }
  /** No answer, until the client goes away. */
  | { kind: 'hang' }
  /** The connection is destroyed: before the answer, or after so many bytes of its body. */
  | { kind: 'drop'; afterBytes?: number }
  /** GetMetricData: a share (default all) of the results is incomplete, with the status code given. */
  | { kind: 'partialData'; share?: number; statusCode?: 'PartialData' | 'InternalError' | 'Forbidden' }
  /** The call is refused as if no policy allowed it. */
  | { kind: 'denyAction' }
  /** GetMetricData: what was published in the last `lateSeconds` is not there as yet. */
  | { kind: 'latePoints'; lateSeconds: number }
  /** When added: all sessions of `match.accountId` (of everyone, without it) end. */
  | { kind: 'expireSessions' };

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
}

/** All kinds of fault. */
const faultKinds = [
  'throttle',
  'error',
  'delay',
  'hang',
  'drop',
  'partialData',
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
  private serial = 0;

  constructor(private readonly options: FaultsOptions) {}

  /** Sets a fault; `expireSessions` acts at once and leaves no rule behind. */
  add(fault: NewFault): FaultRule {
    if (!faultKinds.includes(fault.kind)) throw new Error(`Unknown fault kind: ${fault.kind}`);
    const rule: FaultRule = {
      ...fault,
      id: fault.id ?? `fault-${++this.serial}`,
      match: fault.match ?? {},
      hits: 0,
    };
    if (rule.kind === 'expireSessions') {
      this.options.sessions.expireAll(this.options.now(), rule.match.accountId);
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
    return this.rules.delete(id);
  }

  /** Removes all faults. */
  clear(): void {
    this.rules.clear();
  }

  /** The faults that hit a call; each is counted as a hit, and those that are used up no longer match. */
  hitting(subject: FaultSubject): FaultRule[] {
    return this.list().filter((rule) => {
      if (!matches(rule, subject)) return false;
      if (rule.match.probability !== undefined && this.options.random() >= rule.match.probability)
        return false;
      rule.hits++;
      return true;
    });
  }
}

function matches({ match, times, hits }: FaultRule, subject: FaultSubject): boolean {
  return (
    (times === undefined || hits < times) &&
    (match.service === undefined || match.service === subject.service) &&
    (match.action === undefined || match.action === subject.action) &&
    (match.region === undefined || match.region === subject.region) &&
    (match.accountId === undefined || match.accountId === subject.accountId)
  );
}

/** One AWS call that the simulator answered. It never holds a secret key, a session token or a signature. */
export interface CallRecord {
  /** 1, 2, … in the order in which the calls were answered; never used again, not even after `clear`. */
  sequence: number;
  /** When the call arrived, by the simulator's clock (milliseconds since the epoch). */
  at: number;
  /** Service as its IAM prefix names it (`sts`, `ec2`, `rds`, `elasticloadbalancing`, `cloudwatch`, `iam`, `kms`). */
  service: string;
  action: string;
  region: string;
  /** Account of the calling credentials; null when the access key is unknown in the Region's partition. */
  accountId: string | null;
  /** The calling access key: `ASIA…` for a session. */
  accessKeyId: string | null;
  /** Session name of an assumed role or federated user; null for an IAM user. */
  sessionName: string | null;
  /** External ID that an AssumeRole call carried. */
  externalId?: string;
  /** AssumeRole: the role asked for. Other calls: the role of the calling session. */
  roleArn?: string;
  /** Session policy that an AssumeRole or GetFederationToken call carried, as it was sent. */
  sessionPolicy?: string;
  /** Access key of the session that the call handed out; calls made with it have it as `accessKeyId`. */
  issuedAccessKeyId?: string;
  /** HTTP status; 0 when a fault left the call without an answer. */
  status: number;
  errorCode: string | null;
  /** Real time between arrival and answer. */
  durationMs: number;
  /** Number of MetricDataQueries of a GetMetricData call. */
  queries?: number;
  /** Data points that it asks for: queries × periods of the window. */
  points?: number;
  /** Present and true for a page after the first. */
  isNextPage?: true;
}

/** Which calls to read: every given field must be equal. */
export interface CallFilter {
  service?: string;
  action?: string;
  region?: string;
  accountId?: string;
  accessKeyId?: string;
  roleArn?: string;
  /** Inclusive, milliseconds since the epoch by the simulator's clock. */
  since?: number;
  /** Only calls of a higher sequence: those answered after `mark` was read. */
  after?: number;
}

const equalFields = ['service', 'action', 'region', 'accountId', 'accessKeyId', 'roleArn'] as const;

/** The newest calls in a ring buffer, and counts by service and action that are never dropped by the ring. */
export class CallLog {
  private readonly ring: CallRecord[] = [];
  private next = 0;
  private sequence = 0;
  private readonly totals = new Map<string, number>();

  constructor(private readonly capacity = 50_000) {}

  /** Keeps a call; the oldest one goes when the ring is full. */
  add(record: Omit<CallRecord, 'sequence'>): void {
    this.ring[this.next] = { sequence: ++this.sequence, ...record };
    this.next = (this.next + 1) % this.capacity;
    const key = `${record.service}:${record.action}`;
    this.totals.set(key, (this.totals.get(key) ?? 0) + 1);
  }

  /** The kept calls that match, oldest first. */
  list(filter: CallFilter = {}): CallRecord[] {
    const ordered =
      this.ring.length < this.capacity
        ? this.ring
        : [...this.ring.slice(this.next), ...this.ring.slice(0, this.next)];
    return ordered.filter(
      (record) =>
        equalFields.every((field) => filter[field] === undefined || record[field] === filter[field]) &&
        (filter.since === undefined || record.at >= filter.since) &&
        (filter.after === undefined || record.sequence > filter.after),
    );
  }

  /** The sequence of the newest call, for `after`: what is answered from now on. 0 before the first. */
  mark(): number {
    return this.sequence;
  }

  /** Calls since the start or the last `clear`, by `service:action`. */
  counts(): Record<string, number> {
    return Object.fromEntries([...this.totals].sort(([a], [b]) => a.localeCompare(b)));
  }

  /** Forgets all calls and counts. */
  clear(): void {
    this.ring.length = 0;
    this.next = 0;
    this.totals.clear();
  }
}

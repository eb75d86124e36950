/** One AWS call that the simulator received. It never holds a secret key, a session token or a signature. */
export interface CallRecord {
  /** When the call arrived, by the simulator's clock (milliseconds since the epoch). */
  at: number;
  /** Service as its IAM prefix names it (`sts`, `ec2`, `rds`, `elasticloadbalancing`, `cloudwatch`). */
  service: string;
  action: string;
  region: string;
  /** Account of the calling credentials; null when the access key is unknown. */
  accountId: string | null;
  accessKeyId: string | null;
  /** Session name of an assumed role; null for an IAM user. */
  sessionName: string | null;
  /** External ID that an AssumeRole call carried. */
  externalId?: string;
  /** AssumeRole: the role asked for. Other calls: the role of the calling session. */
  roleArn?: string;
  /** HTTP status; 0 when a fault left the call without an answer. */
  status: number;
  errorCode: string | null;
  /** Real time between arrival and answer. */
  durationMs: number;
  /** Number of MetricDataQueries of a GetMetricData call. */
  queries?: number;
}

/** Which calls to read: every given field must be equal; `since` is inclusive (milliseconds since the epoch). */
export interface CallFilter {
  service?: string;
  action?: string;
  region?: string;
  accountId?: string;
  since?: number;
}

/** The newest calls in a ring buffer, and counts by service and action that are never dropped by the ring. */
export class CallLog {
  private readonly ring: CallRecord[] = [];
  private next = 0;
  private readonly totals = new Map<string, number>();

  constructor(private readonly capacity = 50_000) {}

  /** Keeps a call; the oldest one goes when the ring is full. */
  add(record: CallRecord): void {
    this.ring[this.next] = record;
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
        (filter.service === undefined || record.service === filter.service) &&
        (filter.action === undefined || record.action === filter.action) &&
        (filter.region === undefined || record.region === filter.region) &&
        (filter.accountId === undefined || record.accountId === filter.accountId) &&
        (filter.since === undefined || record.at >= filter.since),
    );
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

/** A quota: what may be called, and asked for, a second. */
interface Quota {
  id: string;
  callsPerSecond?: number;
  pointsPerSecond?: number;
}

/** Who calls what where, and how many points are asked for. */
interface Metered {
  service: string;
  action: string;
  region: string;
  accountId: string | null;
  points: number;
}

interface Meter {
  calls: number;
  points: number;
  at: number;
}

/** Token buckets of a second's size, one for each quota, account, Region and action. */
export class QuotaMeters {
  private readonly meters = new Map<string, Meter>();

  /** Takes a call, at `now` in ms; false when the quota does not allow it, which costs nothing. */
  allow(quota: Quota, call: Metered, now: number): boolean {
    const { id, callsPerSecond = Infinity, pointsPerSecond = Infinity } = quota;
    const key = `${id} ${call.accountId} ${call.region} ${call.service}:${call.action}`;
    const meter = this.meters.get(key) ?? { calls: callsPerSecond, points: pointsPerSecond, at: now };
    this.meters.set(key, meter);
    const seconds = Math.max(0, now - meter.at) / 1000;
    meter.calls = Math.min(callsPerSecond, meter.calls + callsPerSecond * seconds);
    meter.points = Math.min(pointsPerSecond, meter.points + pointsPerSecond * seconds);
    meter.at = now;
    // What asks for more than a second's points is let through by a full bucket.
    if (meter.calls < 1 || meter.points < Math.min(call.points, pointsPerSecond)) return false;
    meter.calls -= 1;
    meter.points -= call.points;
    return true;
  }

  /** Forgets what a quota has metered. */
  forget(id: string): void {
    for (const key of this.meters.keys()) if (key.startsWith(`${id} `)) this.meters.delete(key);
  }
}

import type { Clock } from '../clock';
import { CollectionFailure } from './collection-failure';
import type { Lease, Leases } from './leases';

/** Renews a lease while its work lasts. */
export interface LeaseKeeper {
  /** Aborted when the lease is lost: the holder must stop. */
  lost: AbortSignal;
  /** Ends the renewals; waits for one that is under way. */
  stop(): Promise<void>;
}

export function keepLease(
  lease: Lease,
  options: { leases: Leases; clock: Clock; ttlMs: number },
): LeaseKeeper {
  const { leases, clock, ttlMs } = options;
  const lost = new AbortController();
  const done = new AbortController();
  const renew = async () => {
    for (;;) {
      await clock.sleep(ttlMs / 3, done.signal).catch(() => undefined);
      if (done.signal.aborted) return;
      // A database that does not answer now may answer before the lease ends; the fence guards every write anyway.
      const held = await leases.renew(lease, clock.now(), ttlMs).catch(() => true);
      if (held) continue;
      lost.abort(new CollectionFailure('LEASE_LOST', 'The account was paused, removed or taken over'));
      return;
    }
  };
  const renewals = renew();
  return {
    lost: lost.signal,
    stop: () => {
      done.abort();
      return renewals;
    },
  };
}

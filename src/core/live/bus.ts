import type { Account, AccountStatus, Verification } from '../accounts/account';
import type { CollectionRun, CollectionStep } from '../collection/collection-run';
import type { ResourceChange } from '../inventory/resource';

/** What changed. Every event names its tenant, so that a subscriber is told of nobody else's. */
export type LiveEvent =
  | MetricsStored
  | ResourceChanged
  | AccountChanged
  | AccountStatusChanged
  | VerificationProgressed
  | CollectionProgressed;

interface OfAccount {
  tenantId: number;
  accountId: number;
}

/** What changed in the points of one account: new, late and revised ones. Ascending by `sequence`. */
export interface MetricsStored extends OfAccount {
  kind: 'metricsStored';
  collectedAt: number;
  /** Of the metric event log. */
  sequence: number;
  /** It stands for what the subscriber may hear of the events beyond this, up to `sequence`. */
  after: number;
  /**
   * By series id, ascending. Null: more than is held for a subscriber that reads slowly, or than this process knows. Those
   * events, of every account, are then read from the log.
   */
  series: ChangedPoints[] | null;
}

/** The points of one series that changed, ascending by time. */
export interface ChangedPoints {
  seriesId: number;
  timestamps: number[];
  values: number[];
}

export interface ResourceChanged extends OfAccount {
  kind: 'resourceChanged';
  change: ResourceChange;
}

/** Anything of it: settings, an external ID, a verification, the status. */
export interface AccountChanged extends OfAccount {
  kind: 'accountChanged';
  account: Account;
}

export interface VerificationProgressed extends OfAccount {
  kind: 'verificationProgressed';
  verification: Verification;
}

export interface AccountStatusChanged extends OfAccount {
  kind: 'accountStatusChanged';
  account: Account;
  from: AccountStatus | null;
  to: AccountStatus;
  reason: string | null;
  at: number;
}

export interface CollectionProgressed extends OfAccount {
  kind: 'collectionProgressed';
  run: CollectionRun;
  step: CollectionStep;
  plugin: string | null;
  region: string | null;
  done: number;
  total: number;
}

export type LiveEventKind = LiveEvent['kind'];
export type LiveEventOf<K extends LiveEventKind> = Extract<LiveEvent, { kind: K }>;

/** A subscriber's view of the bus: ends after `return()` and when the bus closes. */
export type LiveStream<E> = AsyncIterableIterator<E>;

/** The live bus. Publishing never waits and never throws; a slow subscriber never holds up another. */
export interface Bus {
  publish(event: LiveEvent): void;
  /**
   * From now on; `accepts` must be pure. The buffer is bounded: of metrics the newest event then stands for all (its `series`
   * are null), others drop the oldest.
   */
  subscribe<K extends LiveEventKind>(
    kind: K,
    tenantId: number,
    accepts: (event: LiveEventOf<K>) => boolean,
  ): LiveStream<LiveEventOf<K>>;
  /** Ends every stream. */
  close(): void;
}

/** Housekeeping of the metric store, in steps small enough for a gateway at work. Instants are epoch ms. */
export interface MetricMaintenance {
  /**
   * Turns whole UTC days of head rows that ended before `before` into one compressed chunk a series and day, with hourly
   * rollups beside it. A damaged row is left out and becomes a recoverable gap. @returns how many points went into chunks; 0 when nothing is left to seal.
   */
  seal(before: number, signal: AbortSignal): Promise<number>;
  /**
   * Deletes fine points before `fineBefore`, hourly ones, sparse ones and gaps before `hourlyBefore`, events before
   * `eventsBefore`: ranges of keys. Days, and ten days of hours, go as a whole, once the last of them may.
   */
  prune(limits: { fineBefore: number; hourlyBefore: number; eventsBefore: number }): Promise<void>;
  /** Reads everything and compares checksums. Serves beside a gateway at work. */
  check(signal: AbortSignal): Promise<MetricCheck>;
}

export interface MetricCheck {
  /** How many heads, chunks, rollups and states were read. */
  blobs: number;
  damaged: DamagedBlob[];
}

/** One blob that is not what was written. */
export interface DamagedBlob {
  kind: 'head' | 'chunk' | 'rollup' | 'state';
  /** The series concerned. */
  seriesIds: number[];
  /** The time that it covers (epoch ms). */
  from: number;
  to: number;
  problem: string;
}

/** Series with at least this period (seconds) have few points: they are plain rows, in no block. */
export const HOUR_SECONDS = 3_600;

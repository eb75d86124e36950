/** A point of a series as a caller is shown it. */
export interface LatestPoint {
  timestamp: number;
  value: number;
  /** CloudWatch may still revise it. */
  provisional: boolean;
}

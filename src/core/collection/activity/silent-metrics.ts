const NONE = new Float64Array(0);

/**
 * Metrics that are wanted and that listings did not name, by their keys: the few that are missing, rather than the many that
 * CloudWatch has. Eight bytes each, in one sorted array.
 */
export class SilentMetrics {
  /** Twice the key, and 1 where two listings in a row were without it. */
  private entries = NONE;

  get size(): number {
    return this.entries.length;
  }

  /** Whether the last two listings at least were without it. */
  has(key: number): boolean {
    return this.entryOf(key) === key * 2 + 1;
  }

  /** What another listing was without. What is not among them is heard of again, or wanted no more. */
  replace(missing: Iterable<number>): void {
    const entries = Float64Array.from(missing, (key) => key * 2 + (this.entryOf(key) === null ? 0 : 1));
    this.entries = entries.sort();
  }

  clear(): void {
    this.entries = NONE;
  }

  private entryOf(key: number): number | null {
    let [from, to] = [0, this.entries.length];
    while (from < to) {
      const middle = (from + to) >>> 1;
      if (this.entries[middle]! < key * 2) from = middle + 1;
      else to = middle;
    }
    const entry = this.entries[from];
    return entry === key * 2 || entry === key * 2 + 1 ? entry : null;
  }
}

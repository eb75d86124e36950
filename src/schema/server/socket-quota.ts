/** Counts what is open by whose it is. */
export class SocketQuota<Key> {
  private readonly open = new Map<Key, number>();

  constructor(private readonly limit: number) {}

  isFull(key: Key): boolean {
    return (this.open.get(key) ?? 0) >= this.limit;
  }

  /** @returns gives the place back; a second call does nothing */
  take(key: Key): () => void {
    this.open.set(key, (this.open.get(key) ?? 0) + 1);
    let taken = true;
    return () => {
      if (!taken) return;
      taken = false;
      const left = this.open.get(key)! - 1;
      if (left > 0) this.open.set(key, left);
      else this.open.delete(key);
    };
  }
}

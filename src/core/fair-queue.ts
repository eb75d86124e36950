/** Of all places, the part that one owner may hold once another owner has had work. */
const LARGEST_SHARE = 0.75;

/**
 * Lets owners take turns (tenants, as a rule), so that one with thousands of slow accounts does not keep another waiting: the
 * next place goes to the owner that holds the fewest, and a quarter of them is never all one owner's. Of one owner the first
 * comes first. An owner that is alone uses every place until another has come with work; from then on the quarter is kept, for
 * as long as the queue is there: the other will come again.
 */
export class FairQueue<Item> {
  private readonly waiting = new Map<unknown, Item[]>();
  private readonly held = new Map<unknown, number>();
  /** Every owner that ever had work. */
  private readonly owners = new Set<unknown>();

  /**
   * @param ownerOf whose an item is: a primitive value
   * @param keepsRoom whether the quarter is kept from one who is alone as well: another may come at any time
   */
  constructor(
    private readonly ownerOf: (item: Item) => unknown,
    private readonly keepsRoom = false,
  ) {}

  push(item: Item): void {
    const owner = this.ownerOf(item);
    this.owners.add(owner);
    const own = this.waiting.get(owner);
    if (own) own.push(item);
    else this.waiting.set(owner, [item]);
  }

  /** Takes an item whose owner may hold one place more of `places`; null when there is none. Give it back by `done`. */
  take(places: number): Item | null {
    const isShared = this.keepsRoom || this.owners.size > 1;
    const share = isShared ? Math.ceil(places * LARGEST_SHARE) : places;
    let next: { owner: unknown; own: Item[] } | null = null;
    for (const [owner, own] of this.waiting) {
      const holds = this.holds(owner);
      if (holds < share && (next === null || holds < this.holds(next.owner))) next = { owner, own };
    }
    if (next === null) return null;
    const { owner, own } = next;
    const item = own.shift()!;
    // To the end of the line, so that owners that hold as many take turns.
    this.waiting.delete(owner);
    if (own.length > 0) this.waiting.set(owner, own);
    this.held.set(owner, this.holds(owner) + 1);
    return item;
  }

  /** The item's place is free again. */
  done(item: Item): void {
    const owner = this.ownerOf(item);
    this.held.set(owner, this.holds(owner) - 1);
  }

  get isEmpty(): boolean {
    return this.waiting.size === 0;
  }

  /** Forgets what waits. */
  clear(): void {
    this.waiting.clear();
  }

  private holds(owner: unknown): number {
    return this.held.get(owner) ?? 0;
  }
}

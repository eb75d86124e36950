import type { Clock, Random } from '../clock';

/** Ages differ by a fifth either way, so that what was learned at one time is not all asked for again at one time. */
const JITTER = 0.2;

interface Entry {
  value: unknown;
  until: number;
}

/** What plugins remember of accounts between two discoveries: in memory only, the least recently used goes first. */
export class Remembered {
  private readonly entries = new Map<string, Entry>();
  /** What is being asked for, by key. */
  private readonly loading = new Map<string, Promise<ReadonlyMap<string, unknown>>>();

  constructor(
    private readonly options: {
      clock: Clock;
      random: Random;
      /** Values that are kept at once, of all accounts. */
      capacity: number;
    },
  ) {}

  /**
   * The value of each id: remembered, or loaded, all that are missing in one go. What `load` does not answer is in no answer
   * and is not remembered; nor is its failure. Whoever needs what is being loaded waits for it.
   * @param owner whose it is: nothing is shared between owners, and all of one is forgotten at once
   */
  async get<Value>(
    owner: string,
    place: string,
    ids: readonly string[],
    maxAgeSeconds: number,
    load: (ids: string[]) => Promise<ReadonlyMap<string, Value>>,
  ): Promise<Map<string, Value>> {
    const keyOf = (id: string) => `${owner}\n${place}\n${id}`;
    const found = new Map<string, Value>();
    const missing: string[] = [];
    const awaited = new Map<Promise<ReadonlyMap<string, unknown>>, string[]>();
    for (const id of ids) {
      const known = this.read(keyOf(id));
      const loading = this.loading.get(keyOf(id));
      if (known) found.set(id, known.value as Value);
      else if (loading) awaited.set(loading, [...(awaited.get(loading) ?? []), id]);
      else missing.push(id);
    }
    if (missing.length > 0) {
      const loaded = await this.load(missing, keyOf, maxAgeSeconds, load);
      for (const [id, value] of loaded) found.set(id, value);
    }
    for (const [loading, waiting] of awaited) {
      // Who loads may be cut off, which is no reason for others to fail.
      const loaded = await loading.catch(() => this.load(waiting, keyOf, maxAgeSeconds, load));
      for (const id of waiting) if (loaded.has(id)) found.set(id, loaded.get(id) as Value);
    }
    // In the order of the ids, wherever each came from.
    return new Map(ids.flatMap((id): [string, Value][] => (found.has(id) ? [[id, found.get(id)!]] : [])));
  }

  /** Forgets what is of the owner, and what is being loaded for it. */
  forget(owner: string): void {
    const start = `${owner}\n`;
    for (const entries of [this.entries, this.loading]) {
      for (const key of entries.keys()) if (key.startsWith(start)) entries.delete(key);
    }
  }

  private async load<Value>(
    ids: string[],
    keyOf: (id: string) => string,
    maxAgeSeconds: number,
    load: (ids: string[]) => Promise<ReadonlyMap<string, Value>>,
  ): Promise<ReadonlyMap<string, Value>> {
    const loading = load(ids);
    // Somebody waits for it, or nobody: a rejection is not lost, for this very call rejects too.
    loading.catch(() => undefined);
    for (const id of ids) this.loading.set(keyOf(id), loading);
    // What was forgotten meanwhile is not remembered after all.
    const isCurrent = (key: string) => this.loading.get(key) === loading;
    try {
      const loaded = await loading;
      const { clock, random } = this.options;
      const age = maxAgeSeconds * 1000 * (1 - JITTER + 2 * JITTER * random());
      const until = clock.now() + Math.round(age);
      for (const id of ids) {
        if (loaded.has(id) && isCurrent(keyOf(id))) this.write(keyOf(id), { value: loaded.get(id), until });
      }
      return loaded;
    } finally {
      for (const id of ids) if (isCurrent(keyOf(id))) this.loading.delete(keyOf(id));
    }
  }

  private read(key: string): Entry | null {
    const entry = this.entries.get(key);
    if (!entry) return null;
    this.entries.delete(key);
    if (entry.until <= this.options.clock.now()) return null;
    this.entries.set(key, entry);
    return entry;
  }

  private write(key: string, entry: Entry): void {
    this.entries.delete(key);
    this.entries.set(key, entry);
    if (this.entries.size > this.options.capacity) this.entries.delete(this.entries.keys().next().value!);
  }
}

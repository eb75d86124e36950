import { untilAborted } from '../abort';
import type { PlannedCall } from './planner';

interface Guest {
  owner: unknown;
  points: number;
  isIn: boolean;
  letIn: () => void;
}

/**
 * Bounds how many data points are in memory between CloudWatch and the store, over all accounts: a call is not asked before
 * there is room for its answer, so that a slow database slows the asking instead of filling the memory. Owners take turns: the
 * next is the first of the one that holds the fewest points.
 */
export class AnswerRoom {
  private readonly waiting = new Map<unknown, Guest[]>();
  private readonly heldBy = new Map<unknown, number>();
  private total = 0;

  /** @param size in points; what is larger by itself is let in alone */
  constructor(private readonly size: number) {}

  /** Points for which room is taken. */
  get held(): number {
    return this.total;
  }

  /**
   * Resolves when there is room for the answers of the calls.
   * @param owner whose turn it takes: a primitive value
   * @returns gives the room free; call it in `finally`, once the answers are stored
   * @throws the signal's reason
   */
  async enter(owner: unknown, calls: readonly PlannedCall[], signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    const points = calls.reduce((sum, call) => sum + pointsOf(call), 0);
    const leave = () => this.leave(owner, points);
    if (this.waiting.size === 0 && this.fits(points)) {
      this.admit(owner, points);
      return leave;
    }
    const guest: Guest = { owner, points, isIn: false, letIn: () => undefined };
    const isLetIn = new Promise<void>((resolve) => (guest.letIn = resolve));
    this.waiting.set(owner, [...(this.waiting.get(owner) ?? []), guest]);
    try {
      await untilAborted(isLetIn, signal);
      return leave;
    } catch (error) {
      if (guest.isIn) leave();
      else this.turnAway(guest);
      throw error;
    }
  }

  private admit(owner: unknown, points: number): void {
    this.total += points;
    this.heldBy.set(owner, this.heldOf(owner) + points);
  }

  private leave(owner: unknown, points: number): void {
    this.total -= points;
    const left = this.heldOf(owner) - points;
    if (left > 0) this.heldBy.set(owner, left);
    else this.heldBy.delete(owner);
    this.fill();
  }

  /** One that does not fit is waited for, or the small would keep the large out for ever. */
  private fill(): void {
    for (;;) {
      const next = this.next();
      if (!next || !this.fits(next.points)) return;
      this.takeFromLine(next);
      this.admit(next.owner, next.points);
      next.isIn = true;
      next.letIn();
    }
  }

  private next(): Guest | null {
    let next: Guest | null = null;
    for (const [owner, [first]] of this.waiting) {
      if (!next || this.heldOf(owner) < this.heldOf(next.owner)) next = first!;
    }
    return next;
  }

  /** Its owner goes to the end of the line, so that those that hold as much take turns. */
  private takeFromLine(guest: Guest): void {
    const left = (this.waiting.get(guest.owner) ?? []).filter((one) => one !== guest);
    this.waiting.delete(guest.owner);
    if (left.length > 0) this.waiting.set(guest.owner, left);
  }

  /** What stood behind it may fit. */
  private turnAway(guest: Guest): void {
    this.takeFromLine(guest);
    this.fill();
  }

  private fits(points: number): boolean {
    return this.total === 0 || this.total + points <= this.size;
  }

  private heldOf(owner: unknown): number {
    return this.heldBy.get(owner) ?? 0;
  }
}

/** As many as an answer can have. */
function pointsOf({ from, to, period, series }: PlannedCall): number {
  return ((to - from) / (period * 1000)) * series.length;
}

/** Of all room, the part that backfills have: the answers of one round of theirs fit in it. */
const BACKFILL_SHARE = 1 / 3;

/** Two rooms, so that backfills that wait for AWS never keep a live call waiting. @param size of both together */
export function answerRooms(size: number): { live: AnswerRoom; backfill: AnswerRoom } {
  const backfill = Math.ceil(size * BACKFILL_SHARE);
  return { live: new AnswerRoom(size - backfill), backfill: new AnswerRoom(backfill) };
}

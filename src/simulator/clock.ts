/** What the clock shows and how it is set; instants are milliseconds since the epoch. */
interface ClockState {
  now: number;
  offsetMs: number;
  fixedAt: number | null;
}

/** The simulator's clock: the real one (or an injected one), shifted by an offset or standing at a fixed instant. */
export class SimulatorClock {
  private offsetMs = 0;
  private fixedAt: number | null = null;

  constructor(private readonly source: () => number = Date.now) {}

  /** The simulated instant in milliseconds since the epoch. */
  now(): number {
    return this.fixedAt ?? this.source() + this.offsetMs;
  }

  /** Runs on from `instant` (milliseconds since the epoch) at normal speed. */
  set(instant: number): void {
    this.fixedAt = null;
    this.offsetMs = instant - this.source();
  }

  /** Stands still at `instant` (milliseconds since the epoch) until it is set, advanced or reset. */
  fix(instant: number): void {
    this.fixedAt = instant;
  }

  /** Moves by `ms` (negative moves back); a fixed clock stays fixed. */
  advance(ms: number): void {
    if (this.fixedAt === null) this.offsetMs += ms;
    else this.fixedAt += ms;
  }

  /** Back to the source's time. */
  reset(): void {
    this.fixedAt = null;
    this.offsetMs = 0;
  }

  /** The clock's reading and setting, for the control API. */
  state(): ClockState {
    return { now: this.now(), offsetMs: this.offsetMs, fixedAt: this.fixedAt };
  }
}

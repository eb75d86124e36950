import { systemClock, type Clock } from '../../src/core/clock';

/** A clock that stands still until it is moved. Sleeping takes real time: it only ever waits for other work. */
export class ManualClock implements Clock {
  constructor(private instant: number) {}

  readonly now = (): number => this.instant;

  readonly sleep = systemClock.sleep;

  advance(milliseconds: number): void {
    this.instant += milliseconds;
  }

  set(instant: number): void {
    this.instant = instant;
  }
}

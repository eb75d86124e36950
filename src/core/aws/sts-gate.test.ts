import type { Clock } from '../clock';
import { StsGate } from './sts-gate';

/** A clock on which waiting is what moves time. */
class WaitingClock implements Clock {
  private instant = 0;
  readonly now = () => this.instant;

  async sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    const until = this.instant + milliseconds;
    await new Promise(setImmediate);
    signal?.throwIfAborted();
    this.instant = Math.max(this.instant, until);
  }
}

describe('StsGate', () => {
  it('lets no more through at once than allowed', async () => {
    const gate = new StsGate({ atOnce: 3, perSecond: 1000, clock: new WaitingClock() });
    let now = 0;
    let most = 0;
    await Promise.all(
      Array.from({ length: 20 }, () =>
        gate.run(1, async () => {
          most = Math.max(most, ++now);
          await new Promise(setImmediate);
          now -= 1;
        }),
      ),
    );
    expect(most).toBe(3);
  });

  it('lets no more through in any second than a burst and the rate, and none too few', async () => {
    const clock = new WaitingClock();
    const gate = new StsGate({ atOnce: 500, perSecond: 100, clock });
    const times: number[] = [];
    await Promise.all(
      Array.from({ length: 500 }, () => gate.run(1, async () => void times.push(clock.now()))),
    );
    const inSecond = (start: number) => times.filter((at) => at >= start && at < start + 1000).length;
    expect(inSecond(0)).toBeLessThanOrEqual(200);
    for (const start of [1000, 2000, 3000]) expect(inSecond(start)).toBeLessThanOrEqual(101);
    expect(Math.max(...times)).toBeLessThanOrEqual(4_100);
  });

  it('lets tenants take turns, whoever has thousands waiting', async () => {
    const gate = new StsGate({ atOnce: 4, perSecond: 100_000, clock: new WaitingClock() });
    const order: number[] = [];
    const ask = (tenantId: number) =>
      gate.run(tenantId, async () => {
        await new Promise(setImmediate);
        order.push(tenantId);
      });
    const all = [...Array.from({ length: 2_000 }, () => ask(1)), ...Array.from({ length: 10 }, () => ask(2))];
    await Promise.all(all);
    expect(order.lastIndexOf(2)).toBeLessThan(30);
  });

  it('begins nothing for a signal that was aborted in the queue', async () => {
    const gate = new StsGate({ atOnce: 1, perSecond: 100, clock: new WaitingClock() });
    const controller = new AbortController();
    let begun = false;
    const first = gate.run(1, () => new Promise(setImmediate));
    const second = gate.run(1, async () => void (begun = true), controller.signal);
    controller.abort(new Error('stop'));
    await first;
    await expect(second).rejects.toThrow('stop');
    expect(begun).toBe(false);
  });
});

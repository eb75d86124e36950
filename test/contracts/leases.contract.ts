import type { Leases } from '../../src/core/collection/leases';

export interface LeasesFixture {
  leases: Leases;
  /** Another process on the same storage. */
  other: Leases;
  /** Makes an account, of the first tenant or of another, and answers its id. */
  account(isOfAnother?: boolean): Promise<number>;
  tenants: [number, number];
  /** Makes its status CONNECTED, and nothing else. */
  connect(id: number): Promise<void>;
  removeAccount(id: number): Promise<void>;
  close(): Promise<void>;
}

const TTL = 1_000;
const IF_DUE = { onlyIfDue: true };
const AT_ONCE = { onlyIfDue: false };

/** What every implementation of Leases keeps to. */
export function describeLeases(name: string, make: () => Promise<LeasesFixture>): void {
  describe(`Leases: ${name}`, () => {
    let fixture: LeasesFixture;
    let leases: Leases;
    let id: number;
    let tenantId: number;

    beforeEach(async () => {
      fixture = await make();
      leases = fixture.leases;
      tenantId = fixture.tenants[0];
      id = await fixture.account();
    });
    afterEach(() => fixture.close());

    test('hands out what is due, the longest due first, once in a while', async () => {
      const [later, future] = [await fixture.account(), await fixture.account()];
      await leases.schedule(later, 90);
      await leases.schedule(id, 80);
      await leases.schedule(future, 101);
      expect(await leases.plan(100, 50, 1)).toEqual([{ accountId: id, tenantId, dueAt: 80 }]);
      expect(await fixture.other.plan(100, 50, 10)).toEqual([{ accountId: later, tenantId, dueAt: 90 }]);
      expect(await leases.plan(150, 50, 10)).toEqual([{ accountId: future, tenantId, dueAt: 101 }]);
      expect(await leases.plan(151, 50, 10)).toEqual([
        { accountId: id, tenantId, dueAt: 80 },
        { accountId: later, tenantId, dueAt: 90 },
      ]);
    });

    test('hands out the longest due of each tenant first, so that none shuts another out', async () => {
      const [second, third] = [await fixture.account(), await fixture.account()];
      const foreign = await fixture.account(true);
      for (const [accountId, dueAt] of [
        [id, 10],
        [second, 20],
        [third, 30],
        [foreign, 40],
      ] as const) {
        await leases.schedule(accountId, dueAt);
      }
      const planned = await leases.plan(100, 0, 2);
      expect(planned).toEqual([
        { accountId: id, tenantId, dueAt: 10 },
        { accountId: foreign, tenantId: fixture.tenants[1], dueAt: 40 },
      ]);
    });

    test('puts back on the schedule what should be collected and is not, after a crash', async () => {
      await fixture.connect(id);
      const waiting = await fixture.account();
      expect(await leases.restore((accountId) => accountId * 10)).toBe(1);
      expect(await leases.plan(id * 10, 0, 10)).toEqual([{ accountId: id, tenantId, dueAt: id * 10 }]);
      expect(await leases.restore(() => 0)).toBe(0);
      expect(await leases.claim(waiting, 'a', 0, TTL, AT_ONCE)).toBeNull();
    });

    test('hands out at once what a process before it had handed out and nobody claimed', async () => {
      await leases.schedule(id, 0);
      const due = await leases.plan(0, 60_000, 10);
      expect(await leases.plan(1, 60_000, 10)).toEqual([]);
      await leases.restore(() => 0);
      expect(await leases.plan(1, 60_000, 10)).toEqual(due);
    });

    test('keeps on the schedule what is collected again by now', async () => {
      await fixture.connect(id);
      await leases.schedule(id, 5);
      await leases.unschedule(id);
      expect(await leases.plan(5, 0, 10)).toEqual([{ accountId: id, tenantId, dueAt: 5 }]);
    });

    test('does not hand out what somebody holds, until the lease has ended', async () => {
      await leases.schedule(id, 0);
      await leases.claim(id, 'a', 0, TTL, IF_DUE);
      expect(await leases.plan(TTL - 1, 0, 10)).toEqual([]);
      expect(await leases.plan(TTL, 0, 10)).toEqual([{ accountId: id, tenantId, dueAt: 0 }]);
    });

    test('is claimed by one, however many try at once', async () => {
      await leases.schedule(id, 0);
      const claims = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          (index % 2 ? leases : fixture.other).claim(id, `owner ${index}`, 0, TTL, IF_DUE),
        ),
      );
      const won = claims.filter((claim) => claim !== null);
      expect(won).toEqual([{ accountId: id, token: expect.any(Number), dueAt: 0 }]);
    });

    test('is not claimed before it is due, by hand it is; off the schedule by nobody', async () => {
      expect(await leases.claim(id, 'a', 0, TTL, AT_ONCE)).toBeNull();
      await leases.schedule(id, 100);
      expect(await leases.claim(id, 'a', 99, TTL, IF_DUE)).toBeNull();
      expect(await leases.claim(id, 'a', 99, TTL, AT_ONCE)).toMatchObject({ dueAt: 100 });
    });

    test('passes to another when it ended; then the first can neither renew nor release', async () => {
      await leases.schedule(id, 0);
      const first = (await leases.claim(id, 'a', 0, TTL, IF_DUE))!;
      expect(await fixture.other.claim(id, 'b', TTL - 1, TTL, IF_DUE)).toBeNull();
      const second = (await fixture.other.claim(id, 'b', TTL, TTL, IF_DUE))!;
      expect(second.token).toBeGreaterThan(first.token);
      expect(await leases.renew(first, TTL, TTL)).toBe(false);
      expect(await leases.release(first, 5_000)).toBe(false);
      expect(await fixture.other.renew(second, TTL, TTL)).toBe(true);
    });

    test('lasts longer when renewed', async () => {
      await leases.schedule(id, 0);
      const lease = (await leases.claim(id, 'a', 0, TTL, IF_DUE))!;
      expect(await leases.renew(lease, TTL - 1, TTL)).toBe(true);
      expect(await leases.claim(id, 'b', TTL, TTL, IF_DUE)).toBeNull();
      expect(await leases.claim(id, 'b', 2 * TTL - 1, TTL, IF_DUE)).not.toBeNull();
    });

    test('ends with its release, which sets the next due time or leaves it', async () => {
      await leases.schedule(id, 0);
      const first = (await leases.claim(id, 'a', 0, TTL, IF_DUE))!;
      expect(await leases.release(first, null)).toBe(true);
      expect(await leases.release(first, null)).toBe(false);
      const second = (await leases.claim(id, 'a', 1, TTL, IF_DUE))!;
      expect(second.dueAt).toBe(0);
      expect(await leases.release(second, 300)).toBe(true);
      expect(await leases.claim(id, 'a', 299, TTL, IF_DUE)).toBeNull();
      expect(await leases.claim(id, 'a', 300, TTL, IF_DUE)).toMatchObject({ dueAt: 300 });
    });

    test('is revoked by taking the account off the schedule, and its token grows ever after', async () => {
      await leases.schedule(id, 0);
      const held = (await leases.claim(id, 'a', 0, TTL, IF_DUE))!;
      await fixture.other.unschedule(id);
      expect(await leases.renew(held, 0, TTL)).toBe(false);
      expect(await leases.plan(10, 0, 10)).toEqual([]);
      await leases.schedule(id, 0);
      const next = (await leases.claim(id, 'a', 0, TTL, IF_DUE))!;
      expect(next.token).toBeGreaterThan(held.token);
      expect(await leases.renew(held, 0, TTL)).toBe(false);
    });

    test('moving the due time leaves the holder alone', async () => {
      await leases.schedule(id, 0);
      const held = (await leases.claim(id, 'a', 0, TTL, IF_DUE))!;
      await leases.schedule(id, 50);
      expect(await leases.renew(held, 0, TTL)).toBe(true);
      expect(await leases.claim(id, 'b', 60, TTL, IF_DUE)).toBeNull();
    });

    test('a removed account never comes back onto the schedule', async () => {
      await leases.schedule(id, 0);
      const held = (await leases.claim(id, 'a', 0, TTL, IF_DUE))!;
      await fixture.removeAccount(id);
      expect(await leases.release(held, 300)).toBe(false);
      await leases.schedule(id, 0);
      expect(await leases.plan(1_000, 0, 10)).toEqual([]);
      expect(await leases.claim(id, 'a', 5_000, TTL, AT_ONCE)).toBeNull();
    });
  });
}

import type { UsageDimension, UsageEntry, UsageLedger } from '../../src/core/cost/usage-ledger';

export interface UsageLedgerFixture {
  usage: UsageLedger;
  tenantId: number;
  /** The one above it, and one beside it. */
  parentId: number;
  otherTenantId: number;
  /** Two accounts of the tenant. */
  accounts: [number, number];
  close(): Promise<void>;
}

const DAY = 86_400_000;

/** What every UsageLedger keeps to. */
export function describeUsageLedger(name: string, make: () => Promise<UsageLedgerFixture>): void {
  describe(`UsageLedger: ${name}`, () => {
    let fixture: UsageLedgerFixture;
    const entry = (varied: Partial<UsageEntry> = {}): UsageEntry => ({
      ...{ accountId: fixture.accounts[0], day: 10 * DAY, plugin: 'ec2', region: 'eu-central-1' },
      ...{ api: 'cloudwatch:GetMetricData', calls: 1, throttled: 0 },
      ...{ metricsRequested: 6, metricsRequestedLowerBound: 2, cost: { lower: 0.00002, upper: 0.00006 } },
      ...varied,
    });
    const sum = (groupBy: UsageDimension[], varied: object = {}, tenantId = fixture.tenantId) =>
      fixture.usage.within({ tenantId }).sum({ from: 0, to: 20 * DAY, groupBy, limit: 100, ...varied });

    beforeEach(async () => {
      fixture = await make();
    });
    afterEach(() => fixture.close());

    test('adds up what is alike, exactly, and keeps apart what is not', async () => {
      for (let i = 0; i < 1_000; i++) await fixture.usage.add([entry()]);
      await fixture.usage.add([
        entry({ plugin: null, calls: 2, metricsRequested: 0, metricsRequestedLowerBound: 0 }),
        entry({ region: 'us-east-1', throttled: 1 }),
      ]);
      const sums = await sum(['PLUGIN', 'REGION']);
      expect(sums).toEqual([
        {
          ...{ day: null, accountId: null, plugin: 'ec2', region: 'eu-central-1', api: null },
          ...{ calls: 1_000, throttled: 0, metricsRequested: 6_000, cost: { lower: 0.02, upper: 0.06 } },
        },
        expect.objectContaining({ plugin: null, calls: 2, metricsRequested: 0 }),
        expect.objectContaining({ region: 'us-east-1', throttled: 1, calls: 1 }),
      ]);
      expect(await sum([])).toMatchObject([{ calls: 1_003, throttled: 1, metricsRequested: 6_006 }]);
      expect(await sum(['API'], { from: 11 * DAY })).toEqual([]);
      expect(await sum([], { from: 11 * DAY })).toEqual([]);
    });

    test('answers the newest days first, the dearest first, and no more than the limit', async () => {
      const [one, two] = fixture.accounts;
      await fixture.usage.add([
        entry({ day: 11 * DAY }),
        entry({ day: 12 * DAY, accountId: two }),
        entry({ day: 12 * DAY, cost: { lower: 1, upper: 1 } }),
      ]);
      const days = (await sum(['DAY', 'ACCOUNT'])).map(({ day, accountId }) => [day! / DAY, accountId]);
      expect(days).toEqual([
        [12, one],
        [12, two],
        [11, one],
      ]);
      expect(await sum(['DAY', 'ACCOUNT'], { limit: 1 })).toHaveLength(1);
      expect(await sum(['DAY'], { from: 11 * DAY, to: 12 * DAY })).toMatchObject([{ day: 11 * DAY }]);
      expect(await sum(['DAY'], { from: 11 * DAY - 1, to: 12 * DAY + 1 })).toHaveLength(2);
    });

    test('tells an account’s spending by day', async () => {
      const [one, two] = fixture.accounts;
      await fixture.usage.add([entry(), entry({ region: 'us-east-1' }), entry({ day: 12 * DAY })]);
      expect(await fixture.usage.spentByDay([one, two], 10 * DAY, 12 * DAY)).toEqual([
        { accountId: one, day: 10 * DAY, cost: { lower: 0.00004, upper: 0.00012 } },
      ]);
    });

    test('serves its tenant and those above, and leaves out an account that is gone', async () => {
      await fixture.usage.add([entry(), entry({ accountId: 987_654 })]);
      expect(await sum(['ACCOUNT'])).toMatchObject([{ accountId: fixture.accounts[0], calls: 1 }]);
      expect(await sum(['ACCOUNT'], {}, fixture.parentId)).toHaveLength(1);
      expect(await sum(['ACCOUNT'], {}, fixture.otherTenantId)).toEqual([]);
    });
  });
}

import { ManualClock } from '../../../test/support/manual-clock';
import { silentLog } from '../../../test/support/silent-log';
import type { Usage } from './usage';
import { countInto, UsageBook } from './usage-book';
import type { UsageEntry } from './usage-ledger';
import { DAY_MS } from './utc-days';

const ONE = { id: 1, partition: 'AWS' } as const;
const TWO = { id: 2, partition: 'AWS' } as const;
const usage = (varied: Partial<Usage> = {}): Usage => ({
  ...{ plugin: 'ec2', region: 'eu-central-1', api: 'cloudwatch:GetMetricData', calls: 0, throttled: 0 },
  ...{ metricsRequested: 10, metricsRequestedLowerBound: 5 },
  ...varied,
});

function setUp() {
  const clock = new ManualClock(10 * DAY_MS + 1);
  const written: UsageEntry[][] = [];
  const ledger = {
    failure: null as Error | null,
    add: async (entries: readonly UsageEntry[]) => {
      await new Promise((resolve) => setImmediate(resolve));
      if (ledger.failure) throw ledger.failure;
      written.push(structuredClone([...entries]));
    },
  };
  const book = new UsageBook({ ledger: ledger as never, clock, log: silentLog });
  return { book, clock, ledger, written };
}

describe('UsageBook', () => {
  it('writes what one account used in one write, what is alike added up', async () => {
    const { book, written } = setUp();
    for (let i = 0; i < 3; i++) book.meter(ONE).add(usage());
    book.meter(ONE).add(usage({ plugin: null }));
    book.meter(TWO).add(usage());
    await book.flush(1);
    expect(written).toEqual([
      [
        expect.objectContaining({ accountId: 1, day: 10 * DAY_MS, plugin: 'ec2', metricsRequested: 30 }),
        expect.objectContaining({ accountId: 1, plugin: null, metricsRequested: 10 }),
      ],
    ]);
    expect(written[0]![0]!.cost.upper).toBeCloseTo(0.0003, 12);
    await book.flush();
    await book.flush();
    expect(written).toHaveLength(2);
  });

  it('keeps what could not be written, and writes it once', async () => {
    const { book, ledger, written } = setUp();
    book.meter(ONE).add(usage());
    ledger.failure = new Error('disk full');
    await book.flush();
    book.meter(ONE).add(usage());
    expect(book.unwritten(1, 0).upper).toBeCloseTo(0.0002, 12);
    ledger.failure = null;
    await book.flush();
    expect(written).toEqual([[expect.objectContaining({ metricsRequested: 20 })]]);
    expect(book.unwritten(1, 0)).toEqual({ lower: 0, upper: 0 });
  });

  it('keeps for the next write what is used during one, and knows of both meanwhile', async () => {
    const { book, written } = setUp();
    book.meter(ONE).add(usage());
    const writing = book.flush();
    await Promise.resolve();
    book.meter(ONE).add(usage({ metricsRequested: 1, metricsRequestedLowerBound: 1 }));
    expect(book.unwritten(1, 0).upper).toBeCloseTo(0.00011, 12);
    await writing;
    await book.flush();
    expect(written.map(([entry]) => entry!.metricsRequested)).toEqual([10, 1]);
  });

  it('books to the UTC day of the call', async () => {
    const { book, clock, written } = setUp();
    book.meter(ONE).add(usage());
    clock.advance(DAY_MS);
    book.meter(ONE).add(usage());
    await book.flush();
    expect(written[0]!.map(({ day }) => day / DAY_MS)).toEqual([10, 11]);
    book.meter(ONE).add(usage());
    expect(book.unwritten(1, 12 * DAY_MS)).toEqual({ lower: 0, upper: 0 });
  });

  it('counts requests and throttled ones', async () => {
    const { book, written } = setUp();
    const counter = countInto(book.meter(ONE), 'rds');
    const call = { region: 'us-east-1', action: 'rds:DescribeDBInstances' };
    counter.count(call);
    counter.count(call);
    counter.throttled!(call);
    await book.flush();
    expect(written[0]).toEqual([
      expect.objectContaining({ plugin: 'rds', region: 'us-east-1', calls: 2, throttled: 1 }),
    ]);
  });
});

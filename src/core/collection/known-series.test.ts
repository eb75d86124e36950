import type { Series, SeriesSpec } from '../metrics/series';
import { KnownSeries } from './known-series';

const spec = (varied: Partial<SeriesSpec> = {}): SeriesSpec => ({
  ...{ resourceId: 7, region: 'eu-central-1', plugin: 'ec2', namespace: 'AWS/EC2', name: 'CPUUtilization' },
  ...{ statistic: 'Average', unit: 'Percent', period: 300, dimensions: { InstanceId: 'i-1' } },
  settleSeconds: 900,
  ...varied,
});

/** A catalogue that gives every series a new id, and says how often it was asked. */
function setUp(most = 1_000) {
  let asked = 0;
  let lastId = 0;
  const ensure = async (
    { accountId }: { accountId: number },
    tenantId: number,
    specs: readonly SeriesSpec[],
  ) => {
    asked++;
    return specs.map((one): Series => {
      const id = ++lastId;
      return { ...one, id, tenantId, accountId, block: id + 100, slot: id + 200 };
    });
  };
  const known = new KnownSeries({ ensure }, most);
  return {
    ask: (accountId: number, specs: SeriesSpec[], tenantId = 1) =>
      known.ensure({ accountId, token: 1 }, tenantId, specs),
    asked: () => asked,
  };
}

describe('KnownSeries', () => {
  it('answers an account whose series are the same as the catalogue did, without asking it', async () => {
    const { ask, asked } = setUp();
    const specs = () => [spec(), spec({ statistic: 'Maximum' })];
    const first = await ask(1, specs());
    expect(await ask(1, specs())).toEqual(first);
    expect(asked()).toBe(1);
    expect((await ask(2, specs())).map(({ id }) => id)).toEqual([3, 4]);
    expect(await ask(1, specs())).toEqual(first);
  });

  it.each<[string, SeriesSpec[]]>([
    ['another dimension', [spec({ dimensions: { InstanceId: 'i-2' } })]],
    ['another unit', [spec({ unit: null })]],
    ['another settle time', [spec({ settleSeconds: 60 })]],
    ['another plugin', [spec({ plugin: 'ec2-next' })]],
    ['another resource', [spec({ resourceId: 8 })]],
    ['one more', [spec(), spec({ period: 60 })]],
    ['none', []],
  ])('asks again for %s', async (_, changed) => {
    const { ask, asked } = setUp();
    await ask(1, [spec()]);
    expect(await ask(1, changed)).toHaveLength(changed.length);
    expect(asked()).toBe(2);
  });

  it('asks again for an account that has moved', async () => {
    const { ask, asked } = setUp();
    await ask(1, [spec()]);
    expect(await ask(1, [spec()], 2)).toMatchObject([{ tenantId: 2 }]);
    expect(asked()).toBe(2);
  });

  it('holds no more than it may, and forgets first what was used longest ago', async () => {
    const { ask, asked } = setUp(3);
    const accounts = [1, 2, 3];
    for (const account of accounts) await ask(account, [spec()]);
    await ask(1, [spec()]);
    expect(asked()).toBe(3);
    await ask(4, [spec()]);
    await ask(1, [spec()]);
    expect(asked()).toBe(4);
    await ask(2, [spec()]);
    expect(asked()).toBe(5);
  });

  it('keeps nothing of what the catalogue refused', async () => {
    let fails = true;
    const known = new KnownSeries(
      {
        ensure: async (_, tenantId, specs) => {
          if (fails) throw new Error('refused');
          return specs.map((one) => ({ ...one, id: 1, tenantId, accountId: 1, block: 1, slot: 1 }));
        },
      },
      10,
    );
    const ask = () => known.ensure({ accountId: 1, token: 1 }, 1, [spec()]);
    await expect(ask()).rejects.toThrow('refused');
    fails = false;
    expect(await ask()).toHaveLength(1);
  });
});

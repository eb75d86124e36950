import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { ManualClock } from '../../../../test/support/manual-clock';
import { silentLog } from '../../../../test/support/silent-log';
import { untilAborted } from '../../abort';
import type { Account } from '../../accounts/account';
import type { CredentialBroker } from '../../credentials/credential-broker';
import { ListedActivity } from './listed-activity';
import type { WantedSeries } from './metric-activity';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NOW = Date.UTC(2026, 10, 24, 12);
const account = { id: 7 } as Account;

const series = (name: string, varied: Partial<WantedSeries> = {}): WantedSeries => ({
  region: 'eu-central-1',
  namespace: 'AWS/EC2',
  name,
  dimensions: { InstanceId: 'i-1', AutoScalingGroupName: 'web' },
  period: 300,
  settleSeconds: 60,
  ...varied,
});
const TEN = Array.from({ length: 10 }, (_, index) => series(`Metric${index}`));

interface Asked {
  region: string;
  Namespace?: string;
  RecentlyActive?: string;
  NextToken?: string;
}

/** CloudWatch as it lists: `pages` of metric names. */
function setUp(options: { intervalMs?: number; timeLimitMs?: number } = {}) {
  const clock = new ManualClock(NOW);
  const cloud = {
    pages: [[]] as string[][],
    asked: [] as Asked[],
    failure: null as Error | null,
    hangs: false,
  };
  const client = (region: string) => {
    const made = new CloudWatchClient({ region });
    made.send = (async ({ input }: { input: Omit<Asked, 'region'> }) => {
      cloud.asked.push({ ...input, region });
      if (cloud.hangs) await new Promise(() => undefined);
      const page = Number(input.NextToken ?? 0);
      if (cloud.failure && page === cloud.pages.length - 1) throw cloud.failure;
      const Metrics = cloud.pages[page]!.map((MetricName) => ({
        MetricName,
        // In another order than the series have them.
        Dimensions: [
          { Name: 'AutoScalingGroupName', Value: 'web' },
          { Name: 'InstanceId', Value: 'i-1' },
        ],
      }));
      return { Metrics, ...(page + 1 < cloud.pages.length && { NextToken: String(page + 1) }) };
    }) as never;
    return made;
  };
  const drop = new AbortController();
  const broker = {
    dropped: () => drop.signal,
    use: (_: Account, __: string, signal: AbortSignal, work: (session: object) => Promise<unknown>) =>
      untilAborted(work({ client: (_: unknown, { region }: { region: string }) => client(region) }), signal),
  } as unknown as CredentialBroker;
  const activity = new ListedActivity({
    ...{ broker, clock, log: silentLog, concurrency: 2, intervalMs: 5 * MINUTE, timeLimitMs: 60_000 },
    ...options,
  });
  const refresh = (wanted: WantedSeries[] = TEN, signal = new AbortController().signal) =>
    activity.refresh(account, wanted, { count: () => undefined }, signal);
  /** Cycles of five minutes. */
  const pass = async (milliseconds: number, wanted?: WantedSeries[]) => {
    for (let passed = 0; passed < milliseconds; passed += 5 * MINUTE) {
      clock.advance(5 * MINUTE);
      await refresh(wanted);
    }
  };
  const preview = (wanted: WantedSeries[] = TEN) =>
    activity.preview(account, wanted, { count: () => undefined }, new AbortController().signal);
  const present = () => activity.present(account.id);
  const active = (wanted: WantedSeries[] = TEN) =>
    wanted.filter((one) => activity.isActive(account.id, one)).map(({ name }) => name);
  return { active, drop, clock, cloud, pass, present, preview, refresh };
}

const names = (wanted: WantedSeries[]) => wanted.map(({ name }) => name);

describe('ListedActivity', () => {
  it('asks for everything that it knows nothing of', () => {
    expect(setUp().active()).toEqual(names(TEN));
  });

  it('leaves out what two listings in a row were without', async () => {
    const { active, cloud, pass, refresh } = setUp();
    cloud.pages = [['Metric3', 'Other'], ['Metric5']];
    await refresh();
    expect(active()).toEqual(names(TEN));
    await pass(90 * MINUTE);
    expect(active()).toEqual(['Metric3', 'Metric5']);
  });

  it('asks once a namespace and hour, all pages, for what was active in three hours', async () => {
    const { cloud, pass, refresh } = setUp();
    cloud.pages = [['Metric3'], ['Metric5']];
    await refresh();
    const first = { region: 'eu-central-1', Namespace: 'AWS/EC2', RecentlyActive: 'PT3H' };
    expect(cloud.asked).toMatchObject([first, { ...first, NextToken: '1' }]);
    await pass(2 * HOUR);
    cloud.asked = [];
    await pass(24 * HOUR);
    expect(cloud.asked).toHaveLength(48);
  });

  it('asks for what is wanted in each namespace and Region', async () => {
    const { cloud, refresh } = setUp();
    await refresh([
      ...TEN,
      series('Latency', { namespace: 'AWS/ELB' }),
      series('CPUUtilization', { region: 'us-east-1' }),
    ]);
    expect(cloud.asked.map(({ region, Namespace }) => `${region} ${Namespace}`).sort()).toEqual([
      'eu-central-1 AWS/EC2',
      'eu-central-1 AWS/ELB',
      'us-east-1 AWS/EC2',
    ]);
  });

  it('picks up what comes back at the next listing', async () => {
    const { active, cloud, pass, refresh } = setUp();
    await refresh();
    await pass(90 * MINUTE);
    expect(active()).toEqual([]);
    cloud.pages = [['Metric3']];
    await pass(HOUR);
    expect(active()).toEqual(['Metric3']);
  });

  it('asks for what was not wanted at the last listing: a new resource, one that runs again', async () => {
    const { active, pass, refresh } = setUp();
    await refresh();
    await pass(90 * MINUTE);
    const fresh = series('Fresh');
    expect(active([...TEN, fresh])).toEqual(['Fresh']);
    await pass(HOUR, TEN.slice(1));
    expect(active()).toEqual(['Metric0']);
  });

  it.each([
    ['hourly ones', { period: 3_600 }],
    ['daily ones', { period: 86_400 }],
    ['those that come hours late', { settleSeconds: 225 * 60 }],
  ])('never judges %s', async (_, varied) => {
    const { active, cloud, pass, refresh } = setUp();
    const slow = series('Slow', varied);
    await refresh([slow]);
    expect(cloud.asked).toEqual([]);
    await pass(3 * HOUR, [...TEN, slow]);
    expect(active([...TEN, slow])).toEqual(['Slow']);
  });

  it('asks for everything when a listing fails, on whatever page, and tries again later and later', async () => {
    const { active, cloud, clock, pass, refresh } = setUp();
    await refresh();
    await pass(90 * MINUTE);
    expect(active()).toEqual([]);
    cloud.pages = [[], []];
    cloud.failure = Object.assign(new Error('no'), { name: 'AccessDenied', $fault: 'client', $metadata: {} });
    await pass(HOUR);
    expect(active()).toEqual(names(TEN));
    cloud.asked = [];
    await pass(24 * HOUR);
    expect(cloud.asked.length / 2).toBeLessThan(10);
    expect(cloud.asked.length / 2).toBeGreaterThan(3);
    cloud.failure = null;
    clock.advance(6 * HOUR);
    await refresh();
    expect(active()).toEqual(names(TEN));
    await pass(90 * MINUTE);
    expect(active()).toEqual([]);
  });

  it('forgets what it learned three hours ago, and an account with its credentials', async () => {
    const { active, clock, drop, pass, refresh } = setUp();
    await refresh();
    await pass(90 * MINUTE);
    expect(active()).toEqual([]);
    clock.advance(4 * HOUR);
    expect(active()).toEqual(names(TEN));
    await refresh();
    await pass(90 * MINUTE);
    expect(active()).toEqual([]);
    drop.abort();
    expect(active()).toEqual(names(TEN));
  });

  it('learns nothing from a run that is cut short', async () => {
    const { active, clock, cloud, pass, refresh } = setUp();
    await refresh();
    await pass(90 * MINUTE);
    clock.advance(HOUR);
    cloud.hangs = true;
    cloud.asked = [];
    const stop = new AbortController();
    const cut = refresh(TEN, stop.signal);
    stop.abort(new Error('enough'));
    await cut;
    expect(cloud.asked).toHaveLength(1);
    expect(active()).toEqual([]);
  });

  it('does not wait for CloudWatch longer than its time, and asks for everything then', async () => {
    const { active, cloud, refresh } = setUp({ timeLimitMs: 20 });
    cloud.hangs = true;
    await refresh();
    expect(active()).toEqual(names(TEN));
  });

  it('foresees what it would leave out and what the listings cost, and learns nothing', async () => {
    const { active, cloud, pass, present, preview, refresh } = setUp();
    cloud.pages = [['Metric3'], ['Metric5']];
    const daily = series('Daily', { period: 86_400 });
    const foreseen = await preview([...TEN, daily]);
    expect(names([...TEN, daily].filter(foreseen.isActive))).toEqual(['Metric3', 'Metric5', 'Daily']);
    expect(foreseen.pagesAnHour).toBe(2);
    expect(active()).toEqual(names(TEN));
    expect(present().pagesAnHour).toBe(0);
    await refresh();
    await pass(90 * MINUTE);
    expect(present().pagesAnHour).toBe(foreseen.pagesAnHour);
    expect(names(TEN.filter(present().isActive))).toEqual(['Metric3', 'Metric5']);
    cloud.failure = new Error('no');
    await expect(preview()).rejects.toThrow('no');
  });

  it('foresees that a listing is not worth its price', async () => {
    const { cloud, preview } = setUp();
    cloud.pages = Array.from({ length: 13 }, () => ['Other']);
    const { isActive, pagesAnHour } = await preview([series('Metric0')]);
    expect(isActive(series('Metric0'))).toBe(true);
    expect(pagesAnHour).toBeCloseTo(13 / 6, 9);
  });

  describe('where a listing costs more than it saves', () => {
    const active = [...TEN.map(({ name }) => name).slice(1)];
    /** Thirteen pages of other metrics: dearer than the twelve asks an hour for one series. */
    const dear = [...Array.from({ length: 12 }, () => ['Other']), active];

    it('leaves nothing out and lists every six hours', async () => {
      const { active: answered, cloud, pass, refresh } = setUp();
      cloud.pages = dear;
      await refresh();
      await pass(8 * HOUR);
      cloud.asked = [];
      await pass(24 * HOUR);
      expect(answered()).toEqual(names(TEN));
      expect(cloud.asked.length / 13).toBe(4);
    });

    it('counts each statistic, and the interval', async () => {
      const twice = [...TEN, series('Metric0')];
      const ofTwice = setUp();
      ofTwice.cloud.pages = dear;
      await ofTwice.refresh(twice);
      await ofTwice.pass(90 * MINUTE, twice);
      expect(ofTwice.active()).toEqual(active);
      const often = setUp({ intervalMs: MINUTE });
      often.cloud.pages = dear;
      await often.refresh();
      await often.pass(90 * MINUTE);
      expect(often.active()).toEqual(active);
    });

    it.each([
      [9, 24],
      [8, 4],
    ])('where nothing is silent, %i series are listed %i times a day', async (count, times) => {
      const { cloud, pass, refresh } = setUp();
      const few = TEN.slice(0, count);
      cloud.pages = [names(few)];
      await refresh(few);
      await pass(8 * HOUR, few);
      cloud.asked = [];
      await pass(24 * HOUR, few);
      expect(cloud.asked).toHaveLength(times);
    });
  });
});

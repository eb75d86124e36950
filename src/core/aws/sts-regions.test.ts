import { ManualClock } from '../../../test/support/manual-clock';
import { StsRegions } from './sts-regions';

const MINUTE = 60_000;
const named = (name: string, status = 400) =>
  Object.assign(new Error(name), { name, $fault: 'client', $metadata: { httpStatusCode: status } });
const outage = named('InternalFailure', 503);
const denied = named('AccessDenied', 403);
const disabled = named('RegionDisabledException', 403);
const atOnce = <T>(work: () => Promise<T>) => work();

function setUp(preferred: string | null = null) {
  const clock = new ManualClock(Date.UTC(2026, 0, 1));
  const regions = new StsRegions({ preferred, clock });
  /** Where STS was asked, when these Regions answer so. */
  const ask = async (
    answers: Record<string, unknown>,
    { partition = 'AWS' as const, subject = 'account' } = {},
  ) => {
    const asked: string[] = [];
    const result = await regions
      .tryEach(partition, subject, atOnce, async (region) => {
        asked.push(region);
        if (answers[region]) throw answers[region];
        return 'session';
      })
      .catch((error: unknown) => error);
    return { asked, result };
  };
  return { clock, regions, ask };
}

describe('StsRegions', () => {
  it('asks one Region while all is well', async () => {
    const { ask } = setUp();
    expect(await ask({})).toEqual({ asked: ['us-east-1'], result: 'session' });
  });

  it.each([
    ['a server error', outage],
    ['a time-out', named('TimeoutError')],
    ['a refused connection', Object.assign(new Error('no'), { code: 'ECONNREFUSED' })],
    ['STS that is off', disabled],
  ])('asks the next after %s', async (_what, trouble) => {
    const { ask } = setUp();
    expect(await ask({ 'us-east-1': trouble })).toEqual({
      asked: ['us-east-1', 'eu-west-1'],
      result: 'session',
    });
    expect((await ask({})).asked).toEqual(['eu-west-1']);
  });

  it.each([
    ['a refusal', denied],
    ['a throttle', named('Throttling')],
    ['a bad request', named('ValidationError')],
  ])('does not go elsewhere with %s', async (_what, answer) => {
    const { ask } = setUp();
    expect(await ask({ 'us-east-1': answer })).toEqual({ asked: ['us-east-1'], result: answer });
  });

  it('tries a Region that failed last, for five minutes', async () => {
    const { ask, clock } = setUp();
    await ask({ 'us-east-1': outage });
    clock.advance(4 * MINUTE);
    expect(await ask({ 'eu-west-1': outage, 'us-west-2': outage })).toEqual({
      asked: ['eu-west-1', 'us-west-2', 'us-east-1'],
      result: 'session',
    });
    clock.advance(6 * MINUTE);
    expect((await ask({})).asked).toEqual(['us-east-1']);
  });

  it('waits for one Region alone while all have just failed, and tells of the outage', async () => {
    const { ask, clock } = setUp();
    const down = { 'us-east-1': outage, 'eu-west-1': outage, 'us-west-2': outage };
    expect(await ask(down)).toEqual({ asked: Object.keys(down), result: outage });
    clock.advance(1000);
    expect(await ask(down)).toEqual({ asked: ['us-east-1'], result: outage });
    clock.advance(1000);
    expect(await ask(down)).toEqual({ asked: ['eu-west-1'], result: outage });
  });

  it('remembers a switch that is off for the one account', async () => {
    const { ask } = setUp();
    await ask({ 'us-east-1': disabled }, { subject: 'one' });
    expect((await ask({}, { subject: 'one' })).asked).toEqual(['eu-west-1']);
    expect((await ask({}, { subject: 'other' })).asked).toEqual(['us-east-1']);
    const off = { 'us-east-1': disabled, 'eu-west-1': disabled, 'us-west-2': disabled };
    expect((await ask(off, { subject: 'third' })).result).toBe(disabled);
    expect((await ask({ ...off, 'us-west-2': outage }, { subject: 'fourth' })).result).toBe(outage);
  });

  it('starts where it is told, in that partition alone, and not where STS must be enabled first', async () => {
    const german = setUp('eu-central-1');
    expect((await german.ask({ 'eu-central-1': outage })).asked).toEqual(['eu-central-1', 'us-east-1']);
    expect((await german.ask({}, { partition: 'AWS_CN' as never })).asked).toEqual(['cn-north-1']);
    expect((await setUp('eu-south-2').ask({})).asked).toEqual(['us-east-1']);
    const gov = { 'us-gov-west-1': outage };
    expect((await setUp().ask(gov, { partition: 'AWS_US_GOV' as never })).asked).toEqual([
      'us-gov-west-1',
      'us-gov-east-1',
    ]);
  });

  it('learns from others while it waits for its turn', async () => {
    const { regions, ask } = setUp();
    const asked: string[] = [];
    let turn = (): void => undefined;
    const waiting = regions.tryEach(
      'AWS',
      'account',
      async (work) => {
        await new Promise<void>((resolve) => (turn = resolve));
        return work();
      },
      async (region) => void asked.push(region),
    );
    await ask({ 'us-east-1': outage });
    turn();
    await waiting;
    expect(asked).toEqual(['eu-west-1']);
  });
});

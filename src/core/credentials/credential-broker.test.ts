import { accountFixture } from '../../../test/support/account-fixture';
import { ManualClock } from '../../../test/support/manual-clock';
import { silentLog } from '../../../test/support/silent-log';
import type { AssumeRoleRequest, Sts } from '../aws/sts';
import { CredentialBroker, sessionName, type Session } from './credential-broker';

const HOUR = 3_600_000;
const MINUTE = 60_000;
const account = accountFixture();
const never = new AbortController().signal;
const denied = Object.assign(new Error('denied'), { name: 'AccessDenied' });

/** An STS that counts what it is asked and can be down. */
class FakeSts {
  readonly requests: AssumeRoleRequest[] = [];
  down = false;

  constructor(private readonly clock: ManualClock) {}

  async assumeRole(request: AssumeRoleRequest) {
    this.requests.push(request);
    await new Promise(setImmediate);
    if (this.down)
      throw Object.assign(new Error('down'), { name: 'InternalFailure', $metadata: { httpStatusCode: 503 } });
    const credentials = {
      accessKeyId: `ASIA${this.requests.length}`,
      secretAccessKey: 's',
      sessionToken: 't',
    };
    return { credentials, expiresAt: this.clock.now() + HOUR };
  }
}

let stillCollected = true;
beforeEach(() => (stillCollected = true));

function setUp() {
  const clock = new ManualClock(Date.UTC(2026, 0, 1));
  const sts = new FakeSts(clock);
  const broker = new CredentialBroker({
    sts: sts as unknown as Sts,
    accessKey: async () => ({ accessKeyId: 'AKIA', secretAccessKey: 'secret' }),
    account: async (id) => (stillCollected ? accountFixture({ id }) : null),
    actionsOfPlugin: () => ['ec2:DescribeInstances'],
    clock,
    random: () => 0.5,
    log: silentLog,
  });
  const key = (session: Session) => Promise.resolve(session.credentials.accessKeyId);
  return { clock, sts, broker, key };
}

/** Lets a refresh in the background end. */
const background = () => new Promise((resolve) => setTimeout(resolve, 5));

describe('CredentialBroker', () => {
  it('assumes once for any number of concurrent asks, with a policy of exactly the declared actions', async () => {
    const { broker, sts, key } = setUp();
    const keys = await Promise.all(
      Array.from({ length: 50 }, () => broker.use(account, 'discover:ec2', never, key)),
    );
    expect(new Set(keys)).toEqual(new Set(['ASIA1']));
    expect(sts.requests).toHaveLength(1);
    expect(sts.requests[0]).toMatchObject({
      externalId: account.externalIds[0]!.value,
      sessionName: 'rolecall-discover-ec2-account-7',
    });
    expect(JSON.parse(sts.requests[0]!.policy).Statement).toEqual([
      { Effect: 'Allow', Action: ['ec2:DescribeInstances'], Resource: '*' },
    ]);
  });

  it('keeps purposes and accounts apart', async () => {
    const { broker, sts, key } = setUp();
    await broker.use(account, 'collect', never, key);
    await broker.use(account, 'discover:ec2', never, key);
    await broker.use(accountFixture({ id: 8 }), 'collect', never, key);
    expect(sts.requests).toHaveLength(3);
  });

  it('renews in the background ahead of the end', async () => {
    const { broker, sts, key, clock } = setUp();
    await broker.use(account, 'collect', never, key);
    clock.advance(40 * MINUTE);
    expect(await broker.use(account, 'collect', never, key)).toBe('ASIA1');
    await background();
    expect(await broker.use(account, 'collect', never, key)).toBe('ASIA2');
    expect(sts.requests).toHaveLength(2);
  });

  it('serves the old session to its end while STS is down, then says so', async () => {
    const { broker, sts, key, clock } = setUp();
    await broker.use(account, 'collect', never, key);
    sts.down = true;
    clock.advance(59.5 * MINUTE);
    expect(await broker.use(account, 'collect', never, key)).toBe('ASIA1');
    await background();
    clock.advance(MINUTE);
    await expect(broker.use(account, 'collect', never, key)).rejects.toThrow('down');
  });

  it('answers a revocation by one new session, and a denial that stays by the failure itself', async () => {
    const { broker, sts } = setUp();
    const used: string[] = [];
    const refuse = async ({ credentials }: Session) => {
      used.push(credentials.accessKeyId);
      throw denied;
    };
    await expect(broker.use(account, 'collect', never, refuse)).rejects.toBe(denied);
    expect(used).toEqual(['ASIA1', 'ASIA2']);
    await expect(broker.use(account, 'collect', never, refuse)).rejects.toBe(denied);
    expect(used).toEqual(['ASIA1', 'ASIA2', 'ASIA2']);
    expect(sts.requests).toHaveLength(2);
  });

  it('recovers from a revocation within the same ask', async () => {
    const { broker } = setUp();
    const work = async ({ credentials }: Session) => {
      if (credentials.accessKeyId === 'ASIA1') throw denied;
      return credentials.accessKeyId;
    };
    expect(await broker.use(account, 'collect', never, work)).toBe('ASIA2');
  });

  it('drops at once: work is aborted, and a flight that lands later is not kept', async () => {
    const { broker, sts, key } = setUp();
    await broker.use(account, 'collect', never, key);
    const dropped = broker.dropped(account.id);
    const flight = broker.use(account, 'discover:ec2', never, key);
    await Promise.resolve();
    broker.drop(account.id);
    expect(dropped.aborted).toBe(true);
    expect(broker.dropped(account.id).aborted).toBe(false);
    await expect(flight).rejects.toThrow('dropped');
    expect(broker.holds(account, 'collect')).toBe(false);
    await broker.use(account, 'collect', never, key);
    expect(sts.requests).toHaveLength(3);
  });

  it('keeps sessions of the role before a reconnection apart from the new one’s', async () => {
    const { broker, key } = setUp();
    const before = accountFixture({ roleArn: 'arn:aws:iam::123456789012:role/before' });
    await broker.use(before, 'collect', never, key);
    expect(broker.holds(account, 'collect')).toBe(false);
  });

  it('renews without being asked, and forgets what is not collected any more', async () => {
    const { broker, sts, key, clock } = setUp();
    await broker.use(account, 'collect', never, key);
    await broker.renew();
    expect(sts.requests).toHaveLength(1);
    clock.advance(40 * MINUTE);
    await Promise.all([broker.renew(), broker.renew()]);
    expect(sts.requests).toHaveLength(2);
    stillCollected = false;
    clock.advance(40 * MINUTE);
    await broker.renew();
    expect(broker.holds(account, 'collect')).toBe(false);
    expect(sts.requests).toHaveLength(2);
  });

  it('does not wait for an STS that hangs when it is told to stop', async () => {
    const { broker, sts, key } = setUp();
    sts.assumeRole = () => new Promise(() => undefined);
    const controller = new AbortController();
    const waiting = broker.use(account, 'collect', controller.signal, key);
    controller.abort(new Error('stop'));
    await expect(waiting).rejects.toThrow('stop');
  });

  it('uses an access key behind the same list of actions, without STS', async () => {
    const { broker, sts } = setUp();
    const keyAccount = accountFixture({ connection: 'ACCESS_KEY', roleArn: null });
    const actions = await broker.use(keyAccount, 'discover:ec2', never, async ({ allowedActions }) => [
      ...allowedActions,
    ]);
    expect(actions).toEqual(['ec2:DescribeInstances']);
    expect(sts.requests).toHaveLength(0);
  });
});

describe('sessionName', () => {
  it('keeps within what STS allows', () => {
    expect(sessionName(`discover:${'x'.repeat(80)}`, 123456)).toMatch(/^[\w+=,.@-]{2,64}$/);
  });
});

import { accountFixture } from '../../../test/support/account-fixture';
import { ManualClock } from '../../../test/support/manual-clock';
import { MemoryAudit } from '../../../test/support/memory-audit';
import { silentLog } from '../../../test/support/silent-log';
import { manyListened } from '../abort';
import type { Account } from '../accounts/account';
import type { AwsClients, ScopedCredentials } from '../aws/aws-clients';
import type { AssumeRoleRequest } from '../aws/sts';
import { CredentialBroker } from './credential-broker';
import type { Session } from './session';
import { SessionAudit } from './session-audit';
import { sessionName } from './session-name';

const HOUR = 3_600_000;
const MINUTE = 60_000;
const account = accountFixture();
const never = manyListened().signal;
const named = (name: string, status = 400) =>
  Object.assign(new Error(name), { name, $metadata: { httpStatusCode: status } });
const denied = named('AccessDenied', 403);

/** An STS that counts what it is asked, and answers what it is told to. */
class FakeSts {
  readonly requests: AssumeRoleRequest[] = [];
  down = false;
  /** What it refuses a request with; null: it grants it. */
  refuses: (request: AssumeRoleRequest) => Error | null = () => null;
  packedPolicySize = 10;

  constructor(private readonly clock: ManualClock) {}

  async assumeRole(request: AssumeRoleRequest, signal?: AbortSignal) {
    signal?.throwIfAborted();
    this.requests.push(request);
    await new Promise(setImmediate);
    if (this.down) throw named('InternalFailure', 503);
    const refusal = this.refuses(request);
    if (refusal) throw refusal;
    const credentials = {
      accessKeyId: `ASIA${this.requests.length}`,
      secretAccessKey: 's',
      sessionToken: 't',
    };
    return { credentials, expiresAt: this.clock.now() + HOUR, packedPolicySize: this.packedPolicySize };
  }

  getFederationToken(): Promise<never> {
    return Promise.reject(denied);
  }
}

/** Clients that are only the credentials which they would sign with. */
const clients: Pick<AwsClients, 'createSplit'> = {
  createSplit: (_constructor, parts) => parts as never,
};
const partsOf = (session: Session) =>
  session.client(Object as never, { region: 'eu-west-1' }) as readonly ScopedCredentials[];
const key = (session: Session) => Promise.resolve(partsOf(session)[0]!.credentials.accessKeyId);

function setUp({ actions = ['ec2:DescribeInstances'], capacity = 1000 } = {}) {
  const clock = new ManualClock(Date.UTC(2026, 0, 1));
  const sts = new FakeSts(clock);
  const audit = new MemoryAudit();
  const stored = { account: (id: number): Account | null => accountFixture({ id }) };
  const told: object[] = [];
  const warnings: object[] = [];
  const log = {
    ...silentLog,
    info: (fields: object) => void told.push(fields),
    warn: (fields: object) => void warnings.push(fields),
  } as unknown as typeof silentLog;
  const broker = new CredentialBroker({
    sts,
    clients,
    accessKey: async () => ({ accessKeyId: 'AKIA', secretAccessKey: 'secret' }),
    account: async (id) => stored.account(id),
    actionsOfPlugin: () => actions,
    capacity,
    sessionAudit: new SessionAudit({ audit, rootTenant: async () => null, log }),
    clock,
    random: () => 0.5,
    log,
  });
  return { audit, broker, clock, stored, sts, told, warnings };
}

/** Lets a refresh in the background end. */
const background = () => new Promise((resolve) => setTimeout(resolve, 5));

describe('CredentialBroker', () => {
  it('assumes once for any number of concurrent asks, with a policy of exactly the declared actions', async () => {
    const { broker, sts } = setUp();
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
    const { broker, sts } = setUp();
    await broker.use(account, 'collect', never, key);
    await broker.use(account, 'discover:ec2', never, key);
    await broker.use(accountFixture({ id: 8 }), 'collect', never, key);
    expect(sts.requests).toHaveLength(3);
  });

  it('keeps sessions of the role before a reconnection apart from the new one’s', async () => {
    const { broker } = setUp();
    const before = accountFixture({ roleArn: 'arn:aws:iam::123456789012:role/before' });
    await broker.use(before, 'collect', never, key);
    expect(broker.holds(account, 'collect')).toBe(false);
  });

  it('forgets a role that was only tried, and leaves work with the connected one alone', async () => {
    const { broker } = setUp();
    const tried = accountFixture({ roleArn: 'arn:aws:iam::123456789012:role/tried' });
    await broker.use(tried, 'discover:ec2', never, key);
    await broker.use(account, 'collect', never, async ({ signal }) => {
      broker.forget(tried);
      expect(signal.aborted).toBe(false);
    });
    expect(broker.holds(tried, 'discover:ec2')).toBe(false);
    expect(broker.holds(account, 'collect')).toBe(true);
  });

  it('forgets the session that was not asked for the longest, beyond its capacity', async () => {
    const { broker } = setUp({ capacity: 2 });
    const [one, two, three] = [1, 2, 3].map((id) => accountFixture({ id }));
    await broker.use(one!, 'collect', never, key);
    await broker.use(two!, 'collect', never, key);
    await broker.use(one!, 'collect', never, key);
    await broker.use(three!, 'collect', never, key);
    expect([one!, two!, three!].map((each) => broker.holds(each, 'collect'))).toEqual([true, false, true]);
  });

  it('does not wait for an STS that hangs when it is told to stop, and asks nothing for who has been', async () => {
    const { broker, sts } = setUp();
    sts.assumeRole = () => new Promise(() => undefined);
    const controller = new AbortController();
    const waiting = broker.use(account, 'collect', controller.signal, key);
    controller.abort(new Error('stop'));
    await expect(waiting).rejects.toThrow('stop');
    const second = setUp();
    await expect(second.broker.use(account, 'collect', controller.signal, key)).rejects.toThrow('stop');
    expect(second.sts.requests).toEqual([]);
  });

  it('takes the session back once the work has ended', async () => {
    const { broker } = setUp();
    const session = await broker.use(account, 'collect', never, async (lent) => {
      expect(lent.signal.aborted).toBe(false);
      return lent;
    });
    expect(session.signal.aborted).toBe(true);
  });
});

describe('renewal', () => {
  it('happens in the background ahead of the end', async () => {
    const { broker, sts, clock } = setUp();
    await broker.use(account, 'collect', never, key);
    clock.advance(40 * MINUTE);
    expect(await broker.use(account, 'collect', never, key)).toBe('ASIA1');
    await background();
    expect(await broker.use(account, 'collect', never, key)).toBe('ASIA2');
    expect(sts.requests).toHaveLength(2);
  });

  it('is not needed for the old session to serve to its end while STS is down', async () => {
    const { broker, sts, clock } = setUp();
    await broker.use(account, 'collect', never, key);
    sts.down = true;
    clock.advance(59.5 * MINUTE);
    expect(await broker.use(account, 'collect', never, key)).toBe('ASIA1');
    await background();
    clock.advance(MINUTE);
    await expect(broker.use(account, 'collect', never, key)).rejects.toThrow('InternalFailure');
  });

  it('is tried about once a minute while STS is down', async () => {
    const { broker, sts, clock } = setUp();
    await broker.use(account, 'collect', never, key);
    sts.down = true;
    clock.advance(40 * MINUTE);
    for (let second = 0; second < 300; second += 5) {
      await broker.renew();
      clock.advance(5_000);
    }
    expect(sts.requests.length - 1).toBe(5);
  });

  it('comes without being asked for, and not for what is not collected any more', async () => {
    const { broker, sts, clock, stored } = setUp();
    await broker.use(account, 'collect', never, key);
    await broker.renew();
    expect(sts.requests).toHaveLength(1);
    clock.advance(40 * MINUTE);
    await Promise.all([broker.renew(), broker.renew()]);
    expect(sts.requests).toHaveLength(2);
    stored.account = (id) => accountFixture({ id, status: 'PAUSED' });
    clock.advance(40 * MINUTE);
    await broker.renew();
    expect(broker.holds(account, 'collect')).toBe(false);
    expect(sts.requests).toHaveLength(2);
  });
});

describe('a denial', () => {
  it('of everything is answered by one new session, and one that stays by the failure itself', async () => {
    const { broker, sts } = setUp();
    const used: string[] = [];
    const refuse = async (session: Session) => {
      used.push(await key(session));
      throw denied;
    };
    await expect(broker.use(account, 'collect', never, refuse)).rejects.toBe(denied);
    expect(used).toEqual(['ASIA1', 'ASIA2']);
    await expect(broker.use(account, 'collect', never, refuse)).rejects.toBe(denied);
    expect(used).toEqual(['ASIA1', 'ASIA2', 'ASIA2']);
    expect(sts.requests).toHaveLength(2);
  });

  it('is recovered from within the same ask, however many calls it met', async () => {
    const { audit, broker, sts } = setUp();
    await broker.use(account, 'collect', never, key);
    let attempts = 0;
    const work = async (session: Session) => {
      attempts += 1;
      await new Promise(setImmediate);
      if ((await key(session)) === 'ASIA1') throw denied;
      return key(session);
    };
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => broker.use(account, 'collect', never, work)),
    );
    expect(new Set(answers)).toEqual(new Set(['ASIA2']));
    expect(attempts).toBe(200);
    expect(sts.requests).toHaveLength(2);
    expect(audit.steps()).toEqual(['session.assumed first', 'session.assumed revoked']);
  });

  it('that is told late uses the session which has come since', async () => {
    const { broker, sts } = setUp();
    let tell = (): void => undefined;
    const late = broker.use(account, 'collect', never, async (session) => {
      if ((await key(session)) !== 'ASIA1') return key(session);
      await new Promise<void>((resolve) => (tell = resolve));
      throw denied;
    });
    await background();
    await broker.use(account, 'collect', never, async (session) => {
      if ((await key(session)) === 'ASIA1') throw denied;
    });
    tell();
    expect(await late).toBe('ASIA2');
    expect(sts.requests).toHaveLength(2);
  });

  it('of a call that was not declared asks nothing of STS', async () => {
    const { broker, sts } = setUp();
    const undeclared = async () => {
      throw Object.assign(new Error('no'), { name: 'ActionNotAllowed', Code: 'ActionNotAllowed' });
    };
    await expect(broker.use(account, 'collect', never, undeclared)).rejects.toThrow('no');
    expect(sts.requests).toHaveLength(1);
  });
});

describe('a role that refuses', () => {
  it('is left alone for a while, until its credentials are dropped', async () => {
    const { broker, sts, clock } = setUp();
    sts.refuses = () => denied;
    await expect(broker.use(account, 'collect', never, key)).rejects.toBe(denied);
    await expect(broker.use(account, 'discover:ec2', never, key)).rejects.toBe(denied);
    expect(sts.requests).toHaveLength(1);
    clock.advance(MINUTE);
    await expect(broker.use(account, 'collect', never, key)).rejects.toBe(denied);
    expect(sts.requests).toHaveLength(2);
    sts.refuses = () => null;
    await expect(broker.use(account, 'collect', never, key)).rejects.toBe(denied);
    broker.drop(account.id);
    expect(await broker.use(account, 'collect', never, key)).toBe('ASIA3');
  });

  it('is asked again at once where it was STS that failed', async () => {
    const { broker, sts } = setUp();
    sts.down = true;
    await expect(broker.use(account, 'collect', never, key)).rejects.toThrow();
    sts.down = false;
    expect(await broker.use(account, 'collect', never, key)).toBe('ASIA2');
  });
});

describe('external IDs', () => {
  const [active] = account.externalIds;
  const retired = {
    ...{ ...active!, value: 'before', state: 'RETIRED' as const, refusedAt: null },
    retiredAt: active!.activatedAt,
  };
  const pending = { ...active!, value: 'next', state: 'PENDING' as const, activatedAt: null };
  const rotated = accountFixture({ externalIds: [active!, pending, retired] });
  const asked = (sts: FakeSts) => sts.requests.map(({ externalId }) => externalId);

  it('that are RETIRED serve once where the role does not take the ACTIVE one; those PENDING never', async () => {
    const { audit, broker, sts, stored } = setUp();
    stored.account = () => rotated;
    sts.refuses = ({ externalId }) => (externalId === 'before' ? null : denied);
    expect(await broker.use(rotated, 'collect', never, key)).toBe('ASIA2');
    expect(asked(sts)).toEqual([active!.value, 'before']);
    expect(audit.records.map(({ action, detail }) => [action, detail!['externalId']])).toEqual([
      ['session.refused', 'ACTIVE'],
      ['session.assumed', 'FALLBACK'],
    ]);
  });

  it('are not tried in turn when STS fails otherwise', async () => {
    const { broker, sts, stored } = setUp();
    stored.account = () => rotated;
    sts.down = true;
    await expect(broker.use(rotated, 'collect', never, key)).rejects.toThrow();
    expect(asked(sts)).toEqual([active!.value]);
  });

  it('that the role was seen to refuse are not tried again', async () => {
    const { broker, sts, stored } = setUp();
    stored.account = () => accountFixture({ externalIds: [active!, { ...retired, refusedAt: 2 }] });
    sts.refuses = () => denied;
    await expect(broker.use(account, 'collect', never, key)).rejects.toBe(denied);
    expect(asked(sts)).toEqual([active!.value]);
  });

  it('are those of this moment, not those that the caller has read', async () => {
    const { broker, sts, stored } = setUp();
    stored.account = () => accountFixture({ externalIds: [{ ...active!, value: 'promoted' }] });
    await broker.use(account, 'collect', never, key);
    expect(asked(sts)).toEqual(['promoted']);
  });
});

describe('a drop', () => {
  it('ends work at once, and a flight that lands later is not kept', async () => {
    const { broker, sts } = setUp();
    await broker.use(account, 'collect', never, key);
    const dropped = broker.dropped(account.id);
    let signal: AbortSignal | undefined;
    const work = broker.use(account, 'collect', never, (session) => {
      signal = session.signal;
      return new Promise((_resolve, reject) => {
        session.signal.addEventListener('abort', () => reject(session.signal.reason as Error));
      });
    });
    const flight = broker.use(account, 'discover:ec2', never, key);
    await background();
    const landing = broker.use(accountFixture({ id: 7 }), 'discover:rds', never, key);
    broker.drop(account.id);
    expect(dropped.aborted).toBe(true);
    expect(signal!.aborted).toBe(true);
    expect(broker.dropped(account.id).aborted).toBe(false);
    await expect(work).rejects.toThrow('dropped');
    await expect(landing).rejects.toThrow('dropped');
    await flight;
    expect(broker.holds(account, 'collect')).toBe(false);
    expect(broker.holds(account, 'discover:rds')).toBe(false);
    const before = sts.requests.length;
    await broker.use(account, 'collect', never, key);
    expect(sts.requests).toHaveLength(before + 1);
  });

  it('of an account that has been removed leaves no way to new credentials', async () => {
    const { broker, sts, stored } = setUp();
    stored.account = () => null;
    await expect(broker.use(account, 'collect', never, key)).rejects.toMatchObject({
      code: 'RC_ACCOUNT_STATE',
    });
    expect(sts.requests).toEqual([]);
  });
});

describe('a purpose whose actions do not fit one session policy', () => {
  const actions = Array.from({ length: 120 }, (_, index) => `ec2:DescribeThingsOfKind${index}`);

  it('has as many sessions as it takes, and loses no action', async () => {
    const { audit, broker, sts } = setUp({ actions });
    const parts = await broker.use(account, 'discover:ec2', never, async (session) => partsOf(session));
    expect(sts.requests).toHaveLength(2);
    for (const { policy } of sts.requests) expect(policy.length).toBeLessThanOrEqual(2048);
    expect(parts.flatMap(({ allowedActions }) => [...allowedActions]).sort()).toEqual([...actions].sort());
    expect(audit.steps()).toEqual(['session.assumed first', 'session.assumed first']);
  });

  it('has more of them where STS cannot pack a policy', async () => {
    const { broker, sts } = setUp({ actions });
    sts.refuses = ({ policy }) => (policy.length > 700 ? named('PackedPolicyTooLarge') : null);
    const parts = await broker.use(account, 'discover:ec2', never, async (session) => partsOf(session));
    expect(parts.flatMap(({ allowedActions }) => [...allowedActions]).sort()).toEqual([...actions].sort());
    const before = sts.requests.length;
    broker.drop(account.id);
    await broker.use(account, 'discover:ec2', never, key);
    expect(sts.requests.length - before).toBe(parts.length);
  });

  it('says so when one action alone is too large', async () => {
    const { broker, sts } = setUp();
    sts.refuses = () => named('PackedPolicyTooLarge');
    await expect(broker.use(account, 'discover:ec2', never, key)).rejects.toThrow('PackedPolicyTooLarge');
  });
});

describe('what is told', () => {
  it('is every AssumeRole, in the account’s tenant, and why', async () => {
    const { audit, broker, clock, sts } = setUp();
    await broker.use(account, 'collect', never, key);
    clock.advance(40 * MINUTE);
    await broker.renew();
    clock.advance(2 * HOUR);
    await broker.use(account, 'collect', never, key);
    sts.refuses = () => denied;
    clock.advance(2 * HOUR);
    await expect(broker.use(account, 'collect', never, key)).rejects.toBe(denied);
    expect(audit.steps()).toEqual([
      'session.assumed first',
      'session.assumed renewal',
      'session.assumed expired',
      'session.refused expired',
    ]);
    expect(audit.records[0]).toEqual({
      tenantId: 1,
      actor: 'gateway',
      action: 'session.assumed',
      target: { type: 'Account', id: 7 },
      accountId: 7,
      detail: {
        roleArn: account.roleArn,
        accessKeyEnding: null,
        externalId: 'ACTIVE',
        sessionName: 'rolecall-collect-account-7',
        policySha256: expect.stringMatching(/^[0-9a-f]{64}$/),
        purpose: 'collect',
        why: 'first',
        packedPolicySize: 10,
        expiresAt: '2026-01-01T01:00:00.000Z',
      },
    });
    expect(audit.records[3]!.detail).toMatchObject({ code: 'AccessDenied' });
  });

  it('comes first: a session that cannot be written down is not used', async () => {
    const { audit, broker } = setUp();
    audit.record = () => Promise.reject(new Error('disk full'));
    await expect(broker.use(account, 'collect', never, key)).rejects.toThrow('disk full');
    expect(broker.holds(account, 'collect')).toBe(false);
  });

  it('is how much of STS’s room the policies take, at each new most of a purpose, with a warning near the end', async () => {
    const { broker, sts, told, warnings } = setUp();
    sts.packedPolicySize = 80;
    await broker.use(account, 'collect', never, key);
    expect(warnings).toEqual([]);
    sts.packedPolicySize = 81;
    await broker.use(account, 'discover:ec2', never, key);
    sts.packedPolicySize = 40;
    await broker.use(accountFixture({ id: 8 }), 'discover:ec2', never, key);
    expect(told).toEqual([{ purpose: 'collect', percent: 80 }]);
    expect(warnings).toEqual([{ purpose: 'discover:ec2', percent: 81 }]);
  });
});

describe('sessionName', () => {
  it('keeps within what STS allows', () => {
    expect(sessionName(`discover:${'x'.repeat(80)}`, 123456)).toMatch(/^[\w+=,.@-]{2,64}$/);
  });
});

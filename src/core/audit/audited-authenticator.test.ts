import { refusal, type Refusal, type SignIn } from '../access/authenticator';
import type { AuditRecord } from './audit-trail';
import { AuditedAuthenticator } from './audited-authenticator';

const VIEWER: SignIn = {
  viewer: { tenantId: 1, role: 'ADMIN', actor: 'ops', tokenId: 1, expiresAt: null },
};
const SECRET = 'rcl_0123456789ab_what-nobody-may-read';

function setUp({
  answer = refusal('UNKNOWN') as SignIn,
  rootTenant = { id: 1 } as { id: number } | null,
} = {}) {
  const recorded: AuditRecord[] = [];
  const logged: string[] = [];
  const state = { answer, rootTenant, isBroken: false, now: 60_000 };
  const authenticator = new AuditedAuthenticator({
    authenticator: { authenticate: async () => state.answer },
    audit: {
      record: async (entry) => {
        if (state.isBroken) throw new Error('the disk is full');
        recorded.push(entry);
      },
    },
    rootTenant: async () => state.rootTenant,
    clock: { now: () => state.now },
    log: { error: (_fields, message) => void logged.push(message) },
  });
  const fail = async (address: string, answered: Refusal, times = 1) => {
    state.answer = answered;
    for (let time = 0; time < times; time++) await authenticator.authenticate(SECRET, { address });
  };
  return { authenticator, recorded, logged, state, fail };
}

describe('a sign-in that fails', () => {
  it('is recorded with its reason and its address, and never with the credential', async () => {
    const { authenticator, recorded, fail } = setUp();
    await fail('192.0.2.1', refusal('UNKNOWN', { presented: 'rcl_0123456789ab' }));
    await authenticator.flush();
    expect(recorded).toEqual([
      {
        tenantId: 1,
        actor: 'rcl_0123456789ab',
        action: 'signin.failed',
        detail: {
          address: '192.0.2.1',
          count: 1,
          reasons: { UNKNOWN: 1 },
          presented: ['rcl_0123456789ab'],
          since: '1970-01-01T00:01:00.000Z',
        },
      },
    ]);
    expect(JSON.stringify(recorded)).not.toContain('nobody-may-read');
  });

  it('is one entry with all others of its address, however many', async () => {
    const { authenticator, recorded, fail } = setUp();
    await fail('192.0.2.1', refusal('UNKNOWN', { presented: 'rcl_0123456789ab' }), 900);
    await fail('192.0.2.1', refusal('THROTTLED'), 100);
    for (let host = 0; host < 20; host++) await fail(`2001:db8:0:1::${host}`, refusal('MISTYPED'));
    await authenticator.flush();
    await authenticator.flush();
    expect(recorded.map(({ detail }) => detail)).toMatchObject([
      { address: '192.0.2.1', count: 1_000, reasons: { UNKNOWN: 900, THROTTLED: 100 } },
      { address: '2001:db8:0:1::/64', count: 20, reasons: { MISTYPED: 20 }, presented: [] },
    ]);
  });

  it('fills no disk from many addresses or with many tokens', async () => {
    const { authenticator, recorded, fail } = setUp();
    for (let host = 0; host < 2_000; host++) {
      await fail(`10.0.${host >> 8}.${host & 255}`, refusal('UNKNOWN'));
      await fail('192.0.2.1', refusal('UNKNOWN', { presented: `rcl_${host}` }));
    }
    await authenticator.flush();
    expect(recorded).toHaveLength(51);
    const counts = recorded.map(
      ({ detail }) => detail as { address: string; count: number; presented: string[] },
    );
    expect(counts.reduce((sum, { count }) => sum + count, 0)).toBe(4_000);
    expect(counts.find(({ address }) => address === 'others')).toMatchObject({ count: 1_951 });
    expect(counts.find(({ address }) => address === '192.0.2.1')!.presented).toHaveLength(10);
  });

  it('goes to the log of the tenant whose token it was', async () => {
    const { authenticator, recorded, fail } = setUp();
    await fail('192.0.2.1', refusal('REVOKED', { tenantId: 5, presented: 'rcl_a' }));
    await fail('192.0.2.1', refusal('UNKNOWN'));
    await authenticator.flush();
    expect(recorded.map(({ tenantId, actor }) => [tenantId, actor])).toEqual([
      [5, 'rcl_a'],
      [1, 'unknown'],
    ]);
  });

  it('waits while it cannot be stored', async () => {
    const { authenticator, recorded, logged, state, fail } = setUp({ rootTenant: null });
    await fail('192.0.2.1', refusal('UNKNOWN'), 2);
    await authenticator.flush();
    state.rootTenant = { id: 1 };
    state.isBroken = true;
    await authenticator.flush();
    expect(logged).toHaveLength(2);
    state.isBroken = false;
    await fail('192.0.2.1', refusal('UNKNOWN'));
    await authenticator.flush();
    expect(recorded).toMatchObject([{ detail: { count: 3 } }]);
  });

  it('keeps its first instant when it meets a younger one while it is written in vain', async () => {
    const { authenticator, recorded, state, fail } = setUp();
    await fail('192.0.2.1', refusal('UNKNOWN'));
    state.isBroken = true;
    const flushed = authenticator.flush();
    state.now = 90_000;
    await fail('192.0.2.1', refusal('UNKNOWN'));
    await flushed;
    state.isBroken = false;
    await authenticator.flush();
    expect(recorded).toMatchObject([{ detail: { count: 2, since: '1970-01-01T00:01:00.000Z' } }]);
  });
});

it('says nothing of who comes in, or shows no credential', async () => {
  const { authenticator, recorded, state } = setUp({ answer: VIEWER });
  expect(await authenticator.authenticate(SECRET, { address: '192.0.2.1' })).toBe(VIEWER);
  state.answer = refusal('MISSING');
  expect(await authenticator.authenticate(null, { address: '192.0.2.1' })).toBe(state.answer);
  await authenticator.flush();
  expect(recorded).toEqual([]);
});

import { ManualClock } from '../../../test/support/manual-clock';
import { MemoryAudit } from '../../../test/support/memory-audit';
import { silentLog } from '../../../test/support/silent-log';
import type { AssumeRoleRequest } from '../aws/sts';
import { GatewayRole } from './gateway-role';
import { SessionAudit } from './session-audit';

const MINUTE = 60_000;
const roleArn = 'arn:aws:iam::999999999999:role/rolecall/gateway';
const named = (name: string, status: number) =>
  Object.assign(new Error(name), { name, $metadata: { httpStatusCode: status } });

function setUp() {
  const clock = new ManualClock(Date.UTC(2026, 0, 1));
  const audit = new MemoryAudit();
  const requests: AssumeRoleRequest[] = [];
  const answers = { error: null as Error | null };
  const role = new GatewayRole({
    roleArns: { AWS: roleArn },
    base: { of: async () => ({ accessKeyId: 'BASE', secretAccessKey: 's' }), forget: () => undefined },
    sts: {
      assumeRole: async (request) => {
        requests.push(request);
        await new Promise(setImmediate);
        if (answers.error) throw answers.error;
        const credentials = { accessKeyId: `OWN${requests.length}`, secretAccessKey: 's', sessionToken: 't' };
        return { credentials, expiresAt: clock.now() + 60 * MINUTE, packedPolicySize: null };
      },
    },
    sessionAudit: new SessionAudit({ audit, rootTenant: async () => ({ id: 1 }), log: silentLog }),
    clock,
    random: () => 0.5,
    log: silentLog,
  });
  const key = async () => (await role.of('AWS')).accessKeyId;
  return { answers, audit, clock, key, requests, role };
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 5));

describe('GatewayRole', () => {
  it('is assumed once for all, for what it is needed for alone', async () => {
    const { key, requests } = setUp();
    expect(new Set(await Promise.all(Array.from({ length: 20 }, key)))).toEqual(new Set(['OWN1']));
    expect(requests).toEqual([
      {
        tenantId: null,
        partition: 'AWS',
        roleArn,
        externalId: null,
        sessionName: 'rolecall-gateway',
        policy: expect.stringContaining('"Action":["sts:AssumeRole"]'),
        durationSeconds: 3600,
      },
    ]);
  });

  it('is nothing in a partition that has none', async () => {
    const { requests, role } = setUp();
    expect(await role.of('AWS_CN')).toMatchObject({ accessKeyId: 'BASE' });
    expect(requests).toEqual([]);
  });

  it('is renewed ahead of its end, and serves to it while STS is down', async () => {
    const { answers, clock, key } = setUp();
    await key();
    clock.advance(40 * MINUTE);
    answers.error = named('InternalFailure', 503);
    expect(await key()).toBe('OWN1');
    await settle();
    clock.advance(19.5 * MINUTE);
    expect(await key()).toBe('OWN1');
    clock.advance(MINUTE);
    await expect(key()).rejects.toMatchObject({ code: 'RC_AWS_CALL_FAILED', retryable: true });
    answers.error = null;
    clock.advance(MINUTE);
    expect(await key()).toMatch(/^OWN/);
  });

  it('that cannot be assumed is the gateway’s fault, says what to set, and is not asked by everybody', async () => {
    const { answers, clock, key, requests } = setUp();
    answers.error = named('AccessDenied', 403);
    for (let ask = 0; ask < 3; ask++) {
      await expect(key()).rejects.toMatchObject({
        code: 'RC_GATEWAY_IDENTITY_MISSING',
        message: expect.stringContaining('ROLECALL_GATEWAY_ROLE_ARN'),
        retryable: true,
      });
    }
    expect(requests).toHaveLength(1);
    clock.advance(MINUTE);
    answers.error = null;
    expect(await key()).toBe('OWN2');
  });

  it('is written down in the root tenant’s log, refusals too, and not used when it cannot be', async () => {
    const { answers, audit, clock, key } = setUp();
    await key();
    clock.advance(40 * MINUTE);
    await key();
    await settle();
    answers.error = named('AccessDenied', 403);
    clock.advance(61 * MINUTE);
    await expect(key()).rejects.toThrow('ROLECALL_GATEWAY_ROLE_ARN');
    expect(audit.steps()).toEqual([
      'session.assumed first',
      'session.assumed renewal',
      'session.refused expired',
    ]);
    expect(audit.records[0]).toMatchObject({ tenantId: 1, accountId: null, target: null });
    answers.error = null;
    clock.advance(MINUTE);
    audit.record = () => Promise.reject(new Error('disk full'));
    await expect(key()).rejects.toThrow('disk full');
  });

  it('is assumed anew when AWS does not take its session', async () => {
    const { key, role } = setUp();
    await key();
    role.forget('AWS');
    expect(await key()).toBe('OWN2');
  });
});

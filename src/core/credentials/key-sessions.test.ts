import { accountFixture } from '../../../test/support/account-fixture';
import { ManualClock } from '../../../test/support/manual-clock';
import { MemoryAudit } from '../../../test/support/memory-audit';
import { silentLog } from '../../../test/support/silent-log';
import type { FederationRequest } from '../aws/sts';
import { KeySessions } from './key-sessions';
import { PolicySplits } from './policy-splits';
import { SessionAudit } from './session-audit';

const HOUR = 3_600_000;
const account = accountFixture({
  connection: 'ACCESS_KEY',
  roleArn: null,
  accessKey: { idEnding: 'WXYZ', storedAt: 0 },
});
const tooLarge = Object.assign(new Error('large'), {
  name: 'PackedPolicyTooLarge',
  $metadata: { httpStatusCode: 400 },
});
const storedKey = { accessKeyId: 'AKIAWXYZ', secretAccessKey: 'secret' };
const denied = Object.assign(new Error('no'), { name: 'AccessDenied', $metadata: { httpStatusCode: 403 } });

function setUp() {
  const clock = new ManualClock(Date.UTC(2026, 0, 1));
  const audit = new MemoryAudit();
  const requests: FederationRequest[] = [];
  const warnings: object[] = [];
  const answers = { error: null as Error | null, longest: Infinity };
  const log = {
    ...silentLog,
    warn: (fields: object) => void warnings.push(fields),
  } as unknown as typeof silentLog;
  const keys = new KeySessions({
    sts: {
      getFederationToken: async (request) => {
        requests.push(request);
        if (answers.error) throw answers.error;
        if (request.policy.length > answers.longest) throw tooLarge;
        const credentials = { accessKeyId: 'ASIA', secretAccessKey: 's', sessionToken: 't' };
        return { credentials, expiresAt: clock.now() + HOUR, packedPolicySize: 12 };
      },
    },
    accessKey: async () => storedKey,
    sessionAudit: new SessionAudit({ audit, rootTenant: async () => null, log }),
    splits: new PolicySplits(log),
    clock,
    log,
  });
  const mint = (actions = ['ec2:DescribeInstances']) =>
    keys.mint({
      account,
      purpose: 'discover:ec2',
      actions,
      reason: 'first',
      signal: new AbortController().signal,
    });
  return { answers, audit, clock, keys, mint, requests, warnings };
}

/** Who signs what. */
const signers = ({ parts }: Awaited<ReturnType<KeySessions['mint']>>) =>
  Object.fromEntries(
    parts.flatMap(({ credentials, allowedActions }) =>
      [...allowedActions].map((action) => [action, credentials.accessKeyId]),
    ),
  );

describe('KeySessions', () => {
  it('narrows the key to its purpose for an hour, and writes it down', async () => {
    const { audit, clock, mint, requests } = setUp();
    const minted = await mint();
    expect(signers(minted)).toEqual({ 'ec2:DescribeInstances': 'ASIA' });
    expect(minted.expiresAt).toBe(clock.now() + HOUR);
    expect(requests[0]).toMatchObject({
      credentials: storedKey,
      name: 'rolecall-discover-ec2-account-7',
      durationSeconds: 3600,
    });
    expect(JSON.parse(requests[0]!.policy)).toMatchObject({
      Statement: [{ Effect: 'Allow', Action: ['ec2:DescribeInstances'] }],
    });
    expect(audit.records[0]).toMatchObject({
      action: 'session.federated',
      tenantId: 1,
      detail: { accessKeyEnding: 'WXYZ', roleArn: null, purpose: 'discover:ec2', packedPolicySize: 12 },
    });
  });

  it('leaves to the key itself what AWS serves no federated user', async () => {
    const { mint, requests } = setUp();
    expect(signers(await mint(['ec2:DescribeInstances', 'iam:ListUsers', 'sts:GetSessionToken']))).toEqual({
      'ec2:DescribeInstances': 'ASIA',
      'iam:ListUsers': 'AKIAWXYZ',
      'sts:GetSessionToken': 'AKIAWXYZ',
    });
    await mint(['iam:ListUsers']);
    expect(requests).toHaveLength(1);
  });

  it('uses the key as it is where the user may not ask, warns, and asks again an hour later', async () => {
    const { answers, audit, clock, mint, requests, warnings } = setUp();
    answers.error = denied;
    const minted = await mint();
    expect(signers(minted)).toEqual({ 'ec2:DescribeInstances': 'AKIAWXYZ' });
    expect(minted.expiresAt).toBe(clock.now() + HOUR);
    await mint();
    expect(requests).toHaveLength(1);
    expect(warnings).toEqual([{ accountId: 7, code: 'KEY_NOT_NARROWED' }]);
    expect(audit.records[0]).toMatchObject({ action: 'session.refused', detail: { code: 'AccessDenied' } });
    clock.advance(HOUR);
    answers.error = null;
    expect(signers(await mint())).toEqual({ 'ec2:DescribeInstances': 'ASIA' });
  });

  it('is split over more sessions where STS cannot pack the policy', async () => {
    const { answers, mint, requests } = setUp();
    answers.longest = 120;
    const actions = ['ec2:DescribeInstances', 'ec2:DescribeRegions', 'ec2:DescribeVolumes'];
    expect(signers(await mint(actions))).toEqual(
      Object.fromEntries(actions.map((action) => [action, 'ASIA'])),
    );
    const asked = requests.length;
    await mint(actions);
    expect(requests.length - asked).toBeLessThan(asked);
  });

  it('asks for a new key at once', async () => {
    const { answers, keys, mint, requests } = setUp();
    answers.error = denied;
    await mint();
    keys.forget(account.id);
    await mint();
    expect(requests).toHaveLength(2);
  });

  it('does not widen the key because STS is down', async () => {
    const { answers, mint } = setUp();
    answers.error = Object.assign(new Error('down'), { $metadata: { httpStatusCode: 503 } });
    await expect(mint()).rejects.toThrow('down');
  });
});

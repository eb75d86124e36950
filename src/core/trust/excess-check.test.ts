import { keyNotExcessive, notExcessive } from './excess-check';

const NOTHING = { attachedPolicies: null, wildcardActions: null, allowedActions: null };

describe('notExcessive', () => {
  it('is skipped, with the reason, when nothing can be read', () => {
    expect(notExcessive(NOTHING)).toMatchObject({ outcome: 'SKIPPED' });
    expect(notExcessive(NOTHING).message).toContain('iam:GetRole');
  });

  it('passes on evidence that finds nothing', () => {
    const evidence = { ...NOTHING, attachedPolicies: ['arn:aws:iam::aws:policy/CloudWatchReadOnlyAccess'] };
    expect(notExcessive(evidence).outcome).toBe('PASSED');
  });

  it.each([
    ['a broad managed policy', { attachedPolicies: ['arn:aws:iam::aws:policy/ReadOnlyAccess'] }],
    ['a service’s full access', { attachedPolicies: ['arn:aws-cn:iam::aws:policy/AmazonEC2FullAccess'] }],
    ['a wildcard', { wildcardActions: ['s3:*'] }],
    ['what the simulator allows', { allowedActions: ['s3:GetObject'] }],
  ])('warns of %s, and fails nobody', (_what, found) => {
    const judged = notExcessive({ ...NOTHING, ...found });
    expect(judged).toMatchObject({ outcome: 'WARNING', code: 'EXCESSIVE' });
    expect(judged.found).toBe(Object.values(found).flat().join(', '));
  });
});

describe('keyNotExcessive', () => {
  it('warns of a key that cannot be narrowed, with what else was found', () => {
    expect(keyNotExcessive([], true).outcome).toBe('PASSED');
    const raw = keyNotExcessive(['s3:GetObject'], false);
    expect(raw).toMatchObject({ outcome: 'WARNING', code: 'KEY_NOT_NARROWED' });
    expect(raw.message).toContain('sts:GetFederationToken');
    expect(raw.message).toContain('s3:GetObject');
  });
});

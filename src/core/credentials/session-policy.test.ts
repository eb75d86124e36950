import fc from 'fast-check';
import { SESSION_POLICY_LIMIT } from '../aws/sts';
import { COLLECT_ACTIONS, packPolicies } from './session-policy';

const action = fc
  .tuple(fc.stringMatching(/^[a-z][a-z0-9-]{0,30}$/), fc.stringMatching(/^[A-Z][A-Za-z0-9]{0,80}$/))
  .map(([service, name]) => `${service}:${name}`);

/** What a policy allows, as IAM would read it. */
const allowedBy = (policy: string) =>
  (JSON.parse(policy) as { Statement: { Action: string[] }[] }).Statement.flatMap(({ Action }) => Action);

describe('packPolicies', () => {
  it('is one policy for what fits one', () => {
    const [packed, ...others] = packPolicies(COLLECT_ACTIONS);
    expect(others).toEqual([]);
    expect(JSON.parse(packed!.policy)).toEqual({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: [...COLLECT_ACTIONS], Resource: '*' }],
    });
  });

  it('allows exactly what is asked for, within the limit, whatever that is', () => {
    fc.assert(
      fc.property(fc.array(action, { minLength: 1, maxLength: 200 }), (actions) => {
        const packs = packPolicies(actions);
        for (const { policy, actions: told } of packs) {
          expect(policy.length).toBeLessThanOrEqual(SESSION_POLICY_LIMIT);
          expect(allowedBy(policy)).toEqual(told);
        }
        const union = packs.flatMap(({ policy }) => allowedBy(policy));
        expect([...union].sort()).toEqual([...new Set(actions)].sort());
      }),
    );
  });

  it('does not depend on the order, nor on repetitions', () => {
    fc.assert(
      fc.property(fc.array(action, { minLength: 1, maxLength: 120 }), (actions) => {
        expect(packPolicies([...actions].reverse().concat(actions))).toEqual(packPolicies(actions));
      }),
    );
  });

  it('takes no policy more than the characters ask for, where actions are of a usual length', () => {
    fc.assert(
      fc.property(
        fc.array(fc.stringMatching(/^[a-z]{3,8}:Describe[A-Za-z]{3,17}$/), { minLength: 1, maxLength: 300 }),
        (actions) => {
          const frame = packPolicies(['a:B'])[0]!.policy.length - '"a:B"'.length;
          const characters = [...new Set(actions)].reduce(
            (sum, one) => sum + JSON.stringify(one).length + 1,
            -1,
          );
          // Each policy may leave less than one action's room unused.
          const atMost = Math.ceil(characters / (SESSION_POLICY_LIMIT - frame - 36));
          expect(packPolicies(actions).length).toBeLessThanOrEqual(atMost);
        },
      ),
    );
  });

  it('refuses to make a policy of nothing, or of what cannot fit', () => {
    expect(() => packPolicies([])).toThrow(RangeError);
    expect(() => packPolicies([`s3:${'A'.repeat(SESSION_POLICY_LIMIT)}`])).toThrow(RangeError);
  });
});

import { SESSION_POLICY_LIMIT } from '../aws/sts';

/**
 * What the `collect` session of every account may call, whatever plugins run. ListMetrics tells which series have no recent
 * data; a role that does not allow it is asked for every series.
 */
export const COLLECT_ACTIONS = [
  'cloudwatch:GetMetricData',
  'cloudwatch:ListMetrics',
  'ec2:DescribeRegions',
] as const;

/** Everything that an account with these plugins calls, once each and in order. */
export function neededActions(plugins: readonly { iamActions: readonly string[] }[]): string[] {
  return [...new Set([...COLLECT_ACTIONS, ...plugins.flatMap(({ iamActions }) => iamActions)])].sort();
}

/** A probe needs to know that the role opens, not to use it. */
export const DENY_EVERYTHING = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Deny', Action: '*', Resource: '*' }],
});

/** One session policy of several that together allow what a purpose needs. */
export interface PackedPolicy {
  /** JSON, at most SESSION_POLICY_LIMIT characters. */
  policy: string;
  /** What it allows, sorted. */
  actions: readonly string[];
}

/**
 * The session policies that together allow exactly `actions`, none of them twice, in as few policies as first-fit
 * decreasing finds. Which action is in which policy depends on the set of actions alone.
 * @throws RangeError when one action alone is over the limit, or there is none: a session without a policy could do all.
 */
export function packPolicies(actions: readonly string[]): PackedPolicy[] {
  const distinct = [...new Set(actions)].sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
  if (distinct.length === 0) throw new RangeError('A session policy needs at least one action');
  const frame = policyOf([]).length;
  const packs: { actions: string[]; length: number }[] = [];
  for (const action of distinct) {
    const cost = JSON.stringify(action).length;
    // Every action but the first of a policy follows a comma.
    let pack = packs.find(({ length }) => length + 1 + cost <= SESSION_POLICY_LIMIT);
    if (!pack) packs.push((pack = { actions: [], length: frame - 1 }));
    pack.actions.push(action);
    pack.length += 1 + cost;
    if (pack.length > SESSION_POLICY_LIMIT) {
      throw new RangeError(
        `A session policy for ${action} is over the limit of ${SESSION_POLICY_LIMIT} characters`,
      );
    }
  }
  return packs.map((pack) => packed(pack.actions.sort()));
}

/** Two policies that together allow what the one does, which has two actions at least. */
export function halve({ actions }: PackedPolicy): PackedPolicy[] {
  const middle = Math.ceil(actions.length / 2);
  return [packed(actions.slice(0, middle)), packed(actions.slice(middle))];
}

function packed(actions: readonly string[]): PackedPolicy {
  return { policy: policyOf(actions), actions };
}

function policyOf(actions: readonly string[]): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }],
  });
}

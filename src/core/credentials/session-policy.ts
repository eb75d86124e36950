/** STS: an inline session policy holds at most 2,048 characters of plain text. */
const SESSION_POLICY_LIMIT = 2048;

/**
 * What the `collect` session of every account may call, whatever plugins run. ListMetrics is not called yet: it will tell
 * series without recent data, and a customer who grants it now need not change the role then.
 */
export const COLLECT_ACTIONS = [
  'cloudwatch:GetMetricData',
  'cloudwatch:ListMetrics',
  'ec2:DescribeRegions',
] as const;

/** A probe needs to know that the role opens, not to use it. */
export const DENY_EVERYTHING = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Deny', Action: '*', Resource: '*' }],
});

/**
 * The session policy that allows exactly `actions`. The session may then do what this and the role both allow.
 * @throws Error above SESSION_POLICY_LIMIT; the registry has refused such a plugin at start.
 */
export function sessionPolicy(actions: readonly string[]): string {
  const policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: [...actions].sort(), Resource: '*' }],
  });
  if (policy.length > SESSION_POLICY_LIMIT) {
    throw new Error(
      `A session policy of ${policy.length} characters is over STS's limit of ${SESSION_POLICY_LIMIT}`,
    );
  }
  return policy;
}

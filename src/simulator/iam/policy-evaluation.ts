import { conditionsHold, type RequestContext } from './conditions';
import { matchesPattern } from './pattern';
import { listOf, statementsOf, type PolicyDocument, type PolicyStatement } from './policy-document';

/** What is asked of a policy. */
export interface PolicyRequest {
  /** IAM action name, for example `rds:DescribeDBInstances`. */
  action: string;
  /** Resource ARN, or `*` for calls that have none. */
  resource: string;
  context: RequestContext;
}

/** A policy's answer; an explicit deny beats every allow. */
type PolicyDecision = 'allow' | 'explicitDeny' | 'implicitDeny';

/** Evaluates one policy; `appliesTo` can leave out statements further (a trust policy's principals). */
export function evaluatePolicy(
  policy: PolicyDocument,
  request: PolicyRequest,
  appliesTo: (statement: PolicyStatement) => boolean = coversResource(request.resource),
): PolicyDecision {
  let isAllowed = false;
  for (const statement of statementsOf(policy)) {
    const matches =
      coversAction(statement, request.action) &&
      appliesTo(statement) &&
      conditionsHold(statement.Condition, request.context);
    if (!matches) continue;
    if (statement.Effect === 'Deny') return 'explicitDeny';
    isAllowed = true;
  }
  return isAllowed ? 'allow' : 'implicitDeny';
}

/** Evaluates several policies as one: identity policies of one principal, inline and managed. */
export function evaluatePolicies(
  policies: readonly PolicyDocument[],
  request: PolicyRequest,
): PolicyDecision {
  const decisions = policies.map((policy) => evaluatePolicy(policy, request));
  if (decisions.includes('explicitDeny')) return 'explicitDeny';
  return decisions.includes('allow') ? 'allow' : 'implicitDeny';
}

function coversAction(statement: PolicyStatement, action: string): boolean {
  const matches = (pattern: string) => matchesPattern(pattern, action, { ignoreCase: true });
  return statement.Action === undefined
    ? !listOf(statement.NotAction).some(matches)
    : listOf(statement.Action).some(matches);
}

function coversResource(resource: string): (statement: PolicyStatement) => boolean {
  const matches = (pattern: string) => matchesPattern(pattern, resource);
  return (statement) =>
    statement.Resource === undefined
      ? statement.NotResource !== undefined && !listOf(statement.NotResource).some(matches)
      : listOf(statement.Resource).some(matches);
}

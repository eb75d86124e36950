import type { Caller } from '../auth/caller';
import type { RequestContext } from './conditions';
import { evaluatePolicy } from './policy-evaluation';
import { listOf, type PolicyDocument, type PolicyStatement } from './policy-document';

/** Whether a role's trust policy lets `caller` assume it. A policy without conditions is open to every listed principal. */
export function trustAllows(trustPolicy: PolicyDocument, caller: Caller, context: RequestContext): boolean {
  const request = { action: 'sts:AssumeRole', resource: '*', context };
  return evaluatePolicy(trustPolicy, request, (statement) => namesPrincipal(statement, caller)) === 'allow';
}

function namesPrincipal(statement: PolicyStatement, caller: Caller): boolean {
  const { Principal: principal } = statement;
  if (principal === undefined) return false;
  if (principal === '*') return true;
  return listOf(principal.AWS).some(
    (name) =>
      name === '*' ||
      name === caller.account.id ||
      name === `arn:${caller.account.partition}:iam::${caller.account.id}:root` ||
      name === caller.principalArn ||
      name === caller.arn,
  );
}

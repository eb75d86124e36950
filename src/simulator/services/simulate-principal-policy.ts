import type { RequestContext } from '../iam/conditions';
import { MalformedPolicy, parsePolicyDocument } from '../iam/parse-policy';
import { statementsOf, type PolicyDocument } from '../iam/policy-document';
import { evaluatePolicies } from '../iam/policy-evaluation';
import { documentsOf } from '../iam/principal-policies';
import { AwsError } from '../protocol/aws-error';
import type { QueryParameters } from '../protocol/query-parameters';
import type { ResultTree } from '../protocol/protocol';
import type { Call } from './service';

/** Actions and resources that one call may name. */
const maxNames = 1_000;

const decisions = { allow: 'allowed', explicitDeny: 'explicitDeny', implicitDeny: 'implicitDeny' } as const;

/** What would change the answer and is not simulated: better refused than ignored. */
const unsupported = [
  'ResourcePolicy',
  'PermissionsBoundaryPolicyInputList.member.1',
  'ResourceHandlingOption',
];

/** Asks the policies of a user or role about actions and resources, with no more context than the call brings along. */
export function simulatePrincipalPolicy({ parameters, world, caller }: Call<QueryParameters>): ResultTree {
  const ignored = unsupported.find((name) => parameters.get(name) !== undefined);
  if (ignored !== undefined) throw invalidInput(`The simulator does not know ${ignored}`);
  const sourceArn = parameters.require('PolicySourceArn');
  if (!/^arn:[\w-]+:iam::\d{12}:(user|role)\/.+/.test(sourceArn)) {
    throw invalidInput(`Invalid Entity Arn: ${sourceArn} does not clearly define entity type and name.`);
  }
  const source = world.principal(sourceArn);
  if (source?.account !== caller.account) {
    throw new AwsError('NoSuchEntity', `The principal ${sourceArn} cannot be found.`, 404);
  }
  const actions = readNames(parameters, 'ActionNames');
  if (actions.length === 0) throw invalidInput('At least one action must be specified.');
  const strayAction = actions.find((action) => !/^[\w-]+:[\w*]+$/.test(action));
  if (strayAction !== undefined) throw invalidInput(`Invalid action: ${strayAction}`);
  const resources = readNames(parameters, 'ResourceArns');
  const context = readContext(parameters);
  const policies = [
    ...documentsOf(source.principal),
    ...parameters.list('PolicyInputList').map((text) => readPolicy(text)),
  ];
  const missingContext = missingKeys(policies, context);
  const evaluate = (action: string, resource: string) => ({
    EvalActionName: action,
    EvalResourceName: resource,
    EvalDecision: decisions[evaluatePolicies(policies, { action, resource, context })],
    MissingContextValues: { member: missingContext },
  });
  const wanted = resources.length > 0 ? resources : ['*'];
  return {
    EvaluationResults: {
      member: actions.flatMap((action) => wanted.map((resource) => evaluate(action, resource))),
    },
    IsTruncated: false,
  };
}

function readNames(parameters: QueryParameters, name: string): string[] {
  const names = parameters.list(name);
  if (names.length > maxNames) throw invalidInput(`${name} has more than ${maxNames} members`);
  return names;
}

/** `ContextEntries.member.N`, of one value each: the evaluation knows no lists. */
function readContext(parameters: QueryParameters): RequestContext {
  const context: RequestContext = {};
  for (let n = 1; ; n++) {
    const entry = `ContextEntries.member.${n}`;
    const key = parameters.get(`${entry}.ContextKeyName`);
    if (key === undefined) return context;
    const values = parameters.list(`${entry}.ContextKeyValues`);
    if (values.length !== 1) throw invalidInput(`The simulator takes one value for ${key}`);
    context[key] = values[0];
  }
}

/** The condition keys that the policies ask about and the call does not bring along. */
function missingKeys(policies: PolicyDocument[], context: RequestContext): string[] {
  const given = new Set(Object.keys(context).map((key) => key.toLowerCase()));
  const asked = policies.flatMap((policy) =>
    statementsOf(policy).flatMap(({ Condition = {} }) => Object.values(Condition).flatMap(Object.keys)),
  );
  return [...new Set(asked)].filter((key) => !given.has(key.toLowerCase()));
}

function readPolicy(text: string): PolicyDocument {
  try {
    return parsePolicyDocument(text);
  } catch (error) {
    if (error instanceof MalformedPolicy) throw invalidInput(error.message);
    throw error;
  }
}

function invalidInput(message: string): AwsError {
  return new AwsError('InvalidInput', message);
}

import { encodeUri } from '../auth/sigv4';
import { uniqueId } from '../auth/authentication';
import { managedPolicyName } from '../iam/managed-policies';
import type { PolicyDocument } from '../iam/policy-document';
import { AwsError } from '../protocol/aws-error';
import { pageOf } from '../protocol/page';
import { queryProtocol } from '../protocol/query';
import type { QueryParameters } from '../protocol/query-parameters';
import type { ResultTree, ResultValue } from '../protocol/protocol';
import { defaultCreationTime } from '../world/identifiers';
import type { SimulatedRole, SimulatedUser } from '../world/types';
import type { Call, CallPlace, QueryService } from './service';
import { simulatePrincipalPolicy } from './simulate-principal-policy';

/** Items a page: bounds of MaxItems, and what comes without it. */
const pageSizes = { min: 1, max: 1_000, default: 100 };

/** AWS Identity and Access Management: what a principal may be told of roles and users. It has no Regions. */
export const iamService: QueryService = {
  iamPrefix: 'iam',
  signingName: 'iam',
  protocol: queryProtocol,
  version: '2010-05-08',
  xmlNamespace: 'https://iam.amazonaws.com/doc/2010-05-08/',
  resource: principalArn,
  actions: {
    GetRole: (call) => ({ Role: roleElement(roleOf(call)) }),
    GetRolePolicy: getRolePolicy,
    ListRolePolicies: (call) => listPage(call, 'PolicyNames', Object.keys(roleOf(call).inlinePolicies)),
    ListAttachedRolePolicies: (call) =>
      listPage(
        call,
        'AttachedPolicies',
        roleOf(call).attachedPolicies.map((arn) => ({ PolicyName: managedPolicyName(arn), PolicyArn: arn })),
      ),
    SimulatePrincipalPolicy: simulatePrincipalPolicy,
    GetUser: (call) => ({ User: userElement(userOf(call)) }),
    ListAccessKeys: (call) => listPage(call, 'AccessKeyMetadata', [accessKeyElement(userOf(call))]),
  },
};

/** The principal that a call is about: a role by its name, a user by its name or the caller, or the source of a simulation. */
function principalArn(place: CallPlace, parameters: QueryParameters): string {
  const { caller } = place;
  const { account } = caller;
  const sourceArn = parameters.get('PolicySourceArn');
  if (sourceArn !== undefined) return sourceArn;
  const roleName = parameters.get('RoleName');
  if (roleName !== undefined) {
    const arn = findRole(place, roleName)?.arn;
    return arn ?? `arn:${account.partition}:iam::${account.id}:role/${roleName}`;
  }
  const userName = parameters.get('UserName');
  return userName === undefined
    ? caller.principalArn
    : `arn:${account.partition}:iam::${account.id}:user/${userName}`;
}

function findRole({ caller }: CallPlace, name: string): SimulatedRole | undefined {
  return [...caller.account.roles.values()].find((role) => role.name === name);
}

function roleOf(call: Call<QueryParameters>): SimulatedRole {
  const name = call.parameters.require('RoleName');
  const role = findRole(call, name);
  if (!role) throw noSuchEntity(`The role with name ${name} cannot be found.`);
  return role;
}

/** The user that is named, or the caller. */
function userOf({ caller, parameters }: Call<QueryParameters>): SimulatedUser {
  const name = parameters.get('UserName');
  if (name === undefined && caller.session) {
    throw new AwsError('ValidationError', 'Must specify userName when calling with non-User credentials');
  }
  const user = [...caller.account.users.values()].find((one) =>
    name === undefined ? one.arn === caller.arn : one.name === name,
  );
  if (!user) throw noSuchEntity(`The user with name ${name} cannot be found.`);
  return user;
}

function getRolePolicy(call: Call<QueryParameters>): ResultTree {
  const { name, inlinePolicies } = roleOf(call);
  const policyName = call.parameters.require('PolicyName');
  if (!Object.hasOwn(inlinePolicies, policyName)) {
    throw noSuchEntity(`The role policy with name ${policyName} cannot be found.`);
  }
  return {
    RoleName: name,
    PolicyName: policyName,
    PolicyDocument: encodeDocument(inlinePolicies[policyName]),
  };
}

function listPage(
  { parameters }: Call<QueryParameters>,
  element: string,
  items: readonly ResultValue[],
): ResultTree {
  const size = parameters.integer('MaxItems', pageSizes, 'ValidationError') ?? pageSizes.default;
  const page = pageOf(items, size, parameters.get('Marker'));
  if (!page) throw new AwsError('ValidationError', 'Invalid Marker.');
  return {
    [element]: { member: page.items },
    IsTruncated: page.nextToken !== undefined,
    Marker: page.nextToken,
  };
}

function roleElement({ name, path, arn, trustPolicy, maxSessionDuration }: SimulatedRole): ResultTree {
  return {
    Path: path,
    RoleName: name,
    RoleId: uniqueId('AROA', arn),
    Arn: arn,
    CreateDate: defaultCreationTime,
    AssumeRolePolicyDocument: encodeDocument(trustPolicy),
    MaxSessionDuration: maxSessionDuration,
  };
}

function userElement({ name, arn }: SimulatedUser): ResultTree {
  return {
    Path: '/',
    UserName: name,
    UserId: uniqueId('AIDA', arn),
    Arn: arn,
    CreateDate: defaultCreationTime,
  };
}

function accessKeyElement({ name, accessKeyId }: SimulatedUser): ResultTree {
  return { UserName: name, AccessKeyId: accessKeyId, Status: 'Active', CreateDate: defaultCreationTime };
}

/** IAM hands policy documents out URL-encoded. */
function encodeDocument(document: PolicyDocument): string {
  return encodeUri(JSON.stringify(document));
}

function noSuchEntity(message: string): AwsError {
  return new AwsError('NoSuchEntity', message, 404);
}

/* eslint-disable */
import * as types from './graphql';

/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
  '\n  mutation RegisterAccount($input: RegisterAccountInput!) {\n    registerAccount(input: $input) {\n      account {\n        id\n        name\n        onboarding {\n          roleName\n          trustPolicy\n          permissionPolicy\n          selfAuditPolicy\n        }\n      }\n      errors {\n        code\n        message\n        hint\n      }\n    }\n  }\n': typeof types.RegisterAccountDocument;
  '\n  mutation ConnectAccount($input: ConnectAccountInput!) {\n    connectAccount(input: $input) {\n      account {\n        id\n        status\n      }\n      errors {\n        code\n        message\n        hint\n      }\n    }\n  }\n': typeof types.ConnectAccountDocument;
  '\n  mutation CollectNow($accountId: ID!) {\n    collectNow(input: { accountId: $accountId }) {\n      run {\n        id\n        state\n      }\n      errors {\n        code\n        message\n        hint\n      }\n    }\n  }\n': typeof types.CollectNowDocument;
  '\n  query Accounts {\n    accounts(first: 500) {\n      nodes {\n        id\n        name\n        awsAccountId\n        status\n        connection\n        roleArn\n        lastCollectedAt\n        onboarding {\n          roleName\n          trustPolicy\n          permissionPolicy\n          selfAuditPolicy\n        }\n      }\n    }\n  }\n': typeof types.AccountsDocument;
  '\n  query LatestValues {\n    resources(first: 10, orderBy: { field: TYPE }) {\n      totalCount\n      nodes {\n        __typename\n        name\n        region\n        account {\n          name\n        }\n        ... on Ec2Instance {\n          instanceType\n          state\n        }\n        metrics(names: ["CPUUtilization"], statistics: ["Average"]) {\n          unit\n          latest {\n            timestamp\n            value\n          }\n        }\n      }\n    }\n  }\n': typeof types.LatestValuesDocument;
  '\n  query CpuOfAllInstances {\n    metricData(\n      filter: { types: ["ec2:instance"], names: ["CPUUtilization"], statistics: ["Average"] }\n      range: { last: 10800 }\n    ) {\n      range {\n        from\n        to\n      }\n      step\n      totalSeries\n      series {\n        metric {\n          resource {\n            name\n            account {\n              name\n            }\n          }\n        }\n        values\n      }\n    }\n  }\n': typeof types.CpuOfAllInstancesDocument;
  '\n  subscription NewPoints {\n    metricUpdates(filter: { names: ["CPUUtilization"] }) {\n      account {\n        name\n      }\n      collectedAt\n      series {\n        metric {\n          statistic\n          resource {\n            name\n          }\n        }\n        points {\n          timestamp\n          value\n          provisional\n        }\n      }\n    }\n  }\n': typeof types.NewPointsDocument;
};
const documents: Documents = {
  '\n  mutation RegisterAccount($input: RegisterAccountInput!) {\n    registerAccount(input: $input) {\n      account {\n        id\n        name\n        onboarding {\n          roleName\n          trustPolicy\n          permissionPolicy\n          selfAuditPolicy\n        }\n      }\n      errors {\n        code\n        message\n        hint\n      }\n    }\n  }\n':
    types.RegisterAccountDocument,
  '\n  mutation ConnectAccount($input: ConnectAccountInput!) {\n    connectAccount(input: $input) {\n      account {\n        id\n        status\n      }\n      errors {\n        code\n        message\n        hint\n      }\n    }\n  }\n':
    types.ConnectAccountDocument,
  '\n  mutation CollectNow($accountId: ID!) {\n    collectNow(input: { accountId: $accountId }) {\n      run {\n        id\n        state\n      }\n      errors {\n        code\n        message\n        hint\n      }\n    }\n  }\n':
    types.CollectNowDocument,
  '\n  query Accounts {\n    accounts(first: 500) {\n      nodes {\n        id\n        name\n        awsAccountId\n        status\n        connection\n        roleArn\n        lastCollectedAt\n        onboarding {\n          roleName\n          trustPolicy\n          permissionPolicy\n          selfAuditPolicy\n        }\n      }\n    }\n  }\n':
    types.AccountsDocument,
  '\n  query LatestValues {\n    resources(first: 10, orderBy: { field: TYPE }) {\n      totalCount\n      nodes {\n        __typename\n        name\n        region\n        account {\n          name\n        }\n        ... on Ec2Instance {\n          instanceType\n          state\n        }\n        metrics(names: ["CPUUtilization"], statistics: ["Average"]) {\n          unit\n          latest {\n            timestamp\n            value\n          }\n        }\n      }\n    }\n  }\n':
    types.LatestValuesDocument,
  '\n  query CpuOfAllInstances {\n    metricData(\n      filter: { types: ["ec2:instance"], names: ["CPUUtilization"], statistics: ["Average"] }\n      range: { last: 10800 }\n    ) {\n      range {\n        from\n        to\n      }\n      step\n      totalSeries\n      series {\n        metric {\n          resource {\n            name\n            account {\n              name\n            }\n          }\n        }\n        values\n      }\n    }\n  }\n':
    types.CpuOfAllInstancesDocument,
  '\n  subscription NewPoints {\n    metricUpdates(filter: { names: ["CPUUtilization"] }) {\n      account {\n        name\n      }\n      collectedAt\n      series {\n        metric {\n          statistic\n          resource {\n            name\n          }\n        }\n        points {\n          timestamp\n          value\n          provisional\n        }\n      }\n    }\n  }\n':
    types.NewPointsDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(
  source: '\n  mutation RegisterAccount($input: RegisterAccountInput!) {\n    registerAccount(input: $input) {\n      account {\n        id\n        name\n        onboarding {\n          roleName\n          trustPolicy\n          permissionPolicy\n          selfAuditPolicy\n        }\n      }\n      errors {\n        code\n        message\n        hint\n      }\n    }\n  }\n',
): typeof import('./graphql').RegisterAccountDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(
  source: '\n  mutation ConnectAccount($input: ConnectAccountInput!) {\n    connectAccount(input: $input) {\n      account {\n        id\n        status\n      }\n      errors {\n        code\n        message\n        hint\n      }\n    }\n  }\n',
): typeof import('./graphql').ConnectAccountDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(
  source: '\n  mutation CollectNow($accountId: ID!) {\n    collectNow(input: { accountId: $accountId }) {\n      run {\n        id\n        state\n      }\n      errors {\n        code\n        message\n        hint\n      }\n    }\n  }\n',
): typeof import('./graphql').CollectNowDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(
  source: '\n  query Accounts {\n    accounts(first: 500) {\n      nodes {\n        id\n        name\n        awsAccountId\n        status\n        connection\n        roleArn\n        lastCollectedAt\n        onboarding {\n          roleName\n          trustPolicy\n          permissionPolicy\n          selfAuditPolicy\n        }\n      }\n    }\n  }\n',
): typeof import('./graphql').AccountsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(
  source: '\n  query LatestValues {\n    resources(first: 10, orderBy: { field: TYPE }) {\n      totalCount\n      nodes {\n        __typename\n        name\n        region\n        account {\n          name\n        }\n        ... on Ec2Instance {\n          instanceType\n          state\n        }\n        metrics(names: ["CPUUtilization"], statistics: ["Average"]) {\n          unit\n          latest {\n            timestamp\n            value\n          }\n        }\n      }\n    }\n  }\n',
): typeof import('./graphql').LatestValuesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(
  source: '\n  query CpuOfAllInstances {\n    metricData(\n      filter: { types: ["ec2:instance"], names: ["CPUUtilization"], statistics: ["Average"] }\n      range: { last: 10800 }\n    ) {\n      range {\n        from\n        to\n      }\n      step\n      totalSeries\n      series {\n        metric {\n          resource {\n            name\n            account {\n              name\n            }\n          }\n        }\n        values\n      }\n    }\n  }\n',
): typeof import('./graphql').CpuOfAllInstancesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(
  source: '\n  subscription NewPoints {\n    metricUpdates(filter: { names: ["CPUUtilization"] }) {\n      account {\n        name\n      }\n      collectedAt\n      series {\n        metric {\n          statistic\n          resource {\n            name\n          }\n        }\n        points {\n          timestamp\n          value\n          provisional\n        }\n      }\n    }\n  }\n',
): typeof import('./graphql').NewPointsDocument;

export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}

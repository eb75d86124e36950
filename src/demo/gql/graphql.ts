/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> =
  T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** Of an IAM user, where a role cannot be had. */
export type AccessKeyInput = {
  accessKeyId: string;
  secretAccessKey: string;
};

/** How the gateway gets credentials of the account. */
export type AccountConnectionMethod = 'ACCESS_KEY' | 'ROLE';

/** DEGRADED: some plugin or region fails. BROKEN: no credentials can be had. INSECURE: the role opens without its external ID; nothing is collected. REMOVED: only its history is left. */
export type AccountStatus =
  'AWAITING_ROLE' | 'BROKEN' | 'CONNECTED' | 'DEGRADED' | 'INSECURE' | 'PAUSED' | 'REMOVED';

/** PARTIAL: some step failed, the others are whole. */
export type CollectionState = 'FAILED' | 'PARTIAL' | 'QUEUED' | 'RUNNING' | 'SKIPPED' | 'SUCCEEDED';

/** Exactly one of roleArn and accessKey. */
export type ConnectAccountInput = {
  accessKey?: AccessKeyInput | null | undefined;
  accountId: string | number;
  force?: boolean;
  roleArn?: string | null | undefined;
};

/** CUSTOM: exactly the metrics listed, each as Name or Name:Statistic. */
export type MetricLevel = 'CORE' | 'CUSTOM' | 'EXTENDED';

/** Which metrics a plugin collects. */
export type MetricProfileInput = {
  level: MetricLevel;
  /** For CUSTOM alone: Name or Name:Statistic. */
  metrics?: Array<string> | null | undefined;
  /** Seconds between points: 300 when left out, or 60 where the resource publishes them. */
  periodSeconds?: number | null | undefined;
  plugin: string;
};

/** A separate part of AWS, with its own accounts. */
export type Partition = 'AWS' | 'AWS_CN' | 'AWS_US_GOV';

/** What is to be connected, and what is to be collected of it. */
export type RegisterAccountInput = {
  awsAccountId?: string | null | undefined;
  labels?: Record<string, unknown> | null | undefined;
  metricProfiles?: Array<MetricProfileInput> | null | undefined;
  monthlyBudgetUsd?: number | null | undefined;
  name: string;
  partition?: Partition;
  plugins?: Array<string> | null | undefined;
  regions?: Array<string> | null | undefined;
  tagFilter?: Array<TagFilterInput> | null | undefined;
  tenantId?: string | number | null | undefined;
};

/** A tag that a resource must have. */
export type TagFilterInput = {
  key: string;
  /** Any value when left out or empty. */
  values?: Array<string> | null | undefined;
};

export type RegisterAccountMutationVariables = Exact<{
  input: RegisterAccountInput;
}>;

export type RegisterAccountMutation = {
  registerAccount: {
    account: {
      id: string;
      name: string;
      onboarding: {
        roleName: string;
        trustPolicy: Record<string, unknown>;
        permissionPolicy: Record<string, unknown>;
        selfAuditPolicy: Record<string, unknown> | null;
      } | null;
    } | null;
    errors: Array<
      | { code: string; message: string; hint: string | null }
      | { code: string; message: string; hint: string | null }
      | { code: string; message: string; hint: string | null }
      | { code: string; message: string; hint: string | null }
      | { code: string; message: string; hint: string | null }
    >;
  };
};

export type ConnectAccountMutationVariables = Exact<{
  input: ConnectAccountInput;
}>;

export type ConnectAccountMutation = {
  connectAccount: {
    account: { id: string; status: AccountStatus } | null;
    errors: Array<
      | { code: string; message: string; hint: string | null }
      | { code: string; message: string; hint: string | null }
      | { code: string; message: string; hint: string | null }
      | { code: string; message: string; hint: string | null }
      | { code: string; message: string; hint: string | null }
    >;
  };
};

export type CollectNowMutationVariables = Exact<{
  accountId: string | number;
}>;

export type CollectNowMutation = {
  collectNow: {
    run: { id: string; state: CollectionState } | null;
    errors: Array<
      | { code: string; message: string; hint: string | null }
      | { code: string; message: string; hint: string | null }
      | { code: string; message: string; hint: string | null }
      | { code: string; message: string; hint: string | null }
      | { code: string; message: string; hint: string | null }
    >;
  };
};

export type AccountsQueryVariables = Exact<{ [key: string]: never }>;

export type AccountsQuery = {
  accounts: {
    nodes: Array<{
      id: string;
      name: string;
      awsAccountId: string | null;
      status: AccountStatus;
      connection: AccountConnectionMethod;
      roleArn: string | null;
      lastCollectedAt: string | null;
      onboarding: {
        roleName: string;
        trustPolicy: Record<string, unknown>;
        permissionPolicy: Record<string, unknown>;
        selfAuditPolicy: Record<string, unknown> | null;
      } | null;
    }>;
  };
};

export type LatestValuesQueryVariables = Exact<{ [key: string]: never }>;

export type LatestValuesQuery = {
  resources: {
    totalCount: number;
    nodes: Array<
      | {
          __typename: 'Ec2Instance';
          instanceType: string | null;
          state: string | null;
          name: string | null;
          region: string;
          account: { name: string };
          metrics: Array<{ unit: string | null; latest: { timestamp: string; value: number } | null }>;
        }
      | {
          __typename: 'GenericResource';
          name: string | null;
          region: string;
          account: { name: string };
          metrics: Array<{ unit: string | null; latest: { timestamp: string; value: number } | null }>;
        }
      | {
          __typename: 'LoadBalancer';
          name: string | null;
          region: string;
          account: { name: string };
          metrics: Array<{ unit: string | null; latest: { timestamp: string; value: number } | null }>;
        }
      | {
          __typename: 'RdsInstance';
          name: string | null;
          region: string;
          account: { name: string };
          metrics: Array<{ unit: string | null; latest: { timestamp: string; value: number } | null }>;
        }
    >;
  };
};

export type CpuOfAllInstancesQueryVariables = Exact<{ [key: string]: never }>;

export type CpuOfAllInstancesQuery = {
  metricData: {
    step: number;
    totalSeries: number;
    range: { from: string; to: string };
    series: Array<{
      values: (number | null)[];
      metric: {
        resource:
          | { name: string | null; account: { name: string } }
          | { name: string | null; account: { name: string } }
          | { name: string | null; account: { name: string } }
          | { name: string | null; account: { name: string } };
      };
    }>;
  };
};

export type NewPointsSubscriptionVariables = Exact<{ [key: string]: never }>;

export type NewPointsSubscription = {
  metricUpdates: {
    collectedAt: string;
    account: { name: string };
    series: Array<{
      metric: {
        statistic: string;
        resource:
          | { name: string | null }
          | { name: string | null }
          | { name: string | null }
          | { name: string | null };
      };
      points: Array<{ timestamp: string; value: number; provisional: boolean }>;
    }>;
  };
};

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}

export const RegisterAccountDocument = new TypedDocumentString(`
    mutation RegisterAccount($input: RegisterAccountInput!) {
  registerAccount(input: $input) {
    account {
      id
      name
      onboarding {
        roleName
        trustPolicy
        permissionPolicy
        selfAuditPolicy
      }
    }
    errors {
      code
      message
      hint
    }
  }
}
    `) as unknown as TypedDocumentString<RegisterAccountMutation, RegisterAccountMutationVariables>;
export const ConnectAccountDocument = new TypedDocumentString(`
    mutation ConnectAccount($input: ConnectAccountInput!) {
  connectAccount(input: $input) {
    account {
      id
      status
    }
    errors {
      code
      message
      hint
    }
  }
}
    `) as unknown as TypedDocumentString<ConnectAccountMutation, ConnectAccountMutationVariables>;
export const CollectNowDocument = new TypedDocumentString(`
    mutation CollectNow($accountId: ID!) {
  collectNow(input: {accountId: $accountId}) {
    run {
      id
      state
    }
    errors {
      code
      message
      hint
    }
  }
}
    `) as unknown as TypedDocumentString<CollectNowMutation, CollectNowMutationVariables>;
export const AccountsDocument = new TypedDocumentString(`
    query Accounts {
  accounts(first: 500) {
    nodes {
      id
      name
      awsAccountId
      status
      connection
      roleArn
      lastCollectedAt
      onboarding {
        roleName
        trustPolicy
        permissionPolicy
        selfAuditPolicy
      }
    }
  }
}
    `) as unknown as TypedDocumentString<AccountsQuery, AccountsQueryVariables>;
export const LatestValuesDocument = new TypedDocumentString(`
    query LatestValues {
  resources(first: 10, orderBy: {field: TYPE}) {
    totalCount
    nodes {
      __typename
      name
      region
      account {
        name
      }
      ... on Ec2Instance {
        instanceType
        state
      }
      metrics(names: ["CPUUtilization"], statistics: ["Average"]) {
        unit
        latest {
          timestamp
          value
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<LatestValuesQuery, LatestValuesQueryVariables>;
export const CpuOfAllInstancesDocument = new TypedDocumentString(`
    query CpuOfAllInstances {
  metricData(
    filter: {types: ["ec2:instance"], names: ["CPUUtilization"], statistics: ["Average"]}
    range: {last: 10800}
  ) {
    range {
      from
      to
    }
    step
    totalSeries
    series {
      metric {
        resource {
          name
          account {
            name
          }
        }
      }
      values
    }
  }
}
    `) as unknown as TypedDocumentString<CpuOfAllInstancesQuery, CpuOfAllInstancesQueryVariables>;
export const NewPointsDocument = new TypedDocumentString(`
    subscription NewPoints {
  metricUpdates(filter: {names: ["CPUUtilization"]}) {
    account {
      name
    }
    collectedAt
    series {
      metric {
        statistic
        resource {
          name
        }
      }
      points {
        timestamp
        value
        provisional
      }
    }
  }
}
    `) as unknown as TypedDocumentString<NewPointsSubscription, NewPointsSubscriptionVariables>;

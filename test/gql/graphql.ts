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

/** All that are given must match. */
export type AccountFilter = {
  awsAccountIds?: Array<string> | null | undefined;
  ids?: Array<string | number> | null | undefined;
  includeRemoved?: boolean;
  /** Every key must be present with this value. */
  labels?: Record<string, unknown> | null | undefined;
  /** A part of the name or of the AWS account ID; the case does not matter. */
  search?: string | null | undefined;
  statuses?: Array<AccountStatus> | null | undefined;
  /** Of these tenants alone, not of those below them. */
  tenantIds?: Array<string | number> | null | undefined;
};

/** Which account. */
export type AccountIdInput = {
  accountId: string | number;
};

/** By what accounts are listed. */
export type AccountOrder = {
  direction?: SortDirection;
  field: AccountOrderField;
};

/** STATUS_SEVERITY: ascending from the worst. COST: of the month to date. COMPLETENESS: of the last day, counted every quarter of an hour; accounts that have none come last ascending, first descending. */
export type AccountOrderField =
  'COMPLETENESS' | 'COST' | 'CREATED_AT' | 'LAST_COLLECTED_AT' | 'NAME' | 'STATUS_SEVERITY';

/** DEGRADED: some plugin or region fails. BROKEN: no credentials can be had. INSECURE: the role opens without its external ID; nothing is collected. REMOVED: only its history is left. */
export type AccountStatus =
  'AWAITING_ROLE' | 'BROKEN' | 'CONNECTED' | 'DEGRADED' | 'INSECURE' | 'PAUSED' | 'REMOVED';

/** NONE: there is no budget. STRETCHED: over 80 %, series that nobody reads are asked for hourly. HELD: over 100 %, nothing priced is asked for until the month turns (UTC). The upper bound of the cost is what counts. */
export type BudgetState = 'HELD' | 'NONE' | 'STRETCHED' | 'WITHIN';

/** What a verification looks at. */
export type CheckName =
  | 'ACCOUNT_MATCHES'
  | 'ASSUMES_WITH_EXTERNAL_ID'
  | 'PERMISSIONS_NOT_EXCESSIVE'
  | 'PERMISSIONS_SUFFICIENT'
  | 'REFUSED_WITHOUT_EXTERNAL_ID'
  | 'REFUSED_WITH_WRONG_EXTERNAL_ID'
  | 'RETIRED_EXTERNAL_ID_REFUSED';

/** How a check ended, or that it runs. */
export type CheckOutcome = 'FAILED' | 'PASSED' | 'RUNNING' | 'SKIPPED' | 'WARNING';

/** Which account is collected, or which part of it. */
export type CollectNowInput = {
  accountId: string | number;
  plugins?: Array<string> | null | undefined;
  regions?: Array<string> | null | undefined;
};

/** All that are given must match. */
export type CollectionRunFilter = {
  accountIds?: Array<string | number> | null | undefined;
  /** When it was scheduled for. */
  range?: TimeRange | null | undefined;
  states?: Array<CollectionState> | null | undefined;
};

/** PARTIAL: some step failed, the others are whole. */
export type CollectionState = 'FAILED' | 'PARTIAL' | 'QUEUED' | 'RUNNING' | 'SKIPPED' | 'SUCCEEDED';

/** The steps of a collection, in order. */
export type CollectionStep = 'CREDENTIALS' | 'DISCOVER' | 'FETCH' | 'PLAN' | 'PUBLISH' | 'STORE';

/** Why a collection runs. */
export type CollectionTrigger = 'BACKFILL' | 'MANUAL' | 'SCHEDULE';

/** Exactly one of roleArn and accessKey. */
export type ConnectAccountInput = {
  accessKey?: AccessKeyInput | null | undefined;
  accountId: string | number;
  force?: boolean;
  roleArn?: string | null | undefined;
};

/** What a new tenant is called, and below whom it stands. */
export type CreateTenantInput = {
  /** Unique among the tenants below one parent. */
  name: string;
  /** The caller's own tenant when left out. */
  parentId?: string | number | null | undefined;
};

/** ACTIVE: collected with. PENDING: promoted as soon as STS accepts it. RETIRED: never used again. */
export type ExternalIdState = 'ACTIVE' | 'PENDING' | 'RETIRED';

/** `roleArn` for an account that is not connected yet. What is left out stays as the account has it. */
export type ForecastAccountInput = {
  accountId: string | number;
  metricProfiles?: Array<MetricProfileInput> | null | undefined;
  plugins?: Array<string> | null | undefined;
  regions?: Array<string> | null | undefined;
  roleArn?: string | null | undefined;
  tagFilter?: Array<TagFilterInput> | null | undefined;
};

export type LoadBalancerKind = 'APPLICATION' | 'CLASSIC' | 'GATEWAY' | 'NETWORK';

/** All that are given must match. */
export type MetricFilter = {
  accountIds?: Array<string | number> | null | undefined;
  ids?: Array<string | number> | null | undefined;
  /** Only series that miss points now; false: only those that miss none. */
  missing?: boolean | null | undefined;
  names?: Array<string> | null | undefined;
  namespaces?: Array<string> | null | undefined;
  regions?: Array<string> | null | undefined;
  resourceIds?: Array<string | number> | null | undefined;
  /** A part of the metric's name or of the resource's; the case does not matter. */
  search?: string | null | undefined;
  statistics?: Array<string> | null | undefined;
  /** Of the resource. */
  tags?: Array<TagFilterInput> | null | undefined;
  /** Of these tenants alone, not of those below them. */
  tenantIds?: Array<string | number> | null | undefined;
  /** Of the resource, for example ec2:instance. */
  types?: Array<string> | null | undefined;
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

/** Which account goes where. */
export type MoveAccountInput = {
  accountId: string | number;
  /** Where it goes: a tenant that the caller sees. */
  tenantId: string | number;
};

/** NOT_DUE: not asked for as yet. NOT_SETTLED: CloudWatch may still deliver it. RESOURCE_INACTIVE: stopped or detached, so not asked for. NEVER_PUBLISHED, SPARSE: CloudWatch answered that it has no point ever, or none of these periods. OUTSIDE_RETENTION: CloudWatch has it no more. */
export type NoDataReason =
  | 'ACCOUNT_BROKEN'
  | 'ACCOUNT_PAUSED'
  | 'DENIED'
  | 'GATEWAY_DOWN'
  | 'NEVER_PUBLISHED'
  | 'NOT_DUE'
  | 'NOT_SETTLED'
  | 'OUTSIDE_RETENTION'
  | 'OVER_BUDGET'
  | 'PLUGIN_FAILED'
  | 'REGION_DISABLED'
  | 'RESOURCE_INACTIVE'
  | 'SPARSE'
  | 'THROTTLED';

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

/** Which account goes, and whether what was collected of it stays. */
export type RemoveAccountInput = {
  accountId: string | number;
  keepHistory?: boolean;
};

/** What happened to a resource. */
export type ResourceChangeKind = 'APPEARED' | 'CHANGED' | 'GONE';

/** All that are given must match. */
export type ResourceFilter = {
  accountIds?: Array<string | number> | null | undefined;
  ids?: Array<string | number> | null | undefined;
  includeGone?: boolean;
  plugins?: Array<string> | null | undefined;
  regions?: Array<string> | null | undefined;
  /** A part of the name, of the ARN or of the identifier; the case does not matter. */
  search?: string | null | undefined;
  tags?: Array<TagFilterInput> | null | undefined;
  /** Of these tenants alone, not of those below them. */
  tenantIds?: Array<string | number> | null | undefined;
  /** As the plugins declare them, for example ec2:instance. */
  types?: Array<string> | null | undefined;
};

/** ADMIN: all, tokens and tenants included. OPERATOR: accounts and collection. VIEWER: reads and subscribes. */
export type Role = 'ADMIN' | 'OPERATOR' | 'VIEWER';

/** The direction of an order. */
export type SortDirection = 'ASC' | 'DESC';

/** A tag that a resource must have. */
export type TagFilterInput = {
  key: string;
  /** Any value when left out or empty. */
  values?: Array<string> | null | undefined;
};

/** `from` and `to`, or `last` seconds up to now. */
export type TimeRange = {
  from?: string | null | undefined;
  last?: number | null | undefined;
  to?: string | null | undefined;
};

/** What is left out stays; an explicit null clears what may be null, such as the budget. */
export type UpdateAccountInput = {
  accountId: string | number;
  labels?: Record<string, unknown> | null | undefined;
  metricProfiles?: Array<MetricProfileInput> | null | undefined;
  monthlyBudgetUsd?: number | null | undefined;
  name?: string | null | undefined;
  plugins?: Array<string> | null | undefined;
  regions?: Array<string> | null | undefined;
  tagFilter?: Array<TagFilterInput> | null | undefined;
};

/** By what usage is summed up. */
export type UsageDimension = 'ACCOUNT' | 'API' | 'DAY' | 'PLUGIN' | 'REGION';

export type UsageQueryVariables = Exact<{
  range: TimeRange;
  groupBy?: Array<UsageDimension> | UsageDimension | null | undefined;
  limit?: number | null | undefined;
}>;

export type UsageQuery = {
  apiUsage: Array<{
    day: string | null;
    plugin: string | null;
    region: string | null;
    api: string | null;
    calls: number;
    metricsRequested: number;
    throttled: number;
    costUsd: number;
    costUsdUpperBound: number;
    account: { id: string } | null;
  }>;
};

export type CostsQueryVariables = Exact<{
  orderBy?: AccountOrder | null | undefined;
}>;

export type CostsQuery = {
  accounts: {
    nodes: Array<{
      id: string;
      monthlyBudgetUsd: number | null;
      cost: {
        monthToDateUsd: number;
        monthToDateUsdUpperBound: number;
        forecastMonthEndUsd: number;
        forecastMonthEndUsdUpperBound: number;
        budgetState: BudgetState;
      };
    }>;
  };
};

export type RunCostsQueryVariables = Exact<{
  accountIds: Array<string | number> | string | number;
}>;

export type RunCostsQuery = {
  collectionRuns: {
    nodes: Array<{
      id: string;
      trigger: CollectionTrigger;
      state: CollectionState;
      awsCalls: number;
      costUsd: number;
      steps: Array<{
        step: CollectionStep;
        region: string | null;
        state: CollectionState;
        error: { code: string; message: string } | null;
      }>;
    }>;
  };
};

export type SetBudgetMutationVariables = Exact<{
  input: UpdateAccountInput;
}>;

export type SetBudgetMutation = {
  updateAccount: {
    account: { monthlyBudgetUsd: number | null } | null;
    errors: Array<
      { code: string } | { code: string } | { code: string } | { code: string } | { code: string }
    >;
  };
};

export type ByCompletenessQueryVariables = Exact<{ [key: string]: never }>;

export type ByCompletenessQuery = { accounts: { nodes: Array<{ id: string; completeness: number | null }> } };

export type NoDataOfAccountsQueryVariables = Exact<{ [key: string]: never }>;

export type NoDataOfAccountsQuery = {
  accounts: { nodes: Array<{ noData: Array<{ reason: NoDataReason; count: number }> }> };
};

export type CreateTenantMutationVariables = Exact<{
  input: CreateTenantInput;
}>;

export type CreateTenantMutation = {
  createTenant: {
    tenant: { id: string } | null;
    errors: Array<
      { code: string } | { code: string } | { code: string } | { code: string } | { code: string }
    >;
  };
};

export type MoveAccountMutationVariables = Exact<{
  input: MoveAccountInput;
}>;

export type MoveAccountMutation = {
  moveAccount: {
    account: {
      id: string;
      status: AccountStatus;
      tenant: { id: string };
      externalIds: Array<{ value: string; state: ExternalIdState }>;
    } | null;
    errors: Array<
      | { __typename: 'AwsCallFailed'; code: string; path: Array<string> }
      | { __typename: 'Conflict'; code: string; path: Array<string> }
      | { __typename: 'InvalidInput'; code: string; path: Array<string> }
      | { __typename: 'NotFound'; code: string; path: Array<string> }
      | { __typename: 'TrustRefused'; code: string; path: Array<string> }
    >;
  };
};

export type ChangedAccountsSubscriptionVariables = Exact<{ [key: string]: never }>;

export type ChangedAccountsSubscription = {
  accountChanges: { id: string; name: string; tenant: { name: string } };
};

export type MovesQueryVariables = Exact<{ [key: string]: never }>;

export type MovesQuery = {
  auditLog: {
    nodes: Array<{
      actor: string;
      accountId: string | null;
      target: string | null;
      detail: Record<string, unknown>;
    }>;
  };
};

export type RegisterAccountMutationVariables = Exact<{
  input: RegisterAccountInput;
}>;

export type RegisterAccountMutation = {
  registerAccount: {
    account: {
      id: string;
      status: AccountStatus;
      awsAccountId: string | null;
      externalIds: Array<{ value: string; state: ExternalIdState }>;
      onboarding: {
        gatewayAwsAccountId: string;
        gatewayPrincipalArn: string;
        roleName: string;
        suggestedRoleArn: string | null;
        trustPolicy: Record<string, unknown>;
        permissionPolicy: Record<string, unknown>;
        cloudFormationTemplate: string;
        cloudFormationConsoleUrl: string;
      } | null;
    } | null;
    errors: Array<
      | {
          __typename: 'AwsCallFailed';
          awsCode: string;
          retryable: boolean;
          code: string;
          message: string;
          hint: string | null;
          path: Array<string>;
        }
      | { __typename: 'Conflict'; code: string; message: string; hint: string | null; path: Array<string> }
      | {
          __typename: 'InvalidInput';
          code: string;
          message: string;
          hint: string | null;
          path: Array<string>;
        }
      | { __typename: 'NotFound'; code: string; message: string; hint: string | null; path: Array<string> }
      | {
          __typename: 'TrustRefused';
          code: string;
          message: string;
          hint: string | null;
          path: Array<string>;
          verification: {
            ok: boolean;
            checks: Array<{ name: CheckName; outcome: CheckOutcome; code: string | null }>;
          };
        }
    >;
  };
};

type Mistake_AwsCallFailed_Fragment = {
  __typename: 'AwsCallFailed';
  awsCode: string;
  retryable: boolean;
  code: string;
  message: string;
  hint: string | null;
  path: Array<string>;
};

type Mistake_Conflict_Fragment = {
  __typename: 'Conflict';
  code: string;
  message: string;
  hint: string | null;
  path: Array<string>;
};

type Mistake_InvalidInput_Fragment = {
  __typename: 'InvalidInput';
  code: string;
  message: string;
  hint: string | null;
  path: Array<string>;
};

type Mistake_NotFound_Fragment = {
  __typename: 'NotFound';
  code: string;
  message: string;
  hint: string | null;
  path: Array<string>;
};

type Mistake_TrustRefused_Fragment = {
  __typename: 'TrustRefused';
  code: string;
  message: string;
  hint: string | null;
  path: Array<string>;
  verification: {
    ok: boolean;
    checks: Array<{ name: CheckName; outcome: CheckOutcome; code: string | null }>;
  };
};

export type MistakeFragment =
  | Mistake_AwsCallFailed_Fragment
  | Mistake_Conflict_Fragment
  | Mistake_InvalidInput_Fragment
  | Mistake_NotFound_Fragment
  | Mistake_TrustRefused_Fragment;

export type ConnectAccountMutationVariables = Exact<{
  input: ConnectAccountInput;
}>;

export type ConnectAccountMutation = {
  connectAccount: {
    account: {
      id: string;
      status: AccountStatus;
      awsAccountId: string | null;
      roleArn: string | null;
      connection: AccountConnectionMethod;
      nextCollectionAt: string | null;
    } | null;
    verification: {
      ok: boolean;
      checks: Array<{ name: CheckName; outcome: CheckOutcome; code: string | null }>;
    } | null;
    errors: Array<
      | {
          __typename: 'AwsCallFailed';
          awsCode: string;
          retryable: boolean;
          code: string;
          message: string;
          hint: string | null;
          path: Array<string>;
        }
      | { __typename: 'Conflict'; code: string; message: string; hint: string | null; path: Array<string> }
      | {
          __typename: 'InvalidInput';
          code: string;
          message: string;
          hint: string | null;
          path: Array<string>;
        }
      | { __typename: 'NotFound'; code: string; message: string; hint: string | null; path: Array<string> }
      | {
          __typename: 'TrustRefused';
          code: string;
          message: string;
          hint: string | null;
          path: Array<string>;
          verification: {
            ok: boolean;
            checks: Array<{ name: CheckName; outcome: CheckOutcome; code: string | null }>;
          };
        }
    >;
  };
};

export type CollectNowMutationVariables = Exact<{
  input: CollectNowInput;
}>;

export type CollectNowMutation = {
  collectNow: {
    run: { id: string; state: CollectionState; trigger: CollectionTrigger } | null;
    errors: Array<
      | {
          __typename: 'AwsCallFailed';
          awsCode: string;
          retryable: boolean;
          code: string;
          message: string;
          hint: string | null;
          path: Array<string>;
        }
      | { __typename: 'Conflict'; code: string; message: string; hint: string | null; path: Array<string> }
      | {
          __typename: 'InvalidInput';
          code: string;
          message: string;
          hint: string | null;
          path: Array<string>;
        }
      | { __typename: 'NotFound'; code: string; message: string; hint: string | null; path: Array<string> }
      | {
          __typename: 'TrustRefused';
          code: string;
          message: string;
          hint: string | null;
          path: Array<string>;
          verification: {
            ok: boolean;
            checks: Array<{ name: CheckName; outcome: CheckOutcome; code: string | null }>;
          };
        }
    >;
  };
};

export type RotateExternalIdMutationVariables = Exact<{
  input: AccountIdInput;
}>;

export type RotateExternalIdMutation = {
  rotateExternalId: {
    pending: { value: string; state: ExternalIdState } | null;
    onboarding: { trustPolicy: Record<string, unknown>; permissionPolicy: Record<string, unknown> } | null;
    account: {
      onboarding: { trustPolicy: Record<string, unknown>; permissionPolicy: Record<string, unknown> } | null;
    } | null;
    errors: Array<
      | {
          __typename: 'AwsCallFailed';
          awsCode: string;
          retryable: boolean;
          code: string;
          message: string;
          hint: string | null;
          path: Array<string>;
        }
      | { __typename: 'Conflict'; code: string; message: string; hint: string | null; path: Array<string> }
      | {
          __typename: 'InvalidInput';
          code: string;
          message: string;
          hint: string | null;
          path: Array<string>;
        }
      | { __typename: 'NotFound'; code: string; message: string; hint: string | null; path: Array<string> }
      | {
          __typename: 'TrustRefused';
          code: string;
          message: string;
          hint: string | null;
          path: Array<string>;
          verification: {
            ok: boolean;
            checks: Array<{ name: CheckName; outcome: CheckOutcome; code: string | null }>;
          };
        }
    >;
  };
};

export type CancelRotationMutationVariables = Exact<{
  input: AccountIdInput;
}>;

export type CancelRotationMutation = {
  cancelExternalIdRotation: {
    account: { externalIds: Array<{ value: string; state: ExternalIdState }> } | null;
    errors: Array<
      | {
          __typename: 'AwsCallFailed';
          awsCode: string;
          retryable: boolean;
          code: string;
          message: string;
          hint: string | null;
          path: Array<string>;
        }
      | { __typename: 'Conflict'; code: string; message: string; hint: string | null; path: Array<string> }
      | {
          __typename: 'InvalidInput';
          code: string;
          message: string;
          hint: string | null;
          path: Array<string>;
        }
      | { __typename: 'NotFound'; code: string; message: string; hint: string | null; path: Array<string> }
      | {
          __typename: 'TrustRefused';
          code: string;
          message: string;
          hint: string | null;
          path: Array<string>;
          verification: {
            ok: boolean;
            checks: Array<{ name: CheckName; outcome: CheckOutcome; code: string | null }>;
          };
        }
    >;
  };
};

export type VerifyAccountMutationVariables = Exact<{
  input: AccountIdInput;
}>;

export type VerifyAccountMutation = {
  verifyAccount: {
    account: {
      status: AccountStatus;
      statusReason: string | null;
      externalIds: Array<{ value: string; state: ExternalIdState }>;
    } | null;
    verification: { ok: boolean; checks: Array<{ name: CheckName; outcome: CheckOutcome }> } | null;
    errors: Array<
      | {
          __typename: 'AwsCallFailed';
          awsCode: string;
          retryable: boolean;
          code: string;
          message: string;
          hint: string | null;
          path: Array<string>;
        }
      | { __typename: 'Conflict'; code: string; message: string; hint: string | null; path: Array<string> }
      | {
          __typename: 'InvalidInput';
          code: string;
          message: string;
          hint: string | null;
          path: Array<string>;
        }
      | { __typename: 'NotFound'; code: string; message: string; hint: string | null; path: Array<string> }
      | {
          __typename: 'TrustRefused';
          code: string;
          message: string;
          hint: string | null;
          path: Array<string>;
          verification: {
            ok: boolean;
            checks: Array<{ name: CheckName; outcome: CheckOutcome; code: string | null }>;
          };
        }
    >;
  };
};

export type PauseAccountMutationVariables = Exact<{
  input: AccountIdInput;
}>;

export type PauseAccountMutation = {
  pauseAccount: {
    account: { status: AccountStatus; nextCollectionAt: string | null } | null;
    errors: Array<
      | {
          __typename: 'AwsCallFailed';
          awsCode: string;
          retryable: boolean;
          code: string;
          message: string;
          hint: string | null;
          path: Array<string>;
        }
      | { __typename: 'Conflict'; code: string; message: string; hint: string | null; path: Array<string> }
      | {
          __typename: 'InvalidInput';
          code: string;
          message: string;
          hint: string | null;
          path: Array<string>;
        }
      | { __typename: 'NotFound'; code: string; message: string; hint: string | null; path: Array<string> }
      | {
          __typename: 'TrustRefused';
          code: string;
          message: string;
          hint: string | null;
          path: Array<string>;
          verification: {
            ok: boolean;
            checks: Array<{ name: CheckName; outcome: CheckOutcome; code: string | null }>;
          };
        }
    >;
  };
};

export type ResumeAccountMutationVariables = Exact<{
  input: AccountIdInput;
}>;

export type ResumeAccountMutation = {
  resumeAccount: {
    account: { status: AccountStatus; nextCollectionAt: string | null } | null;
    errors: Array<
      | {
          __typename: 'AwsCallFailed';
          awsCode: string;
          retryable: boolean;
          code: string;
          message: string;
          hint: string | null;
          path: Array<string>;
        }
      | { __typename: 'Conflict'; code: string; message: string; hint: string | null; path: Array<string> }
      | {
          __typename: 'InvalidInput';
          code: string;
          message: string;
          hint: string | null;
          path: Array<string>;
        }
      | { __typename: 'NotFound'; code: string; message: string; hint: string | null; path: Array<string> }
      | {
          __typename: 'TrustRefused';
          code: string;
          message: string;
          hint: string | null;
          path: Array<string>;
          verification: {
            ok: boolean;
            checks: Array<{ name: CheckName; outcome: CheckOutcome; code: string | null }>;
          };
        }
    >;
  };
};

export type UpdateAccountMutationVariables = Exact<{
  input: UpdateAccountInput;
}>;

export type UpdateAccountMutation = {
  updateAccount: {
    account: {
      name: string;
      regions: Array<string>;
      plugins: Array<string>;
      monthlyBudgetUsd: number | null;
    } | null;
    errors: Array<
      | {
          __typename: 'AwsCallFailed';
          awsCode: string;
          retryable: boolean;
          code: string;
          message: string;
          hint: string | null;
          path: Array<string>;
        }
      | { __typename: 'Conflict'; code: string; message: string; hint: string | null; path: Array<string> }
      | {
          __typename: 'InvalidInput';
          code: string;
          message: string;
          hint: string | null;
          path: Array<string>;
        }
      | { __typename: 'NotFound'; code: string; message: string; hint: string | null; path: Array<string> }
      | {
          __typename: 'TrustRefused';
          code: string;
          message: string;
          hint: string | null;
          path: Array<string>;
          verification: {
            ok: boolean;
            checks: Array<{ name: CheckName; outcome: CheckOutcome; code: string | null }>;
          };
        }
    >;
  };
};

export type RemoveAccountMutationVariables = Exact<{
  input: RemoveAccountInput;
}>;

export type RemoveAccountMutation = {
  removeAccount: {
    removedAccountId: string | null;
    errors: Array<
      | {
          __typename: 'AwsCallFailed';
          awsCode: string;
          retryable: boolean;
          code: string;
          message: string;
          hint: string | null;
          path: Array<string>;
        }
      | { __typename: 'Conflict'; code: string; message: string; hint: string | null; path: Array<string> }
      | {
          __typename: 'InvalidInput';
          code: string;
          message: string;
          hint: string | null;
          path: Array<string>;
        }
      | { __typename: 'NotFound'; code: string; message: string; hint: string | null; path: Array<string> }
      | {
          __typename: 'TrustRefused';
          code: string;
          message: string;
          hint: string | null;
          path: Array<string>;
          verification: {
            ok: boolean;
            checks: Array<{ name: CheckName; outcome: CheckOutcome; code: string | null }>;
          };
        }
    >;
  };
};

export type AccountsQueryVariables = Exact<{
  filter?: AccountFilter | null | undefined;
}>;

export type AccountsQuery = {
  accounts: {
    totalCount: number;
    nodes: Array<{
      id: string;
      name: string;
      status: AccountStatus;
      statusReason: string | null;
      roleArn: string | null;
      connection: AccountConnectionMethod;
      awsAccountId: string | null;
      lastCollectedAt: string | null;
      externalIds: Array<{ value: string; state: ExternalIdState }>;
    }>;
  };
};

export type RunsQueryVariables = Exact<{
  filter?: CollectionRunFilter | null | undefined;
}>;

export type RunsQuery = {
  collectionRuns: {
    nodes: Array<{
      id: string;
      state: CollectionState;
      trigger: CollectionTrigger;
      resourcesFound: number;
      seriesCollected: number;
      pointsStored: number;
      pointsBackfilled: number;
      awsCalls: number;
      costUsd: number;
      steps: Array<{
        step: CollectionStep;
        plugin: string | null;
        region: string | null;
        state: CollectionState;
        error: { code: string; message: string; retryable: boolean; missingActions: Array<string> } | null;
      }>;
    }>;
  };
};

export type ResourcesQueryVariables = Exact<{
  filter?: ResourceFilter | null | undefined;
  first?: number;
  after?: string | null | undefined;
}>;

export type ResourcesQuery = {
  resources: {
    totalCount: number;
    nodes: Array<
      | {
          __typename: 'Ec2Instance';
          instanceId: string | null;
          instanceType: string | null;
          state: string | null;
          launchedAt: string | null;
          id: string;
          type: string;
          name: string | null;
          region: string;
          arn: string | null;
          tags: Array<{ key: string; value: string }>;
          account: { id: string };
        }
      | {
          __typename: 'GenericResource';
          id: string;
          type: string;
          name: string | null;
          region: string;
          arn: string | null;
          tags: Array<{ key: string; value: string }>;
          account: { id: string };
        }
      | {
          __typename: 'LoadBalancer';
          kind: LoadBalancerKind | null;
          dnsName: string | null;
          id: string;
          type: string;
          name: string | null;
          region: string;
          arn: string | null;
          tags: Array<{ key: string; value: string }>;
          account: { id: string };
        }
      | {
          __typename: 'RdsInstance';
          engine: string | null;
          multiAz: boolean | null;
          allocatedStorageGiB: number | null;
          id: string;
          type: string;
          name: string | null;
          region: string;
          arn: string | null;
          tags: Array<{ key: string; value: string }>;
          account: { id: string };
        }
    >;
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
  };
};

export type StoredSeriesQueryVariables = Exact<{
  filter: MetricFilter;
  range: TimeRange;
  step?: number | null | undefined;
  limit?: number;
}>;

export type StoredSeriesQuery = {
  metricData: {
    totalSeries: number;
    truncated: boolean;
    series: Array<{
      columns: { timestamps: number[]; values: (number | null)[]; provisionalFrom: number | null };
      metric: {
        id: string;
        namespace: string;
        name: string;
        statistic: string;
        period: number;
        dimensions: Record<string, unknown>;
        resource:
          | { region: string; account: { awsAccountId: string | null } }
          | { region: string; account: { awsAccountId: string | null } }
          | { region: string; account: { awsAccountId: string | null } }
          | { region: string; account: { awsAccountId: string | null } };
      };
    }>;
  };
};

export type LiveMetricsSubscriptionVariables = Exact<{
  filter: MetricFilter;
  since?: string | null | undefined;
}>;

export type LiveMetricsSubscription = {
  metricUpdates: {
    replay: boolean;
    merged: number;
    collectedAt: string;
    account: { id: string };
    series: Array<{
      columns: { timestamps: number[]; values: (number | null)[]; provisionalFrom: number | null };
      metric: { id: string; name: string; statistic: string };
    }>;
  };
};

export type ResourceChangesSubscriptionVariables = Exact<{ [key: string]: never }>;

export type ResourceChangesSubscription = {
  resourceChanges: {
    kind: ResourceChangeKind;
    changedFields: Array<string>;
    resource:
      | { name: string | null; type: string }
      | { name: string | null; type: string }
      | { name: string | null; type: string }
      | { name: string | null; type: string };
  };
};

export type StatusChangesSubscriptionVariables = Exact<{ [key: string]: never }>;

export type StatusChangesSubscription = {
  accountStatusChanges: { from: AccountStatus | null; to: AccountStatus; account: { id: string } };
};

export type ProgressSubscriptionVariables = Exact<{ [key: string]: never }>;

export type ProgressSubscription = {
  collectionProgress: {
    step: CollectionStep;
    plugin: string | null;
    region: string | null;
    done: number;
    total: number;
    run: { id: string; state: CollectionState };
  };
};

export type NodeByIdQueryVariables = Exact<{
  id: string | number;
}>;

export type NodeByIdQuery = {
  node:
    | { __typename: 'Account'; id: string }
    | { __typename: 'ApiToken'; id: string }
    | { __typename: 'AuditEntry'; id: string }
    | { __typename: 'CollectionRun'; id: string }
    | { __typename: 'Ec2Instance'; id: string }
    | { __typename: 'GenericResource'; id: string }
    | { __typename: 'LoadBalancer'; id: string }
    | { __typename: 'Metric'; id: string }
    | { __typename: 'RdsInstance'; id: string }
    | { __typename: 'Tenant'; id: string }
    | null;
  nodes: Array<
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | null
  >;
  account: { id: string } | null;
  resource: { id: string } | { id: string } | { id: string } | { id: string } | null;
};

export type DropCredentialsMutationVariables = Exact<{
  input: AccountIdInput;
}>;

export type DropCredentialsMutation = {
  dropCredentials: {
    account: { id: string } | null;
    errors: Array<
      | {
          __typename: 'AwsCallFailed';
          awsCode: string;
          retryable: boolean;
          code: string;
          message: string;
          hint: string | null;
          path: Array<string>;
        }
      | { __typename: 'Conflict'; code: string; message: string; hint: string | null; path: Array<string> }
      | {
          __typename: 'InvalidInput';
          code: string;
          message: string;
          hint: string | null;
          path: Array<string>;
        }
      | { __typename: 'NotFound'; code: string; message: string; hint: string | null; path: Array<string> }
      | {
          __typename: 'TrustRefused';
          code: string;
          message: string;
          hint: string | null;
          path: Array<string>;
          verification: {
            ok: boolean;
            checks: Array<{ name: CheckName; outcome: CheckOutcome; code: string | null }>;
          };
        }
    >;
  };
};

export type OnboardingOfQueryVariables = Exact<{
  id: string | number;
}>;

export type OnboardingOfQuery = {
  account: {
    status: AccountStatus;
    externalIds: Array<{ value: string; state: ExternalIdState }>;
    onboarding: {
      gatewayPrincipalArn: string;
      roleName: string;
      suggestedRoleArn: string | null;
      trustPolicy: Record<string, unknown>;
      permissionPolicy: Record<string, unknown>;
      selfAuditPolicy: Record<string, unknown> | null;
      cloudFormationTemplate: string;
      terraform: string;
      awsCliCommands: string;
    } | null;
  } | null;
};

export type CollectedSeriesQueryVariables = Exact<{
  after?: string | null | undefined;
}>;

export type CollectedSeriesQuery = {
  metrics: {
    totalCount: number;
    nodes: Array<{
      id: string;
      namespace: string;
      name: string;
      statistic: string;
      period: number;
      dimensions: Record<string, unknown>;
      resource:
        { arn: string | null } | { arn: string | null } | { arn: string | null } | { arn: string | null };
    }>;
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
  };
};

export type RunStatesQueryVariables = Exact<{
  accountIds?: Array<string | number> | string | number | null | undefined;
}>;

export type RunStatesQuery = {
  collectionRuns: {
    nodes: Array<{
      id: string;
      state: CollectionState;
      trigger: CollectionTrigger;
      finishedAt: string | null;
      account: { id: string };
    }>;
  };
};

export type LatestOfQueryVariables = Exact<{
  filter: MetricFilter;
}>;

export type LatestOfQuery = { metrics: { nodes: Array<{ latest: { timestamp: string } | null }> } };

export type RunOutcomesQueryVariables = Exact<{
  accountIds?: Array<string | number> | string | number | null | undefined;
}>;

export type RunOutcomesQuery = {
  collectionRuns: {
    nodes: Array<{
      id: string;
      state: CollectionState;
      trigger: CollectionTrigger;
      scheduledFor: string;
      pointsStored: number;
      pointsBackfilled: number;
      steps: Array<{
        step: CollectionStep;
        region: string | null;
        state: CollectionState;
        error: { code: string } | null;
      }>;
    }>;
  };
};

export type TrustOfQueryVariables = Exact<{
  id: string | number;
}>;

export type TrustOfQuery = {
  account: {
    status: AccountStatus;
    statusReason: string | null;
    roleArn: string | null;
    awsAccountId: string | null;
    nextVerificationAt: string | null;
    nextCollectionAt: string | null;
    waiver: { checks: Array<CheckName>; grantedBy: string; expiresAt: string } | null;
    externalIds: Array<{
      value: string;
      state: ExternalIdState;
      activatedAt: string | null;
      retiredAt: string | null;
      acceptedAt: string | null;
      refusedAt: string | null;
    }>;
    verification: {
      ok: boolean;
      checks: Array<{
        name: CheckName;
        outcome: CheckOutcome;
        code: string | null;
        message: string;
        missingActions: Array<string>;
        waived: boolean;
      }>;
    } | null;
    onboarding: { trustPolicy: Record<string, unknown>; permissionPolicy: Record<string, unknown> } | null;
  } | null;
};

export type ForecastAccountMutationVariables = Exact<{
  input: ForecastAccountInput;
}>;

export type ForecastAccountMutation = {
  forecastAccount: {
    forecast: {
      resources: number;
      series: number;
      inactiveSeries: number;
      monthlyCostUsd: number;
      monthlyCostUsdUpperBound: number;
      oneTimeCostUsd: number;
      oneTimeCostUsdUpperBound: number;
      currentMonthlyCostUsd: number | null;
      addedActions: Array<string>;
      removedActions: Array<string>;
      missingActions: Array<string>;
      permissionPolicy: Record<string, unknown>;
      parts: Array<{
        plugin: string;
        region: string;
        resources: number;
        series: number;
        monthlyCostUsd: number;
        error: { code: string } | null;
      }>;
    } | null;
    verification: { ok: boolean; checks: Array<{ name: CheckName; outcome: CheckOutcome }> } | null;
    errors: Array<
      | { __typename: 'AwsCallFailed'; code: string; message: string }
      | { __typename: 'Conflict'; code: string; message: string }
      | { __typename: 'InvalidInput'; code: string; message: string }
      | { __typename: 'NotFound'; code: string; message: string }
      | { __typename: 'TrustRefused'; code: string; message: string }
    >;
  };
};

export type AccountChangesSubscriptionVariables = Exact<{
  accountIds?: Array<string | number> | string | number | null | undefined;
}>;

export type AccountChangesSubscription = {
  accountChanges: {
    id: string;
    status: AccountStatus;
    externalIds: Array<{ value: string; state: ExternalIdState }>;
  };
};

export type VerificationProgressSubscriptionVariables = Exact<{
  accountId: string | number;
}>;

export type VerificationProgressSubscription = {
  verificationProgress: {
    complete: boolean;
    ok: boolean;
    checks: Array<{ name: CheckName; outcome: CheckOutcome }>;
  };
};

export type StoredKeyOfQueryVariables = Exact<{
  id: string | number;
}>;

export type StoredKeyOfQuery = {
  account: {
    status: AccountStatus;
    connection: AccountConnectionMethod;
    accessKey: { idEnding: string; storedAt: string; ageDays: number; isOld: boolean } | null;
    verification: {
      checks: Array<{ name: CheckName; outcome: CheckOutcome; code: string | null; message: string }>;
    } | null;
  } | null;
};

export type ViewerQueryVariables = Exact<{ [key: string]: never }>;

export type ViewerQuery = { viewer: { actor: string; role: Role; tenant: { id: string; name: string } } };

export type MetricUpdatesSubscriptionVariables = Exact<{
  filter: MetricFilter;
  since?: string | null | undefined;
}>;

export type MetricUpdatesSubscription = {
  metricUpdates: {
    collectedAt: string;
    replay: boolean;
    merged: number;
    account: { id: string };
    series: Array<{
      columns: { timestamps: number[]; values: (number | null)[]; provisionalFrom: number | null };
      metric: { id: string };
    }>;
  };
};

export type StoredPointsQueryVariables = Exact<{
  filter: MetricFilter;
  range: TimeRange;
  step: number;
}>;

export type StoredPointsQuery = {
  metricData: {
    truncated: boolean;
    series: Array<{
      columns: { timestamps: number[]; values: (number | null)[]; provisionalFrom: number | null };
      metric: {
        namespace: string;
        name: string;
        statistic: string;
        period: number;
        dimensions: Record<string, unknown>;
        resource:
          | { name: string | null; region: string; account: { awsAccountId: string | null } }
          | { name: string | null; region: string; account: { awsAccountId: string | null } }
          | { name: string | null; region: string; account: { awsAccountId: string | null } }
          | { name: string | null; region: string; account: { awsAccountId: string | null } };
      };
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
export const MistakeFragmentDoc = new TypedDocumentString(
  `
    fragment Mistake on UserError {
  __typename
  code
  message
  hint
  path
  ... on TrustRefused {
    verification {
      ok
      checks {
        name
        outcome
        code
      }
    }
  }
  ... on AwsCallFailed {
    awsCode
    retryable
  }
}
    `,
  { fragmentName: 'Mistake' },
) as unknown as TypedDocumentString<MistakeFragment, unknown>;
export const UsageDocument = new TypedDocumentString(`
    query Usage($range: TimeRange!, $groupBy: [UsageDimension!], $limit: Int) {
  apiUsage(range: $range, groupBy: $groupBy, limit: $limit) {
    day
    account {
      id
    }
    plugin
    region
    api
    calls
    metricsRequested
    throttled
    costUsd
    costUsdUpperBound
  }
}
    `) as unknown as TypedDocumentString<UsageQuery, UsageQueryVariables>;
export const CostsDocument = new TypedDocumentString(`
    query Costs($orderBy: AccountOrder) {
  accounts(orderBy: $orderBy) {
    nodes {
      id
      monthlyBudgetUsd
      cost {
        monthToDateUsd
        monthToDateUsdUpperBound
        forecastMonthEndUsd
        forecastMonthEndUsdUpperBound
        budgetState
      }
    }
  }
}
    `) as unknown as TypedDocumentString<CostsQuery, CostsQueryVariables>;
export const RunCostsDocument = new TypedDocumentString(`
    query RunCosts($accountIds: [ID!]!) {
  collectionRuns(filter: {accountIds: $accountIds}, first: 500) {
    nodes {
      id
      trigger
      state
      awsCalls
      costUsd
      steps {
        step
        region
        state
        error {
          code
          message
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<RunCostsQuery, RunCostsQueryVariables>;
export const SetBudgetDocument = new TypedDocumentString(`
    mutation SetBudget($input: UpdateAccountInput!) {
  updateAccount(input: $input) {
    account {
      monthlyBudgetUsd
    }
    errors {
      code
    }
  }
}
    `) as unknown as TypedDocumentString<SetBudgetMutation, SetBudgetMutationVariables>;
export const ByCompletenessDocument = new TypedDocumentString(`
    query ByCompleteness {
  accounts(orderBy: {field: COMPLETENESS}) {
    nodes {
      id
      completeness
    }
  }
}
    `) as unknown as TypedDocumentString<ByCompletenessQuery, ByCompletenessQueryVariables>;
export const NoDataOfAccountsDocument = new TypedDocumentString(`
    query NoDataOfAccounts {
  accounts {
    nodes {
      noData {
        reason
        count
      }
    }
  }
}
    `) as unknown as TypedDocumentString<NoDataOfAccountsQuery, NoDataOfAccountsQueryVariables>;
export const CreateTenantDocument = new TypedDocumentString(`
    mutation CreateTenant($input: CreateTenantInput!) {
  createTenant(input: $input) {
    tenant {
      id
    }
    errors {
      code
    }
  }
}
    `) as unknown as TypedDocumentString<CreateTenantMutation, CreateTenantMutationVariables>;
export const MoveAccountDocument = new TypedDocumentString(`
    mutation MoveAccount($input: MoveAccountInput!) {
  moveAccount(input: $input) {
    account {
      id
      status
      tenant {
        id
      }
      externalIds {
        value
        state
      }
    }
    errors {
      __typename
      code
      path
    }
  }
}
    `) as unknown as TypedDocumentString<MoveAccountMutation, MoveAccountMutationVariables>;
export const ChangedAccountsDocument = new TypedDocumentString(`
    subscription ChangedAccounts {
  accountChanges {
    id
    name
    tenant {
      name
    }
  }
}
    `) as unknown as TypedDocumentString<ChangedAccountsSubscription, ChangedAccountsSubscriptionVariables>;
export const MovesDocument = new TypedDocumentString(`
    query Moves {
  auditLog(filter: {actions: ["account.moved"]}) {
    nodes {
      actor
      accountId
      target
      detail
    }
  }
}
    `) as unknown as TypedDocumentString<MovesQuery, MovesQueryVariables>;
export const RegisterAccountDocument = new TypedDocumentString(`
    mutation RegisterAccount($input: RegisterAccountInput!) {
  registerAccount(input: $input) {
    account {
      id
      status
      awsAccountId
      externalIds {
        value
        state
      }
      onboarding {
        gatewayAwsAccountId
        gatewayPrincipalArn
        roleName
        suggestedRoleArn
        trustPolicy
        permissionPolicy
        cloudFormationTemplate
        cloudFormationConsoleUrl
      }
    }
    errors {
      ...Mistake
    }
  }
}
    fragment Mistake on UserError {
  __typename
  code
  message
  hint
  path
  ... on TrustRefused {
    verification {
      ok
      checks {
        name
        outcome
        code
      }
    }
  }
  ... on AwsCallFailed {
    awsCode
    retryable
  }
}`) as unknown as TypedDocumentString<RegisterAccountMutation, RegisterAccountMutationVariables>;
export const ConnectAccountDocument = new TypedDocumentString(`
    mutation ConnectAccount($input: ConnectAccountInput!) {
  connectAccount(input: $input) {
    account {
      id
      status
      awsAccountId
      roleArn
      connection
      nextCollectionAt
    }
    verification {
      ok
      checks {
        name
        outcome
        code
      }
    }
    errors {
      ...Mistake
    }
  }
}
    fragment Mistake on UserError {
  __typename
  code
  message
  hint
  path
  ... on TrustRefused {
    verification {
      ok
      checks {
        name
        outcome
        code
      }
    }
  }
  ... on AwsCallFailed {
    awsCode
    retryable
  }
}`) as unknown as TypedDocumentString<ConnectAccountMutation, ConnectAccountMutationVariables>;
export const CollectNowDocument = new TypedDocumentString(`
    mutation CollectNow($input: CollectNowInput!) {
  collectNow(input: $input) {
    run {
      id
      state
      trigger
    }
    errors {
      ...Mistake
    }
  }
}
    fragment Mistake on UserError {
  __typename
  code
  message
  hint
  path
  ... on TrustRefused {
    verification {
      ok
      checks {
        name
        outcome
        code
      }
    }
  }
  ... on AwsCallFailed {
    awsCode
    retryable
  }
}`) as unknown as TypedDocumentString<CollectNowMutation, CollectNowMutationVariables>;
export const RotateExternalIdDocument = new TypedDocumentString(`
    mutation RotateExternalId($input: AccountIdInput!) {
  rotateExternalId(input: $input) {
    pending {
      value
      state
    }
    onboarding {
      trustPolicy
      permissionPolicy
    }
    account {
      onboarding {
        trustPolicy
        permissionPolicy
      }
    }
    errors {
      ...Mistake
    }
  }
}
    fragment Mistake on UserError {
  __typename
  code
  message
  hint
  path
  ... on TrustRefused {
    verification {
      ok
      checks {
        name
        outcome
        code
      }
    }
  }
  ... on AwsCallFailed {
    awsCode
    retryable
  }
}`) as unknown as TypedDocumentString<RotateExternalIdMutation, RotateExternalIdMutationVariables>;
export const CancelRotationDocument = new TypedDocumentString(`
    mutation CancelRotation($input: AccountIdInput!) {
  cancelExternalIdRotation(input: $input) {
    account {
      externalIds {
        value
        state
      }
    }
    errors {
      ...Mistake
    }
  }
}
    fragment Mistake on UserError {
  __typename
  code
  message
  hint
  path
  ... on TrustRefused {
    verification {
      ok
      checks {
        name
        outcome
        code
      }
    }
  }
  ... on AwsCallFailed {
    awsCode
    retryable
  }
}`) as unknown as TypedDocumentString<CancelRotationMutation, CancelRotationMutationVariables>;
export const VerifyAccountDocument = new TypedDocumentString(`
    mutation VerifyAccount($input: AccountIdInput!) {
  verifyAccount(input: $input) {
    account {
      status
      statusReason
      externalIds {
        value
        state
      }
    }
    verification {
      ok
      checks {
        name
        outcome
      }
    }
    errors {
      ...Mistake
    }
  }
}
    fragment Mistake on UserError {
  __typename
  code
  message
  hint
  path
  ... on TrustRefused {
    verification {
      ok
      checks {
        name
        outcome
        code
      }
    }
  }
  ... on AwsCallFailed {
    awsCode
    retryable
  }
}`) as unknown as TypedDocumentString<VerifyAccountMutation, VerifyAccountMutationVariables>;
export const PauseAccountDocument = new TypedDocumentString(`
    mutation PauseAccount($input: AccountIdInput!) {
  pauseAccount(input: $input) {
    account {
      status
      nextCollectionAt
    }
    errors {
      ...Mistake
    }
  }
}
    fragment Mistake on UserError {
  __typename
  code
  message
  hint
  path
  ... on TrustRefused {
    verification {
      ok
      checks {
        name
        outcome
        code
      }
    }
  }
  ... on AwsCallFailed {
    awsCode
    retryable
  }
}`) as unknown as TypedDocumentString<PauseAccountMutation, PauseAccountMutationVariables>;
export const ResumeAccountDocument = new TypedDocumentString(`
    mutation ResumeAccount($input: AccountIdInput!) {
  resumeAccount(input: $input) {
    account {
      status
      nextCollectionAt
    }
    errors {
      ...Mistake
    }
  }
}
    fragment Mistake on UserError {
  __typename
  code
  message
  hint
  path
  ... on TrustRefused {
    verification {
      ok
      checks {
        name
        outcome
        code
      }
    }
  }
  ... on AwsCallFailed {
    awsCode
    retryable
  }
}`) as unknown as TypedDocumentString<ResumeAccountMutation, ResumeAccountMutationVariables>;
export const UpdateAccountDocument = new TypedDocumentString(`
    mutation UpdateAccount($input: UpdateAccountInput!) {
  updateAccount(input: $input) {
    account {
      name
      regions
      plugins
      monthlyBudgetUsd
    }
    errors {
      ...Mistake
    }
  }
}
    fragment Mistake on UserError {
  __typename
  code
  message
  hint
  path
  ... on TrustRefused {
    verification {
      ok
      checks {
        name
        outcome
        code
      }
    }
  }
  ... on AwsCallFailed {
    awsCode
    retryable
  }
}`) as unknown as TypedDocumentString<UpdateAccountMutation, UpdateAccountMutationVariables>;
export const RemoveAccountDocument = new TypedDocumentString(`
    mutation RemoveAccount($input: RemoveAccountInput!) {
  removeAccount(input: $input) {
    removedAccountId
    errors {
      ...Mistake
    }
  }
}
    fragment Mistake on UserError {
  __typename
  code
  message
  hint
  path
  ... on TrustRefused {
    verification {
      ok
      checks {
        name
        outcome
        code
      }
    }
  }
  ... on AwsCallFailed {
    awsCode
    retryable
  }
}`) as unknown as TypedDocumentString<RemoveAccountMutation, RemoveAccountMutationVariables>;
export const AccountsDocument = new TypedDocumentString(`
    query Accounts($filter: AccountFilter) {
  accounts(filter: $filter) {
    totalCount
    nodes {
      id
      name
      status
      statusReason
      roleArn
      connection
      awsAccountId
      lastCollectedAt
      externalIds {
        value
        state
      }
    }
  }
}
    `) as unknown as TypedDocumentString<AccountsQuery, AccountsQueryVariables>;
export const RunsDocument = new TypedDocumentString(`
    query Runs($filter: CollectionRunFilter) {
  collectionRuns(filter: $filter) {
    nodes {
      id
      state
      trigger
      resourcesFound
      seriesCollected
      pointsStored
      pointsBackfilled
      awsCalls
      costUsd
      steps {
        step
        plugin
        region
        state
        error {
          code
          message
          retryable
          missingActions
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<RunsQuery, RunsQueryVariables>;
export const ResourcesDocument = new TypedDocumentString(`
    query Resources($filter: ResourceFilter, $first: Int! = 50, $after: String) {
  resources(filter: $filter, first: $first, after: $after) {
    totalCount
    nodes {
      __typename
      id
      type
      name
      region
      arn
      tags {
        key
        value
      }
      account {
        id
      }
      ... on Ec2Instance {
        instanceId
        instanceType
        state
        launchedAt
      }
      ... on RdsInstance {
        engine
        multiAz
        allocatedStorageGiB
      }
      ... on LoadBalancer {
        kind
        dnsName
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<ResourcesQuery, ResourcesQueryVariables>;
export const StoredSeriesDocument = new TypedDocumentString(`
    query StoredSeries($filter: MetricFilter!, $range: TimeRange!, $step: Int = 300, $limit: Int! = 500) {
  metricData(
    filter: $filter
    range: $range
    step: $step
    aggregate: LAST
    limit: $limit
  ) {
    totalSeries
    truncated
    series {
      metric {
        id
        namespace
        name
        statistic
        period
        dimensions
        resource {
          region
          account {
            awsAccountId
          }
        }
      }
      columns
    }
  }
}
    `) as unknown as TypedDocumentString<StoredSeriesQuery, StoredSeriesQueryVariables>;
export const LiveMetricsDocument = new TypedDocumentString(`
    subscription LiveMetrics($filter: MetricFilter!, $since: DateTime) {
  metricUpdates(filter: $filter, since: $since) {
    replay
    merged
    collectedAt
    account {
      id
    }
    series {
      metric {
        id
        name
        statistic
      }
      columns
    }
  }
}
    `) as unknown as TypedDocumentString<LiveMetricsSubscription, LiveMetricsSubscriptionVariables>;
export const ResourceChangesDocument = new TypedDocumentString(`
    subscription ResourceChanges {
  resourceChanges {
    kind
    changedFields
    resource {
      name
      type
    }
  }
}
    `) as unknown as TypedDocumentString<ResourceChangesSubscription, ResourceChangesSubscriptionVariables>;
export const StatusChangesDocument = new TypedDocumentString(`
    subscription StatusChanges {
  accountStatusChanges {
    from
    to
    account {
      id
    }
  }
}
    `) as unknown as TypedDocumentString<StatusChangesSubscription, StatusChangesSubscriptionVariables>;
export const ProgressDocument = new TypedDocumentString(`
    subscription Progress {
  collectionProgress {
    step
    plugin
    region
    done
    total
    run {
      id
      state
    }
  }
}
    `) as unknown as TypedDocumentString<ProgressSubscription, ProgressSubscriptionVariables>;
export const NodeByIdDocument = new TypedDocumentString(`
    query NodeById($id: ID!) {
  node(id: $id) {
    __typename
    id
  }
  nodes(ids: [$id]) {
    id
  }
  account(id: $id) {
    id
  }
  resource(id: $id) {
    id
  }
}
    `) as unknown as TypedDocumentString<NodeByIdQuery, NodeByIdQueryVariables>;
export const DropCredentialsDocument = new TypedDocumentString(`
    mutation DropCredentials($input: AccountIdInput!) {
  dropCredentials(input: $input) {
    account {
      id
    }
    errors {
      ...Mistake
    }
  }
}
    fragment Mistake on UserError {
  __typename
  code
  message
  hint
  path
  ... on TrustRefused {
    verification {
      ok
      checks {
        name
        outcome
        code
      }
    }
  }
  ... on AwsCallFailed {
    awsCode
    retryable
  }
}`) as unknown as TypedDocumentString<DropCredentialsMutation, DropCredentialsMutationVariables>;
export const OnboardingOfDocument = new TypedDocumentString(`
    query OnboardingOf($id: ID!) {
  account(id: $id) {
    status
    externalIds {
      value
      state
    }
    onboarding {
      gatewayPrincipalArn
      roleName
      suggestedRoleArn
      trustPolicy
      permissionPolicy
      selfAuditPolicy
      cloudFormationTemplate
      terraform
      awsCliCommands
    }
  }
}
    `) as unknown as TypedDocumentString<OnboardingOfQuery, OnboardingOfQueryVariables>;
export const CollectedSeriesDocument = new TypedDocumentString(`
    query CollectedSeries($after: String) {
  metrics(first: 500, after: $after) {
    totalCount
    nodes {
      id
      namespace
      name
      statistic
      period
      dimensions
      resource {
        arn
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<CollectedSeriesQuery, CollectedSeriesQueryVariables>;
export const RunStatesDocument = new TypedDocumentString(`
    query RunStates($accountIds: [ID!]) {
  collectionRuns(filter: {accountIds: $accountIds}, first: 500) {
    nodes {
      id
      state
      trigger
      finishedAt
      account {
        id
      }
    }
  }
}
    `) as unknown as TypedDocumentString<RunStatesQuery, RunStatesQueryVariables>;
export const LatestOfDocument = new TypedDocumentString(`
    query LatestOf($filter: MetricFilter!) {
  metrics(filter: $filter, first: 500) {
    nodes {
      latest {
        timestamp
      }
    }
  }
}
    `) as unknown as TypedDocumentString<LatestOfQuery, LatestOfQueryVariables>;
export const RunOutcomesDocument = new TypedDocumentString(`
    query RunOutcomes($accountIds: [ID!]) {
  collectionRuns(filter: {accountIds: $accountIds}, first: 50) {
    nodes {
      id
      state
      trigger
      scheduledFor
      pointsStored
      pointsBackfilled
      steps {
        step
        region
        state
        error {
          code
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<RunOutcomesQuery, RunOutcomesQueryVariables>;
export const TrustOfDocument = new TypedDocumentString(`
    query TrustOf($id: ID!) {
  account(id: $id) {
    status
    statusReason
    roleArn
    awsAccountId
    nextVerificationAt
    nextCollectionAt
    waiver {
      checks
      grantedBy
      expiresAt
    }
    externalIds {
      value
      state
      activatedAt
      retiredAt
      acceptedAt
      refusedAt
    }
    verification {
      ok
      checks {
        name
        outcome
        code
        message
        missingActions
        waived
      }
    }
    onboarding {
      trustPolicy
      permissionPolicy
    }
  }
}
    `) as unknown as TypedDocumentString<TrustOfQuery, TrustOfQueryVariables>;
export const ForecastAccountDocument = new TypedDocumentString(`
    mutation ForecastAccount($input: ForecastAccountInput!) {
  forecastAccount(input: $input) {
    forecast {
      resources
      series
      inactiveSeries
      monthlyCostUsd
      monthlyCostUsdUpperBound
      oneTimeCostUsd
      oneTimeCostUsdUpperBound
      currentMonthlyCostUsd
      addedActions
      removedActions
      missingActions
      permissionPolicy
      parts {
        plugin
        region
        resources
        series
        monthlyCostUsd
        error {
          code
        }
      }
    }
    verification {
      ok
      checks {
        name
        outcome
      }
    }
    errors {
      __typename
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<ForecastAccountMutation, ForecastAccountMutationVariables>;
export const AccountChangesDocument = new TypedDocumentString(`
    subscription AccountChanges($accountIds: [ID!]) {
  accountChanges(accountIds: $accountIds) {
    id
    status
    externalIds {
      value
      state
    }
  }
}
    `) as unknown as TypedDocumentString<AccountChangesSubscription, AccountChangesSubscriptionVariables>;
export const VerificationProgressDocument = new TypedDocumentString(`
    subscription VerificationProgress($accountId: ID!) {
  verificationProgress(accountId: $accountId) {
    complete
    ok
    checks {
      name
      outcome
    }
  }
}
    `) as unknown as TypedDocumentString<
  VerificationProgressSubscription,
  VerificationProgressSubscriptionVariables
>;
export const StoredKeyOfDocument = new TypedDocumentString(`
    query StoredKeyOf($id: ID!) {
  account(id: $id) {
    status
    connection
    accessKey {
      idEnding
      storedAt
      ageDays
      isOld
    }
    verification {
      checks {
        name
        outcome
        code
        message
      }
    }
  }
}
    `) as unknown as TypedDocumentString<StoredKeyOfQuery, StoredKeyOfQueryVariables>;
export const ViewerDocument = new TypedDocumentString(`
    query Viewer {
  viewer {
    actor
    role
    tenant {
      id
      name
    }
  }
}
    `) as unknown as TypedDocumentString<ViewerQuery, ViewerQueryVariables>;
export const MetricUpdatesDocument = new TypedDocumentString(`
    subscription MetricUpdates($filter: MetricFilter!, $since: DateTime) {
  metricUpdates(filter: $filter, since: $since) {
    account {
      id
    }
    collectedAt
    replay
    merged
    series {
      metric {
        id
      }
      columns
    }
  }
}
    `) as unknown as TypedDocumentString<MetricUpdatesSubscription, MetricUpdatesSubscriptionVariables>;
export const StoredPointsDocument = new TypedDocumentString(`
    query StoredPoints($filter: MetricFilter!, $range: TimeRange!, $step: Int!) {
  metricData(
    filter: $filter
    range: $range
    step: $step
    aggregate: LAST
    limit: 500
    maxPoints: 10000
  ) {
    truncated
    series {
      metric {
        namespace
        name
        statistic
        period
        dimensions
        resource {
          name
          region
          account {
            awsAccountId
          }
        }
      }
      columns
    }
  }
}
    `) as unknown as TypedDocumentString<StoredPointsQuery, StoredPointsQueryVariables>;

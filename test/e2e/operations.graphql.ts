import { graphql } from '../gql';

export const RegisterAccount = graphql(/* GraphQL */ `
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
  }
`);

export const ConnectAccount = graphql(/* GraphQL */ `
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
`);

export const CollectNow = graphql(/* GraphQL */ `
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
`);

export const RotateExternalId = graphql(/* GraphQL */ `
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
`);

export const CancelRotation = graphql(/* GraphQL */ `
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
`);

export const VerifyAccount = graphql(/* GraphQL */ `
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
`);

export const PauseAccount = graphql(/* GraphQL */ `
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
`);

export const ResumeAccount = graphql(/* GraphQL */ `
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
`);

export const UpdateAccount = graphql(/* GraphQL */ `
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
`);

export const RemoveAccount = graphql(/* GraphQL */ `
  mutation RemoveAccount($input: RemoveAccountInput!) {
    removeAccount(input: $input) {
      removedAccountId
      errors {
        ...Mistake
      }
    }
  }
`);

export const Accounts = graphql(/* GraphQL */ `
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
`);

export const Runs = graphql(/* GraphQL */ `
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
`);

export const Resources = graphql(/* GraphQL */ `
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
`);

export const StoredSeries = graphql(/* GraphQL */ `
  query StoredSeries($filter: MetricFilter!, $range: TimeRange!, $step: Int = 300, $limit: Int! = 500) {
    metricData(filter: $filter, range: $range, step: $step, aggregate: LAST, limit: $limit) {
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
`);

export const MetricUpdates = graphql(/* GraphQL */ `
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
`);

export const ResourceChanges = graphql(/* GraphQL */ `
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
`);

export const StatusChanges = graphql(/* GraphQL */ `
  subscription StatusChanges {
    accountStatusChanges {
      from
      to
      account {
        id
      }
    }
  }
`);

export const Progress = graphql(/* GraphQL */ `
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
`);

export const NodeById = graphql(/* GraphQL */ `
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
`);

export const DropCredentials = graphql(/* GraphQL */ `
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
`);

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
  '\n  query Usage($range: TimeRange!, $groupBy: [UsageDimension!], $limit: Int) {\n    apiUsage(range: $range, groupBy: $groupBy, limit: $limit) {\n      day\n      account {\n        id\n      }\n      plugin\n      region\n      api\n      calls\n      metricsRequested\n      throttled\n      costUsd\n      costUsdUpperBound\n    }\n  }\n': typeof types.UsageDocument;
  '\n  query Costs($orderBy: AccountOrder) {\n    accounts(orderBy: $orderBy) {\n      nodes {\n        id\n        monthlyBudgetUsd\n        cost {\n          monthToDateUsd\n          monthToDateUsdUpperBound\n          forecastMonthEndUsd\n          forecastMonthEndUsdUpperBound\n          budgetState\n        }\n      }\n    }\n  }\n': typeof types.CostsDocument;
  '\n  query RunCosts($accountIds: [ID!]!) {\n    collectionRuns(filter: { accountIds: $accountIds }, first: 500) {\n      nodes {\n        id\n        trigger\n        state\n        awsCalls\n        costUsd\n        steps {\n          step\n          region\n          state\n          error {\n            code\n            message\n          }\n        }\n      }\n    }\n  }\n': typeof types.RunCostsDocument;
  '\n  mutation SetBudget($input: UpdateAccountInput!) {\n    updateAccount(input: $input) {\n      account {\n        monthlyBudgetUsd\n      }\n      errors {\n        code\n      }\n    }\n  }\n': typeof types.SetBudgetDocument;
  '\n  query ByCompleteness {\n    accounts(orderBy: { field: COMPLETENESS }) {\n      nodes {\n        id\n        completeness\n      }\n    }\n  }\n': typeof types.ByCompletenessDocument;
  '\n  query NoDataOfAccounts {\n    accounts {\n      nodes {\n        noData {\n          reason\n          count\n        }\n      }\n    }\n  }\n': typeof types.NoDataOfAccountsDocument;
  '\n  mutation CreateTenant($input: CreateTenantInput!) {\n    createTenant(input: $input) {\n      tenant {\n        id\n      }\n      errors {\n        code\n      }\n    }\n  }\n': typeof types.CreateTenantDocument;
  '\n  mutation MoveAccount($input: MoveAccountInput!) {\n    moveAccount(input: $input) {\n      account {\n        id\n        status\n        tenant {\n          id\n        }\n        externalIds {\n          value\n          state\n        }\n      }\n      errors {\n        __typename\n        code\n        path\n      }\n    }\n  }\n': typeof types.MoveAccountDocument;
  '\n  subscription ChangedAccounts {\n    accountChanges {\n      id\n      name\n      tenant {\n        name\n      }\n    }\n  }\n': typeof types.ChangedAccountsDocument;
  '\n  query Moves {\n    auditLog(filter: { actions: ["account.moved"] }) {\n      nodes {\n        actor\n        accountId\n        target\n        detail\n      }\n    }\n  }\n': typeof types.MovesDocument;
  '\n  mutation RegisterAccount($input: RegisterAccountInput!) {\n    registerAccount(input: $input) {\n      account {\n        id\n        status\n        awsAccountId\n        externalIds {\n          value\n          state\n        }\n        onboarding {\n          gatewayAwsAccountId\n          gatewayPrincipalArn\n          roleName\n          suggestedRoleArn\n          trustPolicy\n          permissionPolicy\n          cloudFormationTemplate\n          cloudFormationConsoleUrl\n        }\n      }\n      errors {\n        ...Mistake\n      }\n    }\n  }\n\n  fragment Mistake on UserError {\n    __typename\n    code\n    message\n    hint\n    path\n    ... on TrustRefused {\n      verification {\n        ok\n        checks {\n          name\n          outcome\n          code\n        }\n      }\n    }\n    ... on AwsCallFailed {\n      awsCode\n      retryable\n    }\n  }\n': typeof types.RegisterAccountDocument;
  '\n  mutation ConnectAccount($input: ConnectAccountInput!) {\n    connectAccount(input: $input) {\n      account {\n        id\n        status\n        awsAccountId\n        roleArn\n        connection\n        nextCollectionAt\n      }\n      verification {\n        ok\n        checks {\n          name\n          outcome\n          code\n        }\n      }\n      errors {\n        ...Mistake\n      }\n    }\n  }\n': typeof types.ConnectAccountDocument;
  '\n  mutation CollectNow($input: CollectNowInput!) {\n    collectNow(input: $input) {\n      run {\n        id\n        state\n        trigger\n      }\n      errors {\n        ...Mistake\n      }\n    }\n  }\n': typeof types.CollectNowDocument;
  '\n  mutation RotateExternalId($input: AccountIdInput!) {\n    rotateExternalId(input: $input) {\n      pending {\n        value\n        state\n      }\n      onboarding {\n        trustPolicy\n        permissionPolicy\n      }\n      account {\n        onboarding {\n          trustPolicy\n          permissionPolicy\n        }\n      }\n      errors {\n        ...Mistake\n      }\n    }\n  }\n': typeof types.RotateExternalIdDocument;
  '\n  mutation CancelRotation($input: AccountIdInput!) {\n    cancelExternalIdRotation(input: $input) {\n      account {\n        externalIds {\n          value\n          state\n        }\n      }\n      errors {\n        ...Mistake\n      }\n    }\n  }\n': typeof types.CancelRotationDocument;
  '\n  mutation VerifyAccount($input: AccountIdInput!) {\n    verifyAccount(input: $input) {\n      account {\n        status\n        statusReason\n        externalIds {\n          value\n          state\n        }\n      }\n      verification {\n        ok\n        checks {\n          name\n          outcome\n        }\n      }\n      errors {\n        ...Mistake\n      }\n    }\n  }\n': typeof types.VerifyAccountDocument;
  '\n  mutation PauseAccount($input: AccountIdInput!) {\n    pauseAccount(input: $input) {\n      account {\n        status\n        nextCollectionAt\n      }\n      errors {\n        ...Mistake\n      }\n    }\n  }\n': typeof types.PauseAccountDocument;
  '\n  mutation ResumeAccount($input: AccountIdInput!) {\n    resumeAccount(input: $input) {\n      account {\n        status\n        nextCollectionAt\n      }\n      errors {\n        ...Mistake\n      }\n    }\n  }\n': typeof types.ResumeAccountDocument;
  '\n  mutation UpdateAccount($input: UpdateAccountInput!) {\n    updateAccount(input: $input) {\n      account {\n        name\n        regions\n        plugins\n        monthlyBudgetUsd\n      }\n      errors {\n        ...Mistake\n      }\n    }\n  }\n': typeof types.UpdateAccountDocument;
  '\n  mutation RemoveAccount($input: RemoveAccountInput!) {\n    removeAccount(input: $input) {\n      removedAccountId\n      errors {\n        ...Mistake\n      }\n    }\n  }\n': typeof types.RemoveAccountDocument;
  '\n  query Accounts($filter: AccountFilter) {\n    accounts(filter: $filter) {\n      totalCount\n      nodes {\n        id\n        name\n        status\n        statusReason\n        roleArn\n        connection\n        awsAccountId\n        lastCollectedAt\n        externalIds {\n          value\n          state\n        }\n      }\n    }\n  }\n': typeof types.AccountsDocument;
  '\n  query Runs($filter: CollectionRunFilter) {\n    collectionRuns(filter: $filter) {\n      nodes {\n        id\n        state\n        trigger\n        resourcesFound\n        seriesCollected\n        pointsStored\n        pointsBackfilled\n        awsCalls\n        costUsd\n        steps {\n          step\n          plugin\n          region\n          state\n          error {\n            code\n            message\n            retryable\n            missingActions\n          }\n        }\n      }\n    }\n  }\n': typeof types.RunsDocument;
  '\n  query Resources($filter: ResourceFilter, $first: Int! = 50, $after: String) {\n    resources(filter: $filter, first: $first, after: $after) {\n      totalCount\n      nodes {\n        __typename\n        id\n        type\n        name\n        region\n        arn\n        tags {\n          key\n          value\n        }\n        account {\n          id\n        }\n        ... on Ec2Instance {\n          instanceId\n          instanceType\n          state\n          launchedAt\n        }\n        ... on RdsInstance {\n          engine\n          multiAz\n          allocatedStorageGiB\n        }\n        ... on LoadBalancer {\n          kind\n          dnsName\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n': typeof types.ResourcesDocument;
  '\n  query StoredSeries($filter: MetricFilter!, $range: TimeRange!, $step: Int = 300, $limit: Int! = 500) {\n    metricData(filter: $filter, range: $range, step: $step, aggregate: LAST, limit: $limit) {\n      totalSeries\n      truncated\n      series {\n        metric {\n          id\n          namespace\n          name\n          statistic\n          period\n          dimensions\n          resource {\n            region\n            account {\n              awsAccountId\n            }\n          }\n        }\n        columns\n      }\n    }\n  }\n': typeof types.StoredSeriesDocument;
  '\n  subscription LiveMetrics($filter: MetricFilter!, $since: DateTime) {\n    metricUpdates(filter: $filter, since: $since) {\n      replay\n      merged\n      collectedAt\n      account {\n        id\n      }\n      series {\n        metric {\n          id\n          name\n          statistic\n        }\n        columns\n      }\n    }\n  }\n': typeof types.LiveMetricsDocument;
  '\n  subscription ResourceChanges {\n    resourceChanges {\n      kind\n      changedFields\n      resource {\n        name\n        type\n      }\n    }\n  }\n': typeof types.ResourceChangesDocument;
  '\n  subscription StatusChanges {\n    accountStatusChanges {\n      from\n      to\n      account {\n        id\n      }\n    }\n  }\n': typeof types.StatusChangesDocument;
  '\n  subscription Progress {\n    collectionProgress {\n      step\n      plugin\n      region\n      done\n      total\n      run {\n        id\n        state\n      }\n    }\n  }\n': typeof types.ProgressDocument;
  '\n  query NodeById($id: ID!) {\n    node(id: $id) {\n      __typename\n      id\n    }\n    nodes(ids: [$id]) {\n      id\n    }\n    account(id: $id) {\n      id\n    }\n    resource(id: $id) {\n      id\n    }\n  }\n': typeof types.NodeByIdDocument;
  '\n  mutation DropCredentials($input: AccountIdInput!) {\n    dropCredentials(input: $input) {\n      account {\n        id\n      }\n      errors {\n        ...Mistake\n      }\n    }\n  }\n': typeof types.DropCredentialsDocument;
  '\n  query OnboardingOf($id: ID!) {\n    account(id: $id) {\n      status\n      externalIds {\n        value\n        state\n      }\n      onboarding {\n        gatewayPrincipalArn\n        roleName\n        suggestedRoleArn\n        trustPolicy\n        permissionPolicy\n        selfAuditPolicy\n        cloudFormationTemplate\n        terraform\n        awsCliCommands\n      }\n    }\n  }\n': typeof types.OnboardingOfDocument;
  '\n  query CollectedSeries($after: String) {\n    metrics(first: 500, after: $after) {\n      totalCount\n      nodes {\n        id\n        namespace\n        name\n        statistic\n        period\n        dimensions\n        resource {\n          arn\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n': typeof types.CollectedSeriesDocument;
  '\n  query RunStates($accountIds: [ID!]) {\n    collectionRuns(filter: { accountIds: $accountIds }, first: 500) {\n      nodes {\n        id\n        state\n        trigger\n        finishedAt\n        account {\n          id\n        }\n      }\n    }\n  }\n': typeof types.RunStatesDocument;
  '\n  query LatestOf($filter: MetricFilter!) {\n    metrics(filter: $filter, first: 500) {\n      nodes {\n        latest {\n          timestamp\n        }\n      }\n    }\n  }\n': typeof types.LatestOfDocument;
  '\n  query RunOutcomes($accountIds: [ID!]) {\n    collectionRuns(filter: { accountIds: $accountIds }, first: 50) {\n      nodes {\n        id\n        state\n        trigger\n        scheduledFor\n        pointsStored\n        pointsBackfilled\n        steps {\n          step\n          region\n          state\n          error {\n            code\n          }\n        }\n      }\n    }\n  }\n': typeof types.RunOutcomesDocument;
  '\n  query TrustOf($id: ID!) {\n    account(id: $id) {\n      status\n      statusReason\n      roleArn\n      awsAccountId\n      nextVerificationAt\n      nextCollectionAt\n      waiver {\n        checks\n        grantedBy\n        expiresAt\n      }\n      externalIds {\n        value\n        state\n        activatedAt\n        retiredAt\n        acceptedAt\n        refusedAt\n      }\n      verification {\n        ok\n        checks {\n          name\n          outcome\n          code\n          message\n          missingActions\n          waived\n        }\n      }\n      onboarding {\n        trustPolicy\n        permissionPolicy\n      }\n    }\n  }\n': typeof types.TrustOfDocument;
  '\n  mutation ForecastAccount($input: ForecastAccountInput!) {\n    forecastAccount(input: $input) {\n      forecast {\n        resources\n        series\n        inactiveSeries\n        monthlyCostUsd\n        monthlyCostUsdUpperBound\n        oneTimeCostUsd\n        oneTimeCostUsdUpperBound\n        currentMonthlyCostUsd\n        addedActions\n        removedActions\n        missingActions\n        permissionPolicy\n        parts {\n          plugin\n          region\n          resources\n          series\n          monthlyCostUsd\n          error {\n            code\n          }\n        }\n      }\n      verification {\n        ok\n        checks {\n          name\n          outcome\n        }\n      }\n      errors {\n        __typename\n        code\n        message\n      }\n    }\n  }\n': typeof types.ForecastAccountDocument;
  '\n  subscription AccountChanges($accountIds: [ID!]) {\n    accountChanges(accountIds: $accountIds) {\n      id\n      status\n      externalIds {\n        value\n        state\n      }\n    }\n  }\n': typeof types.AccountChangesDocument;
  '\n  subscription VerificationProgress($accountId: ID!) {\n    verificationProgress(accountId: $accountId) {\n      complete\n      ok\n      checks {\n        name\n        outcome\n      }\n    }\n  }\n': typeof types.VerificationProgressDocument;
  '\n  query StoredKeyOf($id: ID!) {\n    account(id: $id) {\n      status\n      connection\n      accessKey {\n        idEnding\n        storedAt\n        ageDays\n        isOld\n      }\n      verification {\n        checks {\n          name\n          outcome\n          code\n          message\n        }\n      }\n    }\n  }\n': typeof types.StoredKeyOfDocument;
  '\n  query Viewer {\n    viewer {\n      actor\n      role\n      tenant {\n        id\n        name\n      }\n    }\n  }\n': typeof types.ViewerDocument;
  '\n  subscription MetricUpdates($filter: MetricFilter!, $since: DateTime) {\n    metricUpdates(filter: $filter, since: $since) {\n      account {\n        id\n      }\n      collectedAt\n      replay\n      merged\n      series {\n        metric {\n          id\n        }\n        columns\n      }\n    }\n  }\n': typeof types.MetricUpdatesDocument;
  '\n  query StoredPoints($filter: MetricFilter!, $range: TimeRange!, $step: Int!) {\n    metricData(filter: $filter, range: $range, step: $step, aggregate: LAST, limit: 500, maxPoints: 10000) {\n      truncated\n      series {\n        metric {\n          namespace\n          name\n          statistic\n          period\n          dimensions\n          resource {\n            name\n            region\n            account {\n              awsAccountId\n            }\n          }\n        }\n        columns\n      }\n    }\n  }\n': typeof types.StoredPointsDocument;
};
const documents: Documents = {
  '\n  query Usage($range: TimeRange!, $groupBy: [UsageDimension!], $limit: Int) {\n    apiUsage(range: $range, groupBy: $groupBy, limit: $limit) {\n      day\n      account {\n        id\n      }\n      plugin\n      region\n      api\n      calls\n      metricsRequested\n      throttled\n      costUsd\n      costUsdUpperBound\n    }\n  }\n':
    types.UsageDocument,
  '\n  query Costs($orderBy: AccountOrder) {\n    accounts(orderBy: $orderBy) {\n      nodes {\n        id\n        monthlyBudgetUsd\n        cost {\n          monthToDateUsd\n          monthToDateUsdUpperBound\n          forecastMonthEndUsd\n          forecastMonthEndUsdUpperBound\n          budgetState\n        }\n      }\n    }\n  }\n':
    types.CostsDocument,
  '\n  query RunCosts($accountIds: [ID!]!) {\n    collectionRuns(filter: { accountIds: $accountIds }, first: 500) {\n      nodes {\n        id\n        trigger\n        state\n        awsCalls\n        costUsd\n        steps {\n          step\n          region\n          state\n          error {\n            code\n            message\n          }\n        }\n      }\n    }\n  }\n':
    types.RunCostsDocument,
  '\n  mutation SetBudget($input: UpdateAccountInput!) {\n    updateAccount(input: $input) {\n      account {\n        monthlyBudgetUsd\n      }\n      errors {\n        code\n      }\n    }\n  }\n':
    types.SetBudgetDocument,
  '\n  query ByCompleteness {\n    accounts(orderBy: { field: COMPLETENESS }) {\n      nodes {\n        id\n        completeness\n      }\n    }\n  }\n':
    types.ByCompletenessDocument,
  '\n  query NoDataOfAccounts {\n    accounts {\n      nodes {\n        noData {\n          reason\n          count\n        }\n      }\n    }\n  }\n':
    types.NoDataOfAccountsDocument,
  '\n  mutation CreateTenant($input: CreateTenantInput!) {\n    createTenant(input: $input) {\n      tenant {\n        id\n      }\n      errors {\n        code\n      }\n    }\n  }\n':
    types.CreateTenantDocument,
  '\n  mutation MoveAccount($input: MoveAccountInput!) {\n    moveAccount(input: $input) {\n      account {\n        id\n        status\n        tenant {\n          id\n        }\n        externalIds {\n          value\n          state\n        }\n      }\n      errors {\n        __typename\n        code\n        path\n      }\n    }\n  }\n':
    types.MoveAccountDocument,
  '\n  subscription ChangedAccounts {\n    accountChanges {\n      id\n      name\n      tenant {\n        name\n      }\n    }\n  }\n':
    types.ChangedAccountsDocument,
  '\n  query Moves {\n    auditLog(filter: { actions: ["account.moved"] }) {\n      nodes {\n        actor\n        accountId\n        target\n        detail\n      }\n    }\n  }\n':
    types.MovesDocument,
  '\n  mutation RegisterAccount($input: RegisterAccountInput!) {\n    registerAccount(input: $input) {\n      account {\n        id\n        status\n        awsAccountId\n        externalIds {\n          value\n          state\n        }\n        onboarding {\n          gatewayAwsAccountId\n          gatewayPrincipalArn\n          roleName\n          suggestedRoleArn\n          trustPolicy\n          permissionPolicy\n          cloudFormationTemplate\n          cloudFormationConsoleUrl\n        }\n      }\n      errors {\n        ...Mistake\n      }\n    }\n  }\n\n  fragment Mistake on UserError {\n    __typename\n    code\n    message\n    hint\n    path\n    ... on TrustRefused {\n      verification {\n        ok\n        checks {\n          name\n          outcome\n          code\n        }\n      }\n    }\n    ... on AwsCallFailed {\n      awsCode\n      retryable\n    }\n  }\n':
    types.RegisterAccountDocument,
  '\n  mutation ConnectAccount($input: ConnectAccountInput!) {\n    connectAccount(input: $input) {\n      account {\n        id\n        status\n        awsAccountId\n        roleArn\n        connection\n        nextCollectionAt\n      }\n      verification {\n        ok\n        checks {\n          name\n          outcome\n          code\n        }\n      }\n      errors {\n        ...Mistake\n      }\n    }\n  }\n':
    types.ConnectAccountDocument,
  '\n  mutation CollectNow($input: CollectNowInput!) {\n    collectNow(input: $input) {\n      run {\n        id\n        state\n        trigger\n      }\n      errors {\n        ...Mistake\n      }\n    }\n  }\n':
    types.CollectNowDocument,
  '\n  mutation RotateExternalId($input: AccountIdInput!) {\n    rotateExternalId(input: $input) {\n      pending {\n        value\n        state\n      }\n      onboarding {\n        trustPolicy\n        permissionPolicy\n      }\n      account {\n        onboarding {\n          trustPolicy\n          permissionPolicy\n        }\n      }\n      errors {\n        ...Mistake\n      }\n    }\n  }\n':
    types.RotateExternalIdDocument,
  '\n  mutation CancelRotation($input: AccountIdInput!) {\n    cancelExternalIdRotation(input: $input) {\n      account {\n        externalIds {\n          value\n          state\n        }\n      }\n      errors {\n        ...Mistake\n      }\n    }\n  }\n':
    types.CancelRotationDocument,
  '\n  mutation VerifyAccount($input: AccountIdInput!) {\n    verifyAccount(input: $input) {\n      account {\n        status\n        statusReason\n        externalIds {\n          value\n          state\n        }\n      }\n      verification {\n        ok\n        checks {\n          name\n          outcome\n        }\n      }\n      errors {\n        ...Mistake\n      }\n    }\n  }\n':
    types.VerifyAccountDocument,
  '\n  mutation PauseAccount($input: AccountIdInput!) {\n    pauseAccount(input: $input) {\n      account {\n        status\n        nextCollectionAt\n      }\n      errors {\n        ...Mistake\n      }\n    }\n  }\n':
    types.PauseAccountDocument,
  '\n  mutation ResumeAccount($input: AccountIdInput!) {\n    resumeAccount(input: $input) {\n      account {\n        status\n        nextCollectionAt\n      }\n      errors {\n        ...Mistake\n      }\n    }\n  }\n':
    types.ResumeAccountDocument,
  '\n  mutation UpdateAccount($input: UpdateAccountInput!) {\n    updateAccount(input: $input) {\n      account {\n        name\n        regions\n        plugins\n        monthlyBudgetUsd\n      }\n      errors {\n        ...Mistake\n      }\n    }\n  }\n':
    types.UpdateAccountDocument,
  '\n  mutation RemoveAccount($input: RemoveAccountInput!) {\n    removeAccount(input: $input) {\n      removedAccountId\n      errors {\n        ...Mistake\n      }\n    }\n  }\n':
    types.RemoveAccountDocument,
  '\n  query Accounts($filter: AccountFilter) {\n    accounts(filter: $filter) {\n      totalCount\n      nodes {\n        id\n        name\n        status\n        statusReason\n        roleArn\n        connection\n        awsAccountId\n        lastCollectedAt\n        externalIds {\n          value\n          state\n        }\n      }\n    }\n  }\n':
    types.AccountsDocument,
  '\n  query Runs($filter: CollectionRunFilter) {\n    collectionRuns(filter: $filter) {\n      nodes {\n        id\n        state\n        trigger\n        resourcesFound\n        seriesCollected\n        pointsStored\n        pointsBackfilled\n        awsCalls\n        costUsd\n        steps {\n          step\n          plugin\n          region\n          state\n          error {\n            code\n            message\n            retryable\n            missingActions\n          }\n        }\n      }\n    }\n  }\n':
    types.RunsDocument,
  '\n  query Resources($filter: ResourceFilter, $first: Int! = 50, $after: String) {\n    resources(filter: $filter, first: $first, after: $after) {\n      totalCount\n      nodes {\n        __typename\n        id\n        type\n        name\n        region\n        arn\n        tags {\n          key\n          value\n        }\n        account {\n          id\n        }\n        ... on Ec2Instance {\n          instanceId\n          instanceType\n          state\n          launchedAt\n        }\n        ... on RdsInstance {\n          engine\n          multiAz\n          allocatedStorageGiB\n        }\n        ... on LoadBalancer {\n          kind\n          dnsName\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n':
    types.ResourcesDocument,
  '\n  query StoredSeries($filter: MetricFilter!, $range: TimeRange!, $step: Int = 300, $limit: Int! = 500) {\n    metricData(filter: $filter, range: $range, step: $step, aggregate: LAST, limit: $limit) {\n      totalSeries\n      truncated\n      series {\n        metric {\n          id\n          namespace\n          name\n          statistic\n          period\n          dimensions\n          resource {\n            region\n            account {\n              awsAccountId\n            }\n          }\n        }\n        columns\n      }\n    }\n  }\n':
    types.StoredSeriesDocument,
  '\n  subscription LiveMetrics($filter: MetricFilter!, $since: DateTime) {\n    metricUpdates(filter: $filter, since: $since) {\n      replay\n      merged\n      collectedAt\n      account {\n        id\n      }\n      series {\n        metric {\n          id\n          name\n          statistic\n        }\n        columns\n      }\n    }\n  }\n':
    types.LiveMetricsDocument,
  '\n  subscription ResourceChanges {\n    resourceChanges {\n      kind\n      changedFields\n      resource {\n        name\n        type\n      }\n    }\n  }\n':
    types.ResourceChangesDocument,
  '\n  subscription StatusChanges {\n    accountStatusChanges {\n      from\n      to\n      account {\n        id\n      }\n    }\n  }\n':
    types.StatusChangesDocument,
  '\n  subscription Progress {\n    collectionProgress {\n      step\n      plugin\n      region\n      done\n      total\n      run {\n        id\n        state\n      }\n    }\n  }\n':
    types.ProgressDocument,
  '\n  query NodeById($id: ID!) {\n    node(id: $id) {\n      __typename\n      id\n    }\n    nodes(ids: [$id]) {\n      id\n    }\n    account(id: $id) {\n      id\n    }\n    resource(id: $id) {\n      id\n    }\n  }\n':
    types.NodeByIdDocument,
  '\n  mutation DropCredentials($input: AccountIdInput!) {\n    dropCredentials(input: $input) {\n      account {\n        id\n      }\n      errors {\n        ...Mistake\n      }\n    }\n  }\n':
    types.DropCredentialsDocument,
  '\n  query OnboardingOf($id: ID!) {\n    account(id: $id) {\n      status\n      externalIds {\n        value\n        state\n      }\n      onboarding {\n        gatewayPrincipalArn\n        roleName\n        suggestedRoleArn\n        trustPolicy\n        permissionPolicy\n        selfAuditPolicy\n        cloudFormationTemplate\n        terraform\n        awsCliCommands\n      }\n    }\n  }\n':
    types.OnboardingOfDocument,
  '\n  query CollectedSeries($after: String) {\n    metrics(first: 500, after: $after) {\n      totalCount\n      nodes {\n        id\n        namespace\n        name\n        statistic\n        period\n        dimensions\n        resource {\n          arn\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n':
    types.CollectedSeriesDocument,
  '\n  query RunStates($accountIds: [ID!]) {\n    collectionRuns(filter: { accountIds: $accountIds }, first: 500) {\n      nodes {\n        id\n        state\n        trigger\n        finishedAt\n        account {\n          id\n        }\n      }\n    }\n  }\n':
    types.RunStatesDocument,
  '\n  query LatestOf($filter: MetricFilter!) {\n    metrics(filter: $filter, first: 500) {\n      nodes {\n        latest {\n          timestamp\n        }\n      }\n    }\n  }\n':
    types.LatestOfDocument,
  '\n  query RunOutcomes($accountIds: [ID!]) {\n    collectionRuns(filter: { accountIds: $accountIds }, first: 50) {\n      nodes {\n        id\n        state\n        trigger\n        scheduledFor\n        pointsStored\n        pointsBackfilled\n        steps {\n          step\n          region\n          state\n          error {\n            code\n          }\n        }\n      }\n    }\n  }\n':
    types.RunOutcomesDocument,
  '\n  query TrustOf($id: ID!) {\n    account(id: $id) {\n      status\n      statusReason\n      roleArn\n      awsAccountId\n      nextVerificationAt\n      nextCollectionAt\n      waiver {\n        checks\n        grantedBy\n        expiresAt\n      }\n      externalIds {\n        value\n        state\n        activatedAt\n        retiredAt\n        acceptedAt\n        refusedAt\n      }\n      verification {\n        ok\n        checks {\n          name\n          outcome\n          code\n          message\n          missingActions\n          waived\n        }\n      }\n      onboarding {\n        trustPolicy\n        permissionPolicy\n      }\n    }\n  }\n':
    types.TrustOfDocument,
  '\n  mutation ForecastAccount($input: ForecastAccountInput!) {\n    forecastAccount(input: $input) {\n      forecast {\n        resources\n        series\n        inactiveSeries\n        monthlyCostUsd\n        monthlyCostUsdUpperBound\n        oneTimeCostUsd\n        oneTimeCostUsdUpperBound\n        currentMonthlyCostUsd\n        addedActions\n        removedActions\n        missingActions\n        permissionPolicy\n        parts {\n          plugin\n          region\n          resources\n          series\n          monthlyCostUsd\n          error {\n            code\n          }\n        }\n      }\n      verification {\n        ok\n        checks {\n          name\n          outcome\n        }\n      }\n      errors {\n        __typename\n        code\n        message\n      }\n    }\n  }\n':
    types.ForecastAccountDocument,
  '\n  subscription AccountChanges($accountIds: [ID!]) {\n    accountChanges(accountIds: $accountIds) {\n      id\n      status\n      externalIds {\n        value\n        state\n      }\n    }\n  }\n':
    types.AccountChangesDocument,
  '\n  subscription VerificationProgress($accountId: ID!) {\n    verificationProgress(accountId: $accountId) {\n      complete\n      ok\n      checks {\n        name\n        outcome\n      }\n    }\n  }\n':
    types.VerificationProgressDocument,
  '\n  query StoredKeyOf($id: ID!) {\n    account(id: $id) {\n      status\n      connection\n      accessKey {\n        idEnding\n        storedAt\n        ageDays\n        isOld\n      }\n      verification {\n        checks {\n          name\n          outcome\n          code\n          message\n        }\n      }\n    }\n  }\n':
    types.StoredKeyOfDocument,
  '\n  query Viewer {\n    viewer {\n      actor\n      role\n      tenant {\n        id\n        name\n      }\n    }\n  }\n':
    types.ViewerDocument,
  '\n  subscription MetricUpdates($filter: MetricFilter!, $since: DateTime) {\n    metricUpdates(filter: $filter, since: $since) {\n      account {\n        id\n      }\n      collectedAt\n      replay\n      merged\n      series {\n        metric {\n          id\n        }\n        columns\n      }\n    }\n  }\n':
    types.MetricUpdatesDocument,
  '\n  query StoredPoints($filter: MetricFilter!, $range: TimeRange!, $step: Int!) {\n    metricData(filter: $filter, range: $range, step: $step, aggregate: LAST, limit: 500, maxPoints: 10000) {\n      truncated\n      series {\n        metric {\n          namespace\n          name\n          statistic\n          period\n          dimensions\n          resource {\n            name\n            region\n            account {\n              awsAccountId\n            }\n          }\n        }\n        columns\n      }\n    }\n  }\n':
    types.StoredPointsDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(
  source: '\n  query Usage($range: TimeRange!, $groupBy: [UsageDimension!], $limit: Int) {\n    apiUsage(range: $range, groupBy: $groupBy, limit: $limit) {\n      day\n      account {\n        id\n      }\n      plugin\n      region\n      api\n      calls\n      metricsRequested\n      throttled\n      costUsd\n      costUsdUpperBound\n    }\n  }\n',
): typeof import('./graphql').UsageDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(
  source: '\n  query Costs($orderBy: AccountOrder) {\n    accounts(orderBy: $orderBy) {\n      nodes {\n        id\n        monthlyBudgetUsd\n        cost {\n          monthToDateUsd\n          monthToDateUsdUpperBound\n          forecastMonthEndUsd\n          forecastMonthEndUsdUpperBound\n          budgetState\n        }\n      }\n    }\n  }\n',
): typeof import('./graphql').CostsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(
  source: '\n  query RunCosts($accountIds: [ID!]!) {\n    collectionRuns(filter: { accountIds: $accountIds }, first: 500) {\n      nodes {\n        id\n        trigger\n        state\n        awsCalls\n        costUsd\n        steps {\n          step\n          region\n          state\n          error {\n            code\n            message\n          }\n        }\n      }\n    }\n  }\n',
): typeof import('./graphql').RunCostsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(
  source: '\n  mutation SetBudget($input: UpdateAccountInput!) {\n    updateAccount(input: $input) {\n      account {\n        monthlyBudgetUsd\n      }\n      errors {\n        code\n      }\n    }\n  }\n',
): typeof import('./graphql').SetBudgetDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(
  source: '\n  query ByCompleteness {\n    accounts(orderBy: { field: COMPLETENESS }) {\n      nodes {\n        id\n        completeness\n      }\n    }\n  }\n',
): typeof import('./graphql').ByCompletenessDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(
  source: '\n  query NoDataOfAccounts {\n    accounts {\n      nodes {\n        noData {\n          reason\n          count\n        }\n      }\n    }\n  }\n',
): typeof import('./graphql').NoDataOfAccountsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(
  source: '\n  mutation CreateTenant($input: CreateTenantInput!) {\n    createTenant(input: $input) {\n      tenant {\n        id\n      }\n      errors {\n        code\n      }\n    }\n  }\n',
): typeof import('./graphql').CreateTenantDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(
  source: '\n  mutation MoveAccount($input: MoveAccountInput!) {\n    moveAccount(input: $input) {\n      account {\n        id\n        status\n        tenant {\n          id\n        }\n        externalIds {\n          value\n          state\n        }\n      }\n      errors {\n        __typename\n        code\n        path\n      }\n    }\n  }\n',
): typeof import('./graphql').MoveAccountDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(
  source: '\n  subscription ChangedAccounts {\n    accountChanges {\n      id\n      name\n      tenant {\n        name\n      }\n    }\n  }\n',
): typeof import('./graphql').ChangedAccountsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(
  source: '\n  query Moves {\n    auditLog(filter: { actions: ["account.moved"] }) {\n      nodes {\n        actor\n        accountId\n        target\n        detail\n      }\n    }\n  }\n',
): typeof import('./graphql').MovesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(
  source: '\n  mutation RegisterAccount($input: RegisterAccountInput!) {\n    registerAccount(input: $input) {\n      account {\n        id\n        status\n        awsAccountId\n        externalIds {\n          value\n          state\n        }\n        onboarding {\n          gatewayAwsAccountId\n          gatewayPrincipalArn\n          roleName\n          suggestedRoleArn\n          trustPolicy\n          permissionPolicy\n          cloudFormationTemplate\n          cloudFormationConsoleUrl\n        }\n      }\n      errors {\n        ...Mistake\n      }\n    }\n  }\n\n  fragment Mistake on UserError {\n    __typename\n    code\n    message\n    hint\n    path\n    ... on TrustRefused {\n      verification {\n        ok\n        checks {\n          name\n          outcome\n          code\n        }\n      }\n    }\n    ... on AwsCallFailed {\n      awsCode\n      retryable\n    }\n  }\n',
): typeof import('./graphql').RegisterAccountDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(
  source: '\n  mutation ConnectAccount($input: ConnectAccountInput!) {\n    connectAccount(input: $input) {\n      account {\n        id\n        status\n        awsAccountId\n        roleArn\n        connection\n        nextCollectionAt\n      }\n      verification {\n        ok\n        checks {\n          name\n          outcome\n          code\n        }\n      }\n      errors {\n        ...Mistake\n      }\n    }\n  }\n',
): typeof import('./graphql').ConnectAccountDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(
  source: '\n  mutation CollectNow($input: CollectNowInput!) {\n    collectNow(input: $input) {\n      run {\n        id\n        state\n        trigger\n      }\n      errors {\n        ...Mistake\n      }\n    }\n  }\n',
): typeof import('./graphql').CollectNowDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(
  source: '\n  mutation RotateExternalId($input: AccountIdInput!) {\n    rotateExternalId(input: $input) {\n      pending {\n        value\n        state\n      }\n      onboarding {\n        trustPolicy\n        permissionPolicy\n      }\n      account {\n        onboarding {\n          trustPolicy\n          permissionPolicy\n        }\n      }\n      errors {\n        ...Mistake\n      }\n    }\n  }\n',
): typeof import('./graphql').RotateExternalIdDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(
  source: '\n  mutation CancelRotation($input: AccountIdInput!) {\n    cancelExternalIdRotation(input: $input) {\n      account {\n        externalIds {\n          value\n          state\n        }\n      }\n      errors {\n        ...Mistake\n      }\n    }\n  }\n',
): typeof import('./graphql').CancelRotationDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(
  source: '\n  mutation VerifyAccount($input: AccountIdInput!) {\n    verifyAccount(input: $input) {\n      account {\n        status\n        statusReason\n        externalIds {\n          value\n          state\n        }\n      }\n      verification {\n        ok\n        checks {\n          name\n          outcome\n        }\n      }\n      errors {\n        ...Mistake\n      }\n    }\n  }\n',
): typeof import('./graphql').VerifyAccountDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(
  source: '\n  mutation PauseAccount($input: AccountIdInput!) {\n    pauseAccount(input: $input) {\n      account {\n        status\n        nextCollectionAt\n      }\n      errors {\n        ...Mistake\n      }\n    }\n  }\n',
): typeof import('./graphql').PauseAccountDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(
  source: '\n  mutation ResumeAccount($input: AccountIdInput!) {\n    resumeAccount(input: $input) {\n      account {\n        status\n        nextCollectionAt\n      }\n      errors {\n        ...Mistake\n      }\n    }\n  }\n',
): typeof import('./graphql').ResumeAccountDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(
  source: '\n  mutation UpdateAccount($input: UpdateAccountInput!) {\n    updateAccount(input: $input) {\n      account {\n        name\n        regions\n        plugins\n        monthlyBudgetUsd\n      }\n      errors {\n        ...Mistake\n      }\n    }\n  }\n',
): typeof import('./graphql').UpdateAccountDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(
  source: '\n  mutation RemoveAccount($input: RemoveAccountInput!) {\n    removeAccount(input: $input) {\n      removedAccountId\n      errors {\n        ...Mistake\n      }\n    }\n  }\n',
): typeof import('./graphql').RemoveAccountDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(
  source: '\n  query Accounts($filter: AccountFilter) {\n    accounts(filter: $filter) {\n      totalCount\n      nodes {\n        id\n        name\n        status\n        statusReason\n        roleArn\n        connection\n        awsAccountId\n        lastCollectedAt\n        externalIds {\n          value\n          state\n        }\n      }\n    }\n  }\n',
): typeof import('./graphql').AccountsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(
  source: '\n  query Runs($filter: CollectionRunFilter) {\n    collectionRuns(filter: $filter) {\n      nodes {\n        id\n        state\n        trigger\n        resourcesFound\n        seriesCollected\n        pointsStored\n        pointsBackfilled\n        awsCalls\n        costUsd\n        steps {\n          step\n          plugin\n          region\n          state\n          error {\n            code\n            message\n            retryable\n            missingActions\n          }\n        }\n      }\n    }\n  }\n',
): typeof import('./graphql').RunsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(
  source: '\n  query Resources($filter: ResourceFilter, $first: Int! = 50, $after: String) {\n    resources(filter: $filter, first: $first, after: $after) {\n      totalCount\n      nodes {\n        __typename\n        id\n        type\n        name\n        region\n        arn\n        tags {\n          key\n          value\n        }\n        account {\n          id\n        }\n        ... on Ec2Instance {\n          instanceId\n          instanceType\n          state\n          launchedAt\n        }\n        ... on RdsInstance {\n          engine\n          multiAz\n          allocatedStorageGiB\n        }\n        ... on LoadBalancer {\n          kind\n          dnsName\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n',
): typeof import('./graphql').ResourcesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(
  source: '\n  query StoredSeries($filter: MetricFilter!, $range: TimeRange!, $step: Int = 300, $limit: Int! = 500) {\n    metricData(filter: $filter, range: $range, step: $step, aggregate: LAST, limit: $limit) {\n      totalSeries\n      truncated\n      series {\n        metric {\n          id\n          namespace\n          name\n          statistic\n          period\n          dimensions\n          resource {\n            region\n            account {\n              awsAccountId\n            }\n          }\n        }\n        columns\n      }\n    }\n  }\n',
): typeof import('./graphql').StoredSeriesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(
  source: '\n  subscription LiveMetrics($filter: MetricFilter!, $since: DateTime) {\n    metricUpdates(filter: $filter, since: $since) {\n      replay\n      merged\n      collectedAt\n      account {\n        id\n      }\n      series {\n        metric {\n          id\n          name\n          statistic\n        }\n        columns\n      }\n    }\n  }\n',
): typeof import('./graphql').LiveMetricsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(
  source: '\n  subscription ResourceChanges {\n    resourceChanges {\n      kind\n      changedFields\n      resource {\n        name\n        type\n      }\n    }\n  }\n',
): typeof import('./graphql').ResourceChangesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(
  source: '\n  subscription StatusChanges {\n    accountStatusChanges {\n      from\n      to\n      account {\n        id\n      }\n    }\n  }\n',
): typeof import('./graphql').StatusChangesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(
  source: '\n  subscription Progress {\n    collectionProgress {\n      step\n      plugin\n      region\n      done\n      total\n      run {\n        id\n        state\n      }\n    }\n  }\n',
): typeof import('./graphql').ProgressDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(
  source: '\n  query NodeById($id: ID!) {\n    node(id: $id) {\n      __typename\n      id\n    }\n    nodes(ids: [$id]) {\n      id\n    }\n    account(id: $id) {\n      id\n    }\n    resource(id: $id) {\n      id\n    }\n  }\n',
): typeof import('./graphql').NodeByIdDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(
  source: '\n  mutation DropCredentials($input: AccountIdInput!) {\n    dropCredentials(input: $input) {\n      account {\n        id\n      }\n      errors {\n        ...Mistake\n      }\n    }\n  }\n',
): typeof import('./graphql').DropCredentialsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(
  source: '\n  query OnboardingOf($id: ID!) {\n    account(id: $id) {\n      status\n      externalIds {\n        value\n        state\n      }\n      onboarding {\n        gatewayPrincipalArn\n        roleName\n        suggestedRoleArn\n        trustPolicy\n        permissionPolicy\n        selfAuditPolicy\n        cloudFormationTemplate\n        terraform\n        awsCliCommands\n      }\n    }\n  }\n',
): typeof import('./graphql').OnboardingOfDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(
  source: '\n  query CollectedSeries($after: String) {\n    metrics(first: 500, after: $after) {\n      totalCount\n      nodes {\n        id\n        namespace\n        name\n        statistic\n        period\n        dimensions\n        resource {\n          arn\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n',
): typeof import('./graphql').CollectedSeriesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(
  source: '\n  query RunStates($accountIds: [ID!]) {\n    collectionRuns(filter: { accountIds: $accountIds }, first: 500) {\n      nodes {\n        id\n        state\n        trigger\n        finishedAt\n        account {\n          id\n        }\n      }\n    }\n  }\n',
): typeof import('./graphql').RunStatesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(
  source: '\n  query LatestOf($filter: MetricFilter!) {\n    metrics(filter: $filter, first: 500) {\n      nodes {\n        latest {\n          timestamp\n        }\n      }\n    }\n  }\n',
): typeof import('./graphql').LatestOfDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(
  source: '\n  query RunOutcomes($accountIds: [ID!]) {\n    collectionRuns(filter: { accountIds: $accountIds }, first: 50) {\n      nodes {\n        id\n        state\n        trigger\n        scheduledFor\n        pointsStored\n        pointsBackfilled\n        steps {\n          step\n          region\n          state\n          error {\n            code\n          }\n        }\n      }\n    }\n  }\n',
): typeof import('./graphql').RunOutcomesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(
  source: '\n  query TrustOf($id: ID!) {\n    account(id: $id) {\n      status\n      statusReason\n      roleArn\n      awsAccountId\n      nextVerificationAt\n      nextCollectionAt\n      waiver {\n        checks\n        grantedBy\n        expiresAt\n      }\n      externalIds {\n        value\n        state\n        activatedAt\n        retiredAt\n        acceptedAt\n        refusedAt\n      }\n      verification {\n        ok\n        checks {\n          name\n          outcome\n          code\n          message\n          missingActions\n          waived\n        }\n      }\n      onboarding {\n        trustPolicy\n        permissionPolicy\n      }\n    }\n  }\n',
): typeof import('./graphql').TrustOfDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(
  source: '\n  mutation ForecastAccount($input: ForecastAccountInput!) {\n    forecastAccount(input: $input) {\n      forecast {\n        resources\n        series\n        inactiveSeries\n        monthlyCostUsd\n        monthlyCostUsdUpperBound\n        oneTimeCostUsd\n        oneTimeCostUsdUpperBound\n        currentMonthlyCostUsd\n        addedActions\n        removedActions\n        missingActions\n        permissionPolicy\n        parts {\n          plugin\n          region\n          resources\n          series\n          monthlyCostUsd\n          error {\n            code\n          }\n        }\n      }\n      verification {\n        ok\n        checks {\n          name\n          outcome\n        }\n      }\n      errors {\n        __typename\n        code\n        message\n      }\n    }\n  }\n',
): typeof import('./graphql').ForecastAccountDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(
  source: '\n  subscription AccountChanges($accountIds: [ID!]) {\n    accountChanges(accountIds: $accountIds) {\n      id\n      status\n      externalIds {\n        value\n        state\n      }\n    }\n  }\n',
): typeof import('./graphql').AccountChangesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(
  source: '\n  subscription VerificationProgress($accountId: ID!) {\n    verificationProgress(accountId: $accountId) {\n      complete\n      ok\n      checks {\n        name\n        outcome\n      }\n    }\n  }\n',
): typeof import('./graphql').VerificationProgressDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(
  source: '\n  query StoredKeyOf($id: ID!) {\n    account(id: $id) {\n      status\n      connection\n      accessKey {\n        idEnding\n        storedAt\n        ageDays\n        isOld\n      }\n      verification {\n        checks {\n          name\n          outcome\n          code\n          message\n        }\n      }\n    }\n  }\n',
): typeof import('./graphql').StoredKeyOfDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(
  source: '\n  query Viewer {\n    viewer {\n      actor\n      role\n      tenant {\n        id\n        name\n      }\n    }\n  }\n',
): typeof import('./graphql').ViewerDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(
  source: '\n  subscription MetricUpdates($filter: MetricFilter!, $since: DateTime) {\n    metricUpdates(filter: $filter, since: $since) {\n      account {\n        id\n      }\n      collectedAt\n      replay\n      merged\n      series {\n        metric {\n          id\n        }\n        columns\n      }\n    }\n  }\n',
): typeof import('./graphql').MetricUpdatesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(
  source: '\n  query StoredPoints($filter: MetricFilter!, $range: TimeRange!, $step: Int!) {\n    metricData(filter: $filter, range: $range, step: $step, aggregate: LAST, limit: 500, maxPoints: 10000) {\n      truncated\n      series {\n        metric {\n          namespace\n          name\n          statistic\n          period\n          dimensions\n          resource {\n            name\n            region\n            account {\n              awsAccountId\n            }\n          }\n        }\n        columns\n      }\n    }\n  }\n',
): typeof import('./graphql').StoredPointsDocument;

export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}

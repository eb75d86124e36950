import { graphql } from '../gql';

export const Usage = graphql(/* GraphQL */ `
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
`);

export const Costs = graphql(/* GraphQL */ `
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
`);

export const RunCosts = graphql(/* GraphQL */ `
  query RunCosts($accountIds: [ID!]!) {
    collectionRuns(filter: { accountIds: $accountIds }, first: 500) {
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
`);

export const SetBudget = graphql(/* GraphQL */ `
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
`);

export const ByCompleteness = graphql(/* GraphQL */ `
  query ByCompleteness {
    accounts(orderBy: { field: COMPLETENESS }) {
      nodes {
        id
        completeness
      }
    }
  }
`);

export const NoDataOfAccounts = graphql(/* GraphQL */ `
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
`);

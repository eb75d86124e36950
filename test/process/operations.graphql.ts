import { graphql } from '../gql';

/** Every series there is, told apart as AWS tells them apart. */
export const CollectedSeries = graphql(/* GraphQL */ `
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
`);

/** Where a collection stands, and how it got there. */
export const RunStates = graphql(/* GraphQL */ `
  query RunStates($accountIds: [ID!]) {
    collectionRuns(filter: { accountIds: $accountIds }, first: 500) {
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
`);

/** The newest value of each series of a metric. */
export const LatestOf = graphql(/* GraphQL */ `
  query LatestOf($filter: MetricFilter!) {
    metrics(filter: $filter, first: 500) {
      nodes {
        latest {
          timestamp
        }
      }
    }
  }
`);

/** How collections ended, step by step. */
export const RunOutcomes = graphql(/* GraphQL */ `
  query RunOutcomes($accountIds: [ID!]) {
    collectionRuns(filter: { accountIds: $accountIds }, first: 50) {
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
`);

import { graphql } from '../../gql';

export const StoredPoints = graphql(/* GraphQL */ `
  query StoredPoints($filter: MetricFilter!, $range: TimeRange!, $step: Int!) {
    metricData(filter: $filter, range: $range, step: $step, aggregate: LAST, limit: 500, maxPoints: 10000) {
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
`);

import { graphql } from '../gql';

/** Who asks. */
export const viewer = graphql(`
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
`);

/** New points, after those stored since an instant. */
export const metricUpdates = graphql(`
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
`);

import { graphql } from './gql';

/** Reserves an account; the answer holds what its role needs. */
export const registerAccount = graphql(`
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
`);

/** Connects an account by its role or its access key. */
export const connectAccount = graphql(`
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
`);

/** Collects an account outside the schedule. */
export const collectNow = graphql(`
  mutation CollectNow($accountId: ID!) {
    collectNow(input: { accountId: $accountId }) {
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
`);

/** The accounts that are there, with what to make their roles from again. */
export const accounts = graphql(`
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
`);

/** Printed by the demo: every resource with its latest values. */
export const latestValues = graphql(`
  query LatestValues {
    resources(first: 10, orderBy: { field: TYPE }) {
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
`);

/** Printed by the demo: the CPU of every instance over three hours, on one grid. */
export const cpuOfAllInstances = graphql(`
  query CpuOfAllInstances {
    metricData(
      filter: { types: ["ec2:instance"], names: ["CPUUtilization"], statistics: ["Average"] }
      range: { last: 10800 }
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
`);

/** Printed by the demo: new points as they arrive. */
export const newPoints = graphql(`
  subscription NewPoints {
    metricUpdates(filter: { names: ["CPUUtilization"] }) {
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
`);

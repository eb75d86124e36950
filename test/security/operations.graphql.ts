import { graphql } from '../gql';

export const TrustOf = graphql(/* GraphQL */ `
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
`);

export const ForecastAccount = graphql(/* GraphQL */ `
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
`);

export const AccountChanges = graphql(/* GraphQL */ `
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
`);

export const VerificationProgress = graphql(/* GraphQL */ `
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
`);

export const StoredKeyOf = graphql(/* GraphQL */ `
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
`);

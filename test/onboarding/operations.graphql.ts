import { graphql } from '../gql';

export const OnboardingOf = graphql(/* GraphQL */ `
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
`);

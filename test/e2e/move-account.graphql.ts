import { graphql } from '../gql';

export const CreateTenant = graphql(/* GraphQL */ `
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
`);

export const MoveAccount = graphql(/* GraphQL */ `
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
`);

export const ChangedAccounts = graphql(/* GraphQL */ `
  subscription ChangedAccounts {
    accountChanges {
      id
      name
      tenant {
        name
      }
    }
  }
`);

export const Moves = graphql(/* GraphQL */ `
  query Moves {
    auditLog(filter: { actions: ["account.moved"] }) {
      nodes {
        actor
        accountId
        target
        detail
      }
    }
  }
`);

import { queryProtocol } from '../protocol/query';
import { assumeRole } from './assume-role';
import { getFederationToken } from './get-federation-token';
import type { QueryService } from './service';

/** AWS Security Token Service. */
export const stsService: QueryService = {
  iamPrefix: 'sts',
  signingName: 'sts',
  protocol: queryProtocol,
  version: '2011-06-15',
  xmlNamespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
  // GetCallerIdentity cannot be denied; the others ask the caller's policies about the very role or federated user.
  unauthorizedActions: ['GetCallerIdentity', 'AssumeRole', 'GetFederationToken'],
  actions: {
    GetCallerIdentity: ({ caller }) => ({
      Arn: caller.arn,
      UserId: caller.userId,
      Account: caller.account.id,
    }),
    AssumeRole: assumeRole,
    GetFederationToken: getFederationToken,
  },
};

import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { Tenant } from '../../core/access/tenant-repository';
import type { ApiToken } from '../../core/access/token-repository';
import { tokenPrefix } from '../../core/access/tokens';
import type { OperationContext } from '../context';
import { payload } from '../errors/payload';
import { connection, type Connection } from '../relay/connection';
import { keyOf, toGlobalId } from '../relay/global-id';
import { PageArguments } from '../relay/page-arguments';
import { RequiresRole } from '../required-role';
import {
  ApiTokenConnectionType,
  ApiTokenType,
  CreateApiTokenInput,
  CreateApiTokenPayload,
  RevokeApiTokenInput,
  RevokeApiTokenPayload,
} from './api-token.types';
import { TenantType } from './tenant.types';

@Resolver(() => ApiTokenType)
export class ApiTokenResolver {
  @RequiresRole('ADMIN')
  @Query(() => ApiTokenConnectionType, {
    description:
      "Of the caller's tenant and those below it; the newest first, and those that expired or were revoked too.",
  })
  apiTokens(
    @Args(() => PageArguments) page: PageArguments,
    @Ctx() context: OperationContext,
  ): Promise<Connection<ApiToken>> {
    return connection<ApiToken>(context, {
      ...page,
      list: 'apiTokens',
      read: (request) => context.services.tokenRepository.within(context.viewer).list(request),
    });
  }

  @RequiresRole('ADMIN')
  @Mutation(() => CreateApiTokenPayload, {
    description: 'A token that may do no more than the caller, in no other tenant than the caller sees.',
  })
  createApiToken(
    @Arg('input', () => CreateApiTokenInput) { name, role, tenantId, expiresAt }: CreateApiTokenInput,
    @Ctx() { viewer, services }: OperationContext,
  ): Promise<CreateApiTokenPayload> {
    const tenant = tenantId == null ? undefined : keyOf('Tenant', tenantId);
    return payload(async () => {
      const created = await services.tokens.create(viewer, { name, role, tenantId: tenant, expiresAt });
      return { apiToken: created.token, secret: created.secret };
    });
  }

  @RequiresRole('ADMIN')
  @Mutation(() => RevokeApiTokenPayload, {
    description:
      'Its requests are refused from now on, and its WebSockets closed within a second. For good; a request that is ' +
      'under way may finish.',
  })
  revokeApiToken(
    @Arg('input', () => RevokeApiTokenInput) { tokenId }: RevokeApiTokenInput,
    @Ctx() { viewer, services }: OperationContext,
  ): Promise<RevokeApiTokenPayload> {
    const token = { tokenId: keyOf('ApiToken', tokenId), givenId: tokenId };
    return payload(async () => ({ apiToken: await services.tokens.revoke(viewer, token) }));
  }

  @FieldResolver(() => ID)
  id(@Root() token: ApiToken): string {
    return toGlobalId('ApiToken', token.id);
  }

  @FieldResolver(() => TenantType)
  tenant(@Root() token: ApiToken, @Ctx() { loaders }: OperationContext): Promise<Tenant | null> {
    return loaders.tenants.load(token.tenantId);
  }

  @FieldResolver(() => String, {
    description: 'How it begins: enough to know it by, and nothing to sign in with.',
  })
  prefix(@Root() token: ApiToken): string {
    return tokenPrefix(token.lookupId);
  }
}

import { Arg, Args, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import type { AuditEntry } from '../../core/audit/audit-repository';
import { NotFoundError } from '../../core/errors';
import type { OperationContext } from '../context';
import { connection, type Connection } from '../relay/connection';
import { keyOf, toGlobalId } from '../relay/global-id';
import { PageArguments } from '../relay/page-arguments';
import { RequiresRole } from '../required-role';
import { AuditFilterInput, toAuditFilter } from './audit-inputs';
import { AuditEntryConnectionType, AuditEntryType, AuditIntegrityType } from './audit.types';

@Resolver(() => AuditEntryType)
export class AuditResolver {
  @RequiresRole('ADMIN')
  @Query(() => AuditEntryConnectionType, {
    description: "The log of the caller's tenant and of those below it; the newest first.",
  })
  auditLog(
    @Arg('filter', () => AuditFilterInput, { nullable: true }) filter: AuditFilterInput | null,
    @Args(() => PageArguments) page: PageArguments,
    @Ctx() context: OperationContext,
  ): Promise<Connection<AuditEntry>> {
    const { services, viewer } = context;
    const wanted = toAuditFilter(filter, services.clock.now());
    return connection<AuditEntry>(context, {
      ...page,
      list: 'auditLog',
      read: (request) => services.audit.within(viewer).list(wanted, request),
    });
  }

  @RequiresRole('ADMIN')
  @Query(() => AuditIntegrityType, {
    description:
      "Whether the log's hash chain is whole, and where it first breaks: of one tenant, or of all that the caller sees. " +
      'Reads the whole log; `npm run audit -- verify` has no time limit.',
  })
  async auditIntegrity(
    @Arg('tenantId', () => ID, { nullable: true }) tenantId: string | null,
    @Ctx() { services, viewer, signal }: OperationContext,
  ): Promise<AuditIntegrityType> {
    const seen = await services.audit.within(viewer).tenantIds();
    const wanted = tenantId == null ? seen : seen.filter((id) => id === keyOf('Tenant', tenantId));
    if (tenantId != null && wanted.length === 0) {
      throw new NotFoundError('RC_TENANT_NOT_FOUND', 'There is no such tenant', tenantId, {
        path: ['tenantId'],
      });
    }
    const { checkedAt, chains } = await services.auditIntegrity.check(wanted, signal);
    const fault = chains.find((chain) => chain.fault)?.fault ?? null;
    const signed = chains.flatMap(({ lastCheckpointAt }) => lastCheckpointAt ?? []);
    return {
      ok: fault === null,
      entries: chains.reduce((sum, { entries }) => sum + entries, 0),
      firstBadEntry: fault?.id == null ? null : toGlobalId('AuditEntry', fault.id),
      problem: fault && `Entry ${fault.sequence} ${fault.message}`,
      checkedAt,
      lastCheckpointAt: signed.length > 0 ? Math.max(...signed) : null,
    };
  }

  @FieldResolver(() => ID)
  id(@Root() entry: AuditEntry): string {
    return toGlobalId('AuditEntry', entry.id);
  }

  @FieldResolver(() => ID, { nullable: true, description: 'Of what it was done to.' })
  target(@Root() { target }: AuditEntry): string | null {
    // `Type:id` as stored is what an id is made of.
    return target && Buffer.from(target).toString('base64url');
  }

  @FieldResolver(() => ID, {
    nullable: true,
    description: 'Of the account that it concerns; the account may be gone.',
  })
  accountId(@Root() { accountId }: AuditEntry): string | null {
    return accountId === null ? null : toGlobalId('Account', accountId);
  }
}

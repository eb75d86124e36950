import type { CollectionRun } from '../../core/collection/collection-run';
import type { RunFilter } from '../../core/collection/run-repository';
import type { OperationContext } from '../context';
import { connection, type Connection } from '../relay/connection';
import type { PageArguments } from '../relay/page-arguments';

/** A page of collections, the newest first. */
export function listRuns(
  context: OperationContext,
  filter: RunFilter,
  page: PageArguments,
): Promise<Connection<CollectionRun>> {
  return connection<CollectionRun>(context, {
    ...page,
    list: 'collectionRuns',
    read: (request) => context.services.runRepository.within(context.viewer).list(filter, request),
  });
}

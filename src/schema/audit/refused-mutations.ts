import { type DocumentNode, type GraphQLSchema, getOperationAST, OperationTypeNode } from 'graphql';
import { auditActor, type Viewer } from '../../core/access/viewer';
import { rootFields } from '../operation/root-fields';
import type { SchemaServices } from '../services';
import { callerOf } from './audited-mutations';

/** A document that was refused. */
interface RefusedDocument {
  /** Left out where it did not even parse. */
  document?: DocumentNode;
  operationName?: string | null;
  viewer: Viewer;
}

/** Part of the operation may have run: the entries of its fields tell how they ended. */
const MAY_HAVE_RUN: ReadonlySet<unknown> = new Set(['TIMED_OUT', 'INTERNAL']);

/**
 * Records each mutation of a document that was refused before anything of it ran. Its input is left out: nothing tells
 * the secrets in it while it is not known to be valid. Never rejects.
 */
export async function auditRefusal(
  { schema, services }: { schema: GraphQLSchema; services: Pick<SchemaServices, 'audit' | 'logger'> },
  { document, operationName, viewer }: RefusedDocument,
  codes: readonly unknown[],
): Promise<void> {
  const operation = document && getOperationAST(document, operationName);
  if (!document || operation?.operation !== OperationTypeNode.MUTATION) return;
  if (codes.some((code) => MAY_HAVE_RUN.has(code))) return;
  const errors = [...new Set(codes.map(String))];
  try {
    await Promise.all(
      rootFields(schema, document, operation).map(({ name }) =>
        services.audit.record({
          tenantId: viewer.tenantId,
          actor: auditActor(viewer),
          action: `mutation.${name}.refused`,
          detail: { caller: callerOf(viewer), errors },
        }),
      ),
    );
  } catch (error) {
    services.logger.error({ err: error }, 'A refused mutation could not be audited');
  }
}

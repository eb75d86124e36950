import { randomUUID } from 'node:crypto';
import { defaultFieldResolver, GraphQLError, type GraphQLFieldResolver, type GraphQLSchema } from 'graphql';
import { auditActor, type Viewer } from '../../core/access/viewer';
import { DomainError } from '../../core/errors';
import type { OperationContext } from '../context';
import { toGlobalId } from '../relay/global-id';
import { loggedInput } from './mutation-input';
import { targetAfter, targetOf, type MutationTarget } from './mutation-target';

type Resolve = GraphQLFieldResolver<unknown, OperationContext>;

/**
 * Puts every field of Mutation under audit, whoever wrote it: the last step of building the schema. What is asked is
 * stored before the mutation runs, and it does not run when that fails; how it ended is stored afterwards. The two
 * have the same `mutationId`.
 */
export function auditMutations(schema: GraphQLSchema): void {
  for (const field of Object.values(schema.getMutationType()?.getFields() ?? {})) {
    field.resolve = audited(field.name, field.resolve ?? defaultFieldResolver);
  }
}

/** Who asks, for the log of a tenant that may not be the caller's own. */
export function callerOf({ tenantId, role, tokenId }: Viewer) {
  return {
    role,
    tenant: toGlobalId('Tenant', tenantId),
    token: tokenId === null ? null : toGlobalId('ApiToken', tokenId),
  };
}

function audited(name: string, resolve: Resolve): Resolve {
  return async (source, args, context, info) => {
    const { viewer, services } = context;
    const mutationId = randomUUID();
    const target = await targetOf(args, context);
    await services.audit.record({
      ...target,
      actor: auditActor(viewer),
      action: `mutation.${name}`,
      detail: { mutationId, caller: callerOf(viewer), input: loggedInput(args) },
    });
    const end = (on: MutationTarget, errors: string[]) =>
      recordEnd(context, name, on, { mutationId, errors });
    try {
      const answer: unknown = await resolve(source, args, context, info);
      await end(targetAfter(target, answer), codesIn(answer));
      return answer;
    } catch (error) {
      await end(target, [codeOf(error)]);
      throw error;
    }
  };
}

/** What was done cannot be undone for want of a line about it: the intent is stored, and the failure is logged. */
async function recordEnd(
  { viewer, services }: OperationContext,
  name: string,
  target: MutationTarget,
  detail: { mutationId: string; errors: string[] },
): Promise<void> {
  try {
    await services.audit.record({
      ...target,
      actor: auditActor(viewer),
      action: `mutation.${name}.ended`,
      detail: { ...detail, ok: detail.errors.length === 0 },
    });
  } catch (error) {
    services.logger.error(
      { err: error, mutationId: detail.mutationId },
      'The end of a mutation could not be audited',
    );
  }
}

/** Of the mistakes in a payload. */
function codesIn(answer: unknown): string[] {
  const { errors } = (answer ?? {}) as { errors?: { code: string }[] };
  return errors?.map(({ code }) => code) ?? [];
}

function codeOf(error: unknown): string {
  if (error instanceof DomainError) return error.code;
  if (error instanceof GraphQLError && error.extensions.code !== undefined)
    return String(error.extensions.code);
  return 'INTERNAL';
}

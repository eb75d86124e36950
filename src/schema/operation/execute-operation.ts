import { randomUUID } from 'node:crypto';
import {
  createSourceEventStream,
  type DocumentNode,
  execute,
  type ExecutionArgs,
  type ExecutionResult,
  type FormattedExecutionResult,
  getOperationAST,
  type GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
  type OperationDefinitionNode,
  OperationTypeNode,
} from 'graphql';
import type { Viewer } from '../../core/access/viewer';
import { auditRefusal } from '../audit/refused-mutations';
import { createContext } from '../context';
import { publicError } from '../errors/public-error';
import { requestError } from '../errors/request-error';
import { mapStream } from '../live/live-stream';
import { requiredRole, requireRole } from '../required-role';
import type { SchemaServices } from '../services';
import type { OperationLimits } from './limits';
import { rootFields } from './root-fields';
import { checkVariables } from './variable-limits';

/** A parsed and validated document, and who asks. */
export interface OperationRequest {
  /** Under which the log has it. */
  requestId: string;
  document: DocumentNode;
  operationName?: string | null;
  variables?: Readonly<Record<string, unknown>> | null;
  viewer: Viewer;
}

/** What the one way of execution needs. */
export interface Execution {
  schema: GraphQLSchema;
  services: SchemaServices;
  limits: OperationLimits;
  /** Hides the schema's names from messages. */
  hideSuggestions: boolean;
  /** Answers who asks for the schema. */
  introspection: boolean;
}

/** A subscription has no deadline; each of its messages has. */
const NEVER = new AbortController().signal;

/** Which operations a door lets in: a WebSocket carries subscriptions alone, HTTP everything else. */
export type Transport = 'http' | 'websocket';

export type SubscriptionResult = FormattedExecutionResult | AsyncIterableIterator<FormattedExecutionResult>;

/**
 * Formats an error for the caller; one that must be masked goes to the log under its correlation id.
 * @param requestId left out where the request is not known
 */
export function formatError(
  { logger }: Pick<SchemaServices, 'logger'>,
  error: unknown,
  requestId: string = randomUUID(),
): GraphQLFormattedError {
  const report = (cause: unknown) =>
    logger.error({ err: cause, correlationId: requestId }, 'An operation failed');
  return publicError(error, report, requestId);
}

/**
 * One line for a document that was refused before it ran, and an audit entry for each mutation in it. Its errors'
 * messages may quote it, so they are only counted.
 */
export async function logRefusal(
  execution: Pick<Execution, 'schema' | 'services'>,
  request: Pick<OperationRequest, 'requestId' | 'viewer' | 'operationName'> & { document?: DocumentNode },
  errors: readonly GraphQLError[],
): Promise<void> {
  const { requestId, viewer } = request;
  const { actor, tenantId } = viewer;
  execution.services.logger.info({ requestId, actor, tenantId, errors: errors.length }, 'operation refused');
  const codes = errors.map((error) => publicError(error, () => undefined, requestId).extensions?.code);
  await auditRefusal(execution, request, codes);
}

/** The operation that a request runs, once its caller may. @throws GraphQLError BAD_USER_INPUT, LIMIT_EXCEEDED, FORBIDDEN */
export function admit(
  { schema, limits }: Pick<Execution, 'schema' | 'limits'>,
  { document, operationName, variables, viewer }: Omit<OperationRequest, 'requestId'>,
  transport: Transport,
): OperationDefinitionNode {
  const operation = getOperationAST(document, operationName);
  if (!operation) throw requestError('BAD_USER_INPUT', 'Name one operation of the document in operationName');
  const isSubscription = operation.operation === OperationTypeNode.SUBSCRIPTION;
  if (isSubscription !== (transport === 'websocket')) {
    throw requestError(
      'BAD_USER_INPUT',
      isSubscription ? 'Subscriptions need a WebSocket' : 'A WebSocket carries subscriptions alone',
      'Send queries and mutations over HTTP, and subscriptions over the graphql-transport-ws protocol.',
    );
  }
  checkVariables(variables, limits);
  for (const field of rootFields(schema, document, operation)) {
    requireRole(viewer, requiredRole(field)!, field.name);
  }
  return operation;
}

/** Runs a query or a mutation. Never throws: whatever goes wrong is in `errors`. */
export async function executeOperation(
  execution: Execution,
  request: OperationRequest,
): Promise<FormattedExecutionResult> {
  const started = performance.now();
  let operation: OperationDefinitionNode | undefined;
  let result: FormattedExecutionResult;
  try {
    operation = admit(execution, request, 'http');
    result = format(execution, request, await executeInTime(execution, request));
  } catch (error) {
    result = { errors: [formatError(execution.services, error, request.requestId)] };
  }
  const codes = result.errors?.map(({ extensions }) => extensions?.code) ?? [];
  if (!('data' in result)) await auditRefusal(execution, request, codes);
  logOperation(execution, request, operation, performance.now() - started, result);
  return result;
}

/** Opens a subscription; each of its messages is executed with a context of its own. Never throws. */
export async function executeSubscription(
  execution: Execution,
  request: OperationRequest,
): Promise<SubscriptionResult> {
  const started = performance.now();
  let operation: OperationDefinitionNode | undefined;
  let result: SubscriptionResult;
  try {
    operation = admit(execution, request, 'websocket');
    const source = await createSourceEventStream(executionArgs(execution, request, NEVER));
    result =
      Symbol.asyncIterator in source
        ? mapStream(source as AsyncIterableIterator<unknown>, async (event) =>
            format(execution, request, await executeInTime(execution, request, event)),
          )
        : format(execution, request, source);
  } catch (error) {
    result = { errors: [formatError(execution.services, error, request.requestId)] };
  }
  logOperation(execution, request, operation, performance.now() - started, result);
  return result;
}

async function executeInTime(
  execution: Execution,
  request: OperationRequest,
  event?: unknown,
): Promise<ExecutionResult> {
  const deadline = new AbortController();
  const { deadlineMs } = execution.limits;
  const error = requestError('TIMED_OUT', `Not done after ${deadlineMs / 1000} s`, 'Ask for less at a time.');
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      deadline.abort(error);
      reject(error);
    }, deadlineMs);
  });
  try {
    const args = executionArgs(execution, request, deadline.signal);
    return await Promise.race([execute({ ...args, rootValue: event }), late]);
  } finally {
    clearTimeout(timer);
  }
}

function executionArgs(
  { schema, services, limits, hideSuggestions }: Execution,
  { document, operationName, variables, viewer }: OperationRequest,
  signal: AbortSignal,
): ExecutionArgs {
  return {
    schema,
    document,
    operationName,
    variableValues: variables,
    contextValue: createContext(services, viewer, limits, signal),
    hideSuggestions,
  };
}

function format(
  { services }: Execution,
  { requestId }: OperationRequest,
  { errors, ...rest }: ExecutionResult,
): FormattedExecutionResult {
  return errors ? { ...rest, errors: errors.map((error) => formatError(services, error, requestId)) } : rest;
}

/** One line an operation: never a variable, for it may hold a secret. */
function logOperation(
  { services }: Execution,
  { requestId, viewer, operationName }: OperationRequest,
  operation: OperationDefinitionNode | undefined,
  milliseconds: number,
  result: SubscriptionResult,
): void {
  const errors = 'errors' in result ? result.errors?.map(({ extensions }) => extensions?.code) : undefined;
  services.logger.info(
    {
      requestId,
      operation: operation?.name?.value ?? operationName ?? null,
      type: operation?.operation,
      milliseconds: Math.round(milliseconds),
      actor: viewer.actor,
      tenantId: viewer.tenantId,
      errors,
    },
    'operation',
  );
}

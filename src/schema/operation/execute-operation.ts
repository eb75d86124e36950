import { randomUUID } from 'node:crypto';
import {
  createSourceEventStream,
  type DocumentNode,
  execute,
  type ExecutionArgs,
  type ExecutionResult,
  type FormattedExecutionResult,
  getOperationAST,
  type GraphQLFormattedError,
  type GraphQLSchema,
  type OperationDefinitionNode,
  OperationTypeNode,
} from 'graphql';
import { hasRole, type Viewer } from '../../core/access/viewer';
import { createContext } from '../context';
import { publicError } from '../errors/public-error';
import { requestError } from '../errors/request-error';
import { mapStream } from '../live/live-stream';
import { requiredRole } from '../required-role';
import type { SchemaServices } from '../services';
import type { OperationLimits } from './limits';
import { rootFields } from './root-fields';

/** A parsed and validated document, and who asks. */
export interface OperationRequest {
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
}

/** A subscription has no deadline; each of its messages has. */
const NEVER = new AbortController().signal;

/** Which operations a door lets in: a WebSocket carries subscriptions alone, HTTP everything else. */
export type Transport = 'http' | 'websocket';

export type SubscriptionResult = FormattedExecutionResult | AsyncIterableIterator<FormattedExecutionResult>;

/** Formats an error for the caller; one that must be masked goes to the log under its correlation id. */
export function formatError(services: Pick<SchemaServices, 'logger'>, error: unknown): GraphQLFormattedError {
  const report = (cause: unknown, correlationId: string) =>
    services.logger.error({ err: cause, correlationId }, 'An operation failed');
  return publicError(error, report, randomUUID);
}

/** One line for a document that was refused before it ran. Its errors' messages may quote it, so they are only counted. */
export function logRefusal({ services }: Pick<Execution, 'services'>, viewer: Viewer, errors: number): void {
  services.logger.info({ actor: viewer.actor, tenantId: viewer.tenantId, errors }, 'operation refused');
}

/** The operation that a request runs, once its caller may. @throws GraphQLError BAD_USER_INPUT, FORBIDDEN */
export function admit(
  { schema }: Pick<Execution, 'schema'>,
  { document, operationName, viewer }: OperationRequest,
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
  for (const field of rootFields(schema, document, operation)) {
    const role = requiredRole(field)!;
    if (!hasRole(viewer, role)) throw requestError('FORBIDDEN', `${field.name} needs the role ${role}`);
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
    result = format(execution, await executeInTime(execution, request));
  } catch (error) {
    result = { errors: [formatError(execution.services, error)] };
  }
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
            format(execution, await executeInTime(execution, request, event)),
          )
        : format(execution, source);
  } catch (error) {
    result = { errors: [formatError(execution.services, error)] };
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

function format({ services }: Execution, { errors, ...rest }: ExecutionResult): FormattedExecutionResult {
  return errors ? { ...rest, errors: errors.map((error) => formatError(services, error)) } : rest;
}

/** One line an operation: never a variable, for it may hold a secret. */
function logOperation(
  { services }: Execution,
  { viewer, operationName }: OperationRequest,
  operation: OperationDefinitionNode | undefined,
  milliseconds: number,
  result: SubscriptionResult,
): void {
  const errors = 'errors' in result ? result.errors?.map(({ extensions }) => extensions?.code) : undefined;
  services.logger.info(
    {
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

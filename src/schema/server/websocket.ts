import type { Server } from 'node:http';
import { type ExecutionArgs, GraphQLError, parse, specifiedRules, validate } from 'graphql';
import type { Context, OperationResult, SubscribePayload } from 'graphql-ws';
import { type Extra, useServer } from 'graphql-ws/use/ws';
import { WebSocket, WebSocketServer } from 'ws';
import type { Viewer } from '../../core/access/viewer';
import { limitExceeded } from '../errors/request-error';
import { documentLimits } from '../operation/document-limits';
import {
  admit,
  type Execution,
  executeSubscription,
  formatError,
  logRefusal,
} from '../operation/execute-operation';
import { viewerOf } from './bearer-token';

/** Bytes of one message from a client. */
const MAX_MESSAGE_BYTES = 256 * 1024;

const FORBIDDEN = 4403;

/** What is kept of an open socket. */
type SocketState = { viewer?: Viewer };

type SocketContext = Context<Record<string, unknown> | undefined, Extra & SocketState>;

/** The open WebSockets of a server. */
export interface WebSockets {
  /** Closes each with 1001 (going away). */
  close(): Promise<void>;
  /** Drops those that did not answer the close. */
  terminate(): void;
}

/** Subscriptions over graphql-transport-ws at /graphql, on the HTTP server's own port. */
export function serveWebSockets(server: Server, execution: Execution): WebSockets {
  const sockets = new WebSocketServer({ server, path: '/graphql', maxPayload: MAX_MESSAGE_BYTES });
  const { services, limits } = execution;
  const disposable = useServer<Record<string, unknown> | undefined, SocketState>(
    {
      connectionInitWaitTimeout: limits.connectionInitMs,
      onConnect: (context) => connect(execution, context),
      onSubscribe: (context, _id, payload) => prepare(execution, context, payload),
      // The results are formatted already, and onNext passes them on as they are.
      subscribe: ({ document, operationName, variableValues, contextValue }: ExecutionArgs) =>
        executeSubscription(execution, {
          document,
          operationName,
          variables: variableValues,
          viewer: contextValue as Viewer,
        }) as OperationResult,
      onNext: (_context, _id, _payload, _args, result) => result,
      onError: ({ extra }, _id, _payload, errors) => {
        logRefusal(execution, extra.viewer!, errors.length);
        return errors.map((error) => formatError(services, error));
      },
    },
    sockets,
  );
  return {
    close: async () => disposable.dispose(),
    terminate: () => sockets.clients.forEach((socket) => socket.terminate()),
  };
}

/** Lets in who has a good token, and puts out who has it no longer. */
async function connect(
  { services, limits }: Execution,
  { connectionParams, extra }: SocketContext,
): Promise<boolean> {
  const authorization = connectionParams?.Authorization ?? connectionParams?.authorization;
  const viewer = await viewerOf(services, authorization);
  const { socket } = extra;
  if (!viewer || socket.readyState !== WebSocket.OPEN) return false;
  extra.viewer = viewer;
  const recheck = setInterval(async () => {
    // A database that does not answer puts nobody out.
    const still = await viewerOf(services, authorization).catch(() => viewer);
    if (!still) socket.close(FORBIDDEN, 'Forbidden');
  }, limits.reauthenticateMs);
  socket.once('close', () => clearInterval(recheck));
  return true;
}

/** Parses and validates as the HTTP door does. What may not run is refused here, as an `error` message. */
function prepare(
  execution: Execution,
  { extra, subscriptions }: SocketContext,
  { query, operationName, variables }: SubscribePayload,
): ExecutionArgs | readonly GraphQLError[] {
  const { schema, limits, hideSuggestions } = execution;
  const viewer = extra.viewer!;
  try {
    if (Object.keys(subscriptions).length > limits.subscriptions) {
      throw limitExceeded(
        `A WebSocket may have ${limits.subscriptions} subscriptions`,
        'End some, or open another.',
      );
    }
    const document = parse(query, { maxTokens: limits.tokens });
    const errors = validate(schema, document, [...specifiedRules, documentLimits(limits)], {
      hideSuggestions,
    });
    if (errors.length > 0) return errors;
    admit(execution, { document, operationName, viewer }, 'websocket');
    return { schema, document, operationName, variableValues: variables, contextValue: viewer };
  } catch (error) {
    return [error as GraphQLError];
  }
}

import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import {
  type DocumentNode,
  type ExecutionArgs,
  GraphQLError,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import type { Context, OperationResult, SubscribePayload } from 'graphql-ws';
import { type Extra, useServer } from 'graphql-ws/use/ws';
import { WebSocket, WebSocketServer } from 'ws';
import type { Viewer } from '../../core/access/viewer';
import { limitExceeded } from '../errors/request-error';
import { documentRules } from '../operation/document-rules';
import {
  admit,
  type Execution,
  executeSubscription,
  formatError,
  logRefusal,
} from '../operation/execute-operation';
import type { DoorOptions } from './door-options';
import { LiveSessions } from './live-sessions';
import { type RequestOrigin, signIn } from './sign-in';
import { SocketQuota } from './socket-quota';

/** Codes of a close, as graphql-transport-ws has them; the one for "too many" is HTTP's 429, too. */
const INTERNAL_ERROR = 4500;
const FORBIDDEN = 4403;
const TOO_MANY = 4429;
/** Of the WebSocket protocol: clients open another one later. */
const TRY_AGAIN_LATER = 1013;

/** What is kept of an open socket. */
type SocketState = { viewer?: Viewer };

type SocketContext = Context<Record<string, unknown> | undefined, Extra & SocketState>;

/** Who runs an operation, and under which id. */
type Caller = { requestId: string; viewer: Viewer };

/** The open WebSockets of a server. */
export interface WebSockets {
  /** Takes what was upgraded. */
  readonly server: WebSocketServer;
  /** Closes each with 1001 (going away). */
  close(): Promise<void>;
  /** Drops those that did not answer the close. */
  terminate(): void;
}

/** Subscriptions over graphql-transport-ws. */
export function serveWebSockets(
  execution: Execution,
  door: DoorOptions,
  originOf: (request: IncomingMessage) => RequestOrigin,
): WebSockets {
  const server = new WebSocketServer({ noServer: true, maxPayload: door.bodyBytes });
  const { services, limits } = execution;
  const sessions = new LiveSessions(execution);
  const ofTenant = new SocketQuota<number>(door.socketsPerTenant);
  const disposable = useServer<Record<string, unknown> | undefined, SocketState>(
    {
      // Whatever else happens: no reason of a close says more than this.
      isProd: true,
      connectionInitWaitTimeout: limits.connectionInitMs,
      onConnect: (context) =>
        connect(execution, { sessions, ofTenant }, originOf(context.extra.request), context),
      onSubscribe: (context, _id, payload) => prepare(execution, context, payload),
      // The results are formatted already, and onNext passes them on as they are.
      subscribe: ({ document, operationName, variableValues, contextValue }: ExecutionArgs) =>
        executeSubscription(execution, {
          document,
          operationName,
          variables: variableValues,
          ...(contextValue as Caller),
        }) as OperationResult,
      onNext: (_context, _id, _payload, _args, result) => result,
      onError: async ({ extra }, _id, { query, operationName }, errors) => {
        const requestId = randomUUID();
        const document = parsed(query, limits.tokens);
        await logRefusal(execution, { requestId, viewer: extra.viewer!, document, operationName }, errors);
        return errors.map((error) => formatError(services, error, requestId));
      },
    },
    server,
  );
  return {
    server,
    close: async () => disposable.dispose(),
    terminate: () => server.clients.forEach((socket) => socket.terminate()),
  };
}

/** Lets in who has a good token, and puts out who has it no longer. Never rejects: graphql-ws would tell why. */
async function connect(
  execution: Execution,
  { sessions, ofTenant }: { sessions: LiveSessions; ofTenant: SocketQuota<number> },
  origin: RequestOrigin,
  { connectionParams, extra }: SocketContext,
): Promise<boolean> {
  const { services, limits } = execution;
  const { socket } = extra;
  const put = (code: number, reason: string) => {
    socket.close(code, reason);
    return false;
  };
  try {
    const authorization = connectionParams?.Authorization ?? connectionParams?.authorization;
    const outcome = await signIn(services, authorization, origin);
    if (socket.readyState !== WebSocket.OPEN) return false;
    if ('refusal' in outcome) {
      const { code, message } = outcome.refusal;
      return code === 'RATE_LIMITED' ? put(TOO_MANY, `${code}: ${message}`) : put(FORBIDDEN, 'Forbidden');
    }
    const { viewer } = outcome;
    if (ofTenant.isFull(viewer.tenantId)) {
      return put(TRY_AGAIN_LATER, 'LIMIT_EXCEEDED: There are too many WebSockets of this tenant');
    }
    extra.viewer = viewer;
    const forget = sessions.open(viewer, () => {
      put(FORBIDDEN, 'Forbidden');
      // Its subscriptions end with the socket, and a client that does not answer the close would keep it for half a minute.
      setTimeout(() => socket.terminate(), limits.closeMs).unref();
    });
    const release = ofTenant.take(viewer.tenantId);
    socket.once('close', () => {
      forget();
      release();
    });
    return true;
  } catch (error) {
    formatError(services, error, origin.requestId);
    return put(INTERNAL_ERROR, `Internal error ${origin.requestId}`);
  }
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
    const rules = [...specifiedRules, ...documentRules(execution)];
    const errors = validate(schema, document, rules, { hideSuggestions });
    if (errors.length > 0) return errors;
    admit(execution, { document, operationName, variables, viewer }, 'websocket');
    const contextValue: Caller = { requestId: randomUUID(), viewer };
    return { schema, document, operationName, variableValues: variables, contextValue };
  } catch (error) {
    return [error as GraphQLError];
  }
}

/** Undefined where it does not parse. */
function parsed(query: string, maxTokens: number): DocumentNode | undefined {
  try {
    return parse(query, { maxTokens });
  } catch {
    return undefined;
  }
}

import type { NodeHttpHandler } from '@smithy/node-http-handler';
import type { AwsClientConstructor } from '../../plugins/contract';
import { linkedSignal } from '../abort';
import { noteAction } from './aws-error';

/** Temporary or long-lived keys as the SDK takes them. The expiration is left out on purpose: the SDK would compare it with the machine's clock, while the broker alone knows when a session ends. */
export interface AwsCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

/** Counts requests that were sent, retries included. */
export interface CallCounter {
  count(): void;
}

export interface ClientScope {
  /** Undefined: the gateway's own, from the SDK's default chain. */
  credentials?: AwsCredentials | (() => Promise<AwsCredentials>);
  region: string;
  /** IAM actions that may be called; anything else is refused before it is sent. */
  allowedActions: ReadonlySet<string>;
  signal?: AbortSignal;
  calls?: CallCounter;
}

/** A call outside the declared actions: a fault of the plugin, found before AWS is asked. */
class ActionNotAllowedError extends Error {
  readonly Code = 'ActionNotAllowed';
  constructor(action: string) {
    super(`not authorized to perform: ${action}: the session's purpose does not include it`);
    this.name = 'ActionNotAllowed';
  }
}

/** Signing names that differ from the prefix of their IAM actions. */
const IAM_PREFIX: Record<string, string> = { monitoring: 'cloudwatch' };

interface MiddlewareContext {
  commandName?: string;
}

interface SdkClient {
  config: { defaultSigningName?: string };
  middlewareStack: {
    add(middleware: (next: Handler, context: MiddlewareContext) => Handler, options: object): void;
  };
}
type Handler = (args: unknown) => Promise<unknown>;

/** The one place that makes SDK clients: one shared connection pool, time limits, scope, counting. */
export class AwsClients {
  constructor(
    private readonly options: {
      /** One endpoint for every service, for a local emulator; null for AWS. */
      endpoint: string | null;
      /** Shared: a client is never destroyed, the handler is, once, at the end. */
      requestHandler: NodeHttpHandler;
      /** Attempts of a call, the first included. The SDK waits between them with full jitter. */
      maxAttempts: number;
    },
  ) {}

  create<Client>(constructor: AwsClientConstructor<Client>, scope: ClientScope): Client {
    const { credentials } = scope;
    const client = new constructor({
      region: scope.region,
      ...(credentials && {
        credentials: typeof credentials === 'function' ? credentials : async () => credentials,
      }),
      ...(this.options.endpoint && { endpoint: this.options.endpoint }),
      requestHandler: scope.signal
        ? abortable(this.options.requestHandler, scope.signal)
        : this.options.requestHandler,
      maxAttempts: this.options.maxAttempts,
      logger: SILENT,
    });
    guard(client as unknown as SdkClient, scope);
    return client;
  }

  /** Closes the shared connections. */
  close(): void {
    this.options.requestHandler.destroy();
  }
}

/** Without `info`, the SDK skips building its log line for every call, a fifth of its cost. */
const SILENT = { trace() {}, debug() {}, warn() {}, error() {} };

function guard(client: SdkClient, scope: ClientScope): void {
  const service = client.config.defaultSigningName ?? '';
  const prefix = IAM_PREFIX[service] ?? service;
  const actionOf = (context: MiddlewareContext) =>
    `${prefix}:${(context.commandName ?? '').replace(/Command$/, '')}`;
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const action = actionOf(context);
      if (!scope.allowedActions.has(action)) throw new ActionNotAllowedError(action);
      try {
        return await next(args);
      } catch (error) {
        noteAction(error, action);
        throw error;
      }
    },
    { step: 'initialize', name: 'rolecallScope' },
  );
  client.middlewareStack.add(
    (next) => (args) => {
      scope.calls?.count();
      return next(args);
    },
    // Low priority within the step stands inside the retry loop: every attempt is counted.
    { step: 'finalizeRequest', priority: 'low', name: 'rolecallCount' },
  );
}

/** The shared handler, with every request of this client cancelled by `signal`, beside a signal of the call's own. */
function abortable(handler: NodeHttpHandler, signal: AbortSignal) {
  return {
    metadata: handler.metadata,
    handle: (
      request: Parameters<NodeHttpHandler['handle']>[0],
      options: { abortSignal?: AbortSignal } = {},
    ) => {
      const linked = linkedSignal(options.abortSignal ? [signal, options.abortSignal] : [signal]);
      return handler.handle(request, { ...options, abortSignal: linked.signal }).finally(linked.release);
    },
    updateHttpClientConfig: handler.updateHttpClientConfig.bind(handler),
    httpHandlerConfigs: handler.httpHandlerConfigs.bind(handler),
    destroy() {},
  };
}

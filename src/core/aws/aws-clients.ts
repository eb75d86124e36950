import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { fromNodeProviderChain } from '@aws-sdk/credential-providers';
import type { NodeHttpHandler } from '@smithy/node-http-handler';
import type { AwsClientConstructor } from '../../plugins/contract';
import { linkedSignal, untilAborted } from '../abort';
import { noteAnswerTime } from './answer-time';
import type { Logger } from '../logger';
import { describeAwsError, forgetSkewOfOthers, noteAction, noteServedBefore } from './aws-error';
import { boundedHandler } from './bounded-handler';
import type { CallLimits, LimitedCall } from './call-limits';
import type { CalledApi } from './called-api';
import { speedUpMetricData } from './metric-data/fast-metric-data';
import { requestedPoints } from './requested-points';

/** Temporary or long-lived keys as the SDK takes them. The expiration is left out on purpose: the SDK would compare it with the machine's clock, while the broker alone knows when a session ends. */
export interface AwsCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

/** Counts requests that were sent, retries included. */
export interface CallCounter {
  count(call: CalledApi): void;
  /** Told of each request that AWS answered with throttling. */
  throttled?(call: CalledApi): void;
  /** Told of each call, which ends when it is answered or has failed for good. */
  watch?(call: Promise<unknown>): void;
}

export interface ClientScope {
  /** Undefined: the gateway's own, from the SDK's default chain. */
  credentials?: AwsCredentials | (() => Promise<AwsCredentials>);
  region: string;
  /** IAM actions that may be called; anything else is refused before it is sent. */
  allowedActions: ReadonlySet<string>;
  signal?: AbortSignal;
  calls?: CallCounter;
  /** Every attempt waits for its turn. */
  limits?: CallLimits;
  /** Of Rolecall: whose turns they are. No limit without it. */
  accountId?: number;
  /** Remembers each call that AWS has served these credentials, as Region and action: one that fails later is told from others. */
  served?: Set<string>;
}

/** One of the sessions that share a purpose. */
export interface ScopedCredentials {
  credentials: AwsCredentials;
  /** The IAM actions that its session policy allows. */
  allowedActions: ReadonlySet<string>;
}

/** A call outside the declared actions: a fault of the plugin, found before AWS is asked. */
class ActionNotAllowedError extends Error {
  readonly Code = 'ActionNotAllowed';
  constructor(action: string) {
    super(`not authorized to perform: ${action}: the session's purpose does not include it`);
    this.name = 'ActionNotAllowed';
  }
}

const DEFAULT_ATTEMPT_MS = 30_000;

/** Signing names that differ from the prefix of their IAM actions. */
const IAM_PREFIX: Record<string, string> = { monitoring: 'cloudwatch' };

interface MiddlewareContext {
  commandName?: string;
  /** The SDK's own: there is the signal that a call was sent with. */
  __smithy_context?: { abortSignal?: AbortSignal };
}

interface SdkClient {
  config: { defaultSigningName?: string };
  send(command: object, ...rest: unknown[]): Promise<unknown>;
  middlewareStack: {
    add(middleware: (next: Handler, context: MiddlewareContext) => Handler, options: object): void;
    addRelativeTo(middleware: (next: Handler) => Handler, options: object): void;
  };
}
type Handler = (args: { input?: object }) => Promise<unknown>;

export type MetricCodec = 'fast' | 'stock';

interface SdkAnswer {
  output: object;
  response: { headers?: Record<string, string> };
}

/** The one place that makes SDK clients: one shared connection pool, time limits, scope, counting. */
export class AwsClients {
  private isSlowTold = false;

  constructor(
    private readonly options: {
      /** One endpoint for every service, for a local emulator; null for AWS. */
      endpoint: string | null;
      /** Whether AWS_ENDPOINT_URL and the shared AWS config may send calls elsewhere; never by default. */
      configuredEndpoints?: boolean;
      /** Shared: a client is never destroyed, the handler is, once, at the end. */
      requestHandler: NodeHttpHandler;
      /** An attempt whose answer is not whole after so many milliseconds of real time has failed; 30,000 if left out. */
      attemptMs?: number;
      /** Attempts of a call, the first included. The SDK waits between them with full jitter. */
      maxAttempts: number;
      /** How GetMetricData is written and read; `fast` if left out, `stock` is the SDK's own way. */
      metricCodec?: MetricCodec;
      /** Told once when the SDK is not as `fast` knows it. */
      log?: Pick<Logger, 'warn'>;
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
      ignoreConfiguredEndpointUrls: !this.options.configuredEndpoints,
      requestHandler: this.handler(scope.signal),
      maxAttempts: this.options.maxAttempts,
      // Whatever AWS_RETRY_MODE says: `adaptive` would let one account's throttling slow the others.
      retryMode: 'standard',
      logger: SILENT,
    });
    if (client instanceof CloudWatchClient) this.speedUp(client);
    guard(client as unknown as SdkClient, scope);
    return client;
  }

  /**
   * A client before several sessions: each call is signed with the one that allows its action. What none allows is
   * refused before it is sent.
   */
  createSplit<Client>(
    constructor: AwsClientConstructor<Client>,
    sessions: readonly ScopedCredentials[],
    scope: Omit<ClientScope, keyof ScopedCredentials>,
  ): Client {
    const clients = sessions.map((session) => this.create(constructor, { ...scope, ...session }));
    const client = clients[0]!;
    if (clients.length > 1) dispatch(clients as unknown as SdkClient[], sessions);
    return client;
  }

  /** The gateway's own credentials: the SDK's default chain, which renews them. Its calls have our time limits. */
  defaultCredentials(options: { profile?: string; region: string }): () => Promise<AwsCredentials> {
    return fromNodeProviderChain({
      ...(options.profile && { profile: options.profile }),
      clientConfig: { region: options.region, requestHandler: this.handler() },
    });
  }

  /** Closes the shared connections. */
  close(): void {
    this.options.requestHandler.destroy();
  }

  private speedUp(client: CloudWatchClient): void {
    const { metricCodec = 'fast', log } = this.options;
    if (metricCodec === 'stock' || speedUpMetricData(client) || this.isSlowTold) return;
    this.isSlowTold = true;
    log?.warn({}, 'The AWS SDK is not as the fast codec knows it: its own writes and reads GetMetricData');
  }

  private handler(signal?: AbortSignal) {
    const { attemptMs = DEFAULT_ATTEMPT_MS, requestHandler } = this.options;
    return boundedHandler(requestHandler, attemptMs, signal);
  }
}

/** Without `info`, the SDK skips building its log line for every call, a fifth of its cost. */
const SILENT = { trace() {}, debug() {}, warn() {}, error() {} };

/** The IAM action that a command needs, by the client's service and the command's name. */
function actionOf({ config }: SdkClient, commandName = ''): string {
  const service = config.defaultSigningName ?? '';
  return `${IAM_PREFIX[service] ?? service}:${commandName.replace(/Command$/, '')}`;
}

/** Lets the first client hand on to the others what their sessions allow. Pagers and waiters go through `send` too. */
function dispatch(clients: readonly SdkClient[], sessions: readonly ScopedCredentials[]): void {
  const [first, ...others] = clients;
  const send = first!.send.bind(first);
  first!.send = (command, ...rest) => {
    const action = actionOf(first!, command.constructor.name);
    const other = others.find((_, index) => sessions[index + 1]!.allowedActions.has(action));
    const isOwn = !other || sessions[0]!.allowedActions.has(action);
    return isOwn ? send(command, ...rest) : other.send(command, ...rest);
  };
}

function guard(client: SdkClient, scope: ClientScope): void {
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const action = actionOf(client, context.commandName);
      if (!scope.allowedActions.has(action)) throw new ActionNotAllowedError(action);
      const place = `${scope.region} ${action}`;
      try {
        const call = next(args);
        scope.calls?.watch?.(call);
        // Between its attempts the SDK waits, and does not listen.
        const answer = await (scope.signal ? untilAborted(call, scope.signal) : call);
        scope.served?.add(place);
        return answer;
      } catch (error) {
        noteAction(error, action);
        if (scope.served?.has(place)) noteServedBefore(error);
        throw error;
      }
    },
    { step: 'initialize', name: 'rolecallScope' },
  );
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const call = { action: actionOf(client, context.commandName), region: scope.region };
      const answered = await turnOf(call, args.input, scope, context);
      scope.calls?.count(call);
      try {
        const answer = await next(args);
        answered(false);
        return answer;
      } catch (error) {
        const { fault } = describeAwsError(error);
        // No answer says nothing of AWS's limits.
        if (fault !== 'unavailable') answered(fault === 'throttled');
        if (fault === 'throttled') scope.calls?.throttled?.(call);
        throw error;
      }
    },
    // Low priority within the step stands inside the retry loop: every attempt waits for its turn, and is counted.
    { step: 'finalizeRequest', priority: 'low', name: 'rolecallCount' },
  );
  client.middlewareStack.addRelativeTo(
    (next) => async (args) => {
      try {
        return await next(args);
      } catch (error) {
        forgetSkewOfOthers(error);
        throw error;
      }
    },
    // Between the retry loop and the signature, where the SDK corrects its clock.
    { relation: 'after', toMiddleware: 'retryMiddleware', name: 'rolecallSkew' },
  );
  client.middlewareStack.add(
    (next) => async (args) => {
      const answer = (await next(args)) as SdkAnswer;
      noteAnswerTime(answer.output, answer.response.headers?.date);
      return answer;
    },
    // High priority within the step stands outside of the SDK's own reading of the answer.
    { step: 'deserialize', priority: 'high', name: 'rolecallAnswerTime' },
  );
}

/** Waits until the request may be sent. @returns what takes AWS's answer */
async function turnOf(
  api: CalledApi,
  input: object | undefined,
  { accountId, limits, signal }: ClientScope,
  { __smithy_context: own }: MiddlewareContext,
): Promise<(isThrottled: boolean) => void> {
  if (!limits || accountId === undefined) return () => undefined;
  const call: LimitedCall = { ...api, accountId, ...requestedPoints(api.action, input) };
  const stop = linkedSignal([signal, own?.abortSignal].filter((one) => one !== undefined));
  try {
    await limits.take(call, stop.signal);
  } finally {
    stop.release();
  }
  return (throttled) => limits.answered(call, { throttled });
}

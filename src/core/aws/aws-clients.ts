import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { fromNodeProviderChain } from '@aws-sdk/credential-providers';
import type { NodeHttpHandler } from '@smithy/node-http-handler';
import type { AwsClientConstructor } from '../../plugins/contract';
import type { Logger } from '../logger';
import { boundedHandler } from './bounded-handler';
import { actionOf, guard, type CallScope, type SdkClient } from './client-guard';
import { speedUpMetricData } from './metric-data/fast-metric-data';

/** Temporary or long-lived keys as the SDK takes them. The expiration is left out on purpose: the SDK would compare it with the machine's clock, while the broker alone knows when a session ends. */
export interface AwsCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

export interface ClientScope extends CallScope {
  /** Undefined: the gateway's own, from the SDK's default chain. */
  credentials?: AwsCredentials | (() => Promise<AwsCredentials>);
}

/** One of the sessions that share a purpose. */
export interface ScopedCredentials {
  credentials: AwsCredentials;
  /** The IAM actions that its session policy allows. */
  allowedActions: ReadonlySet<string>;
}

const DEFAULT_ATTEMPT_MS = 30_000;

export type MetricCodec = 'fast' | 'stock';

/** The one place that makes SDK clients: one shared connection pool, time limits, scope, counting. */
export class AwsClients {
  private isSlowTold = false;
  private readonly closers: (() => void)[] = [];

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

  /** What is to be given back with the connections. */
  onClose(giveBack: () => void): void {
    this.closers.push(giveBack);
  }

  /** Closes the shared connections. */
  close(): void {
    this.closers.forEach((giveBack) => giveBack());
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

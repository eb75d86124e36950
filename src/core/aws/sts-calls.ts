import { AsyncLocalStorage } from 'node:async_hooks';
import { STSClient } from '@aws-sdk/client-sts';
import { linkedSignal } from '../abort';
import type { Partition } from '../accounts/account';
import type { AwsClients, AwsCredentials } from './aws-clients';
import type { CallCounter } from './call-counter';
import { AwsTimeoutError } from './aws-timeout-error';
import type { StsGate } from './sts-gate';
import type { StsRegions } from './sts-regions';

const STS_ACTIONS: ReadonlySet<string> = new Set([
  'sts:AssumeRole',
  'sts:GetCallerIdentity',
  'sts:GetFederationToken',
]);

/** One call, through the client of one Region. */
export type StsCall<T> = (
  client: STSClient,
  bounds: { abortSignal: AbortSignal },
  credentials: AwsCredentials,
) => Promise<T>;

/** For whom a call is. */
export interface StsScope {
  partition: Partition;
  subject: string;
  tenantId: number | null;
  calls?: CallCounter;
}

/** Takes calls to STS: in turn, to one Region after the other when one is out of order, and not for ever. */
export class StsCalls {
  /** By credentials, then by Region: an SDK client keeps those that it was made with. */
  private readonly clients = new WeakMap<AwsCredentials, Map<string, STSClient>>();
  /** A client serves many accounts: whose calls it makes is known to the call alone. */
  private readonly counters = new AsyncLocalStorage<CallCounter | undefined>();

  constructor(
    private readonly options: {
      clients: AwsClients;
      gate: StsGate;
      regions: StsRegions;
      /** A Region that has not answered within so many milliseconds of real time is out of order. */
      timeLimitMs: number;
    },
  ) {
    // One that is left enabled costs every promise of the process a little, for ever.
    options.clients.onClose(() => this.counters.disable());
  }

  /**
   * @param tenantId whose turn the call takes; null for the gateway's own
   * @param subject the account whose credentials are asked for or used, as StsRegions remembers it
   * @param calls counts each request
   * @throws what the SDK throws; the signal's reason.
   */
  as<T>(
    credentials: AwsCredentials,
    { partition, subject, tenantId, calls }: StsScope,
    call: StsCall<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    const { gate, regions } = this.options;
    return regions.tryEach(
      partition,
      subject,
      (attempt) => gate.run(tenantId, attempt, signal),
      (region) =>
        this.within(region, signal, (bounds) =>
          this.counters.run(calls, () => call(this.client(region, credentials), bounds, credentials)),
        ),
    );
  }

  private async within<T>(
    region: string,
    signal: AbortSignal | undefined,
    call: (bounds: { abortSignal: AbortSignal }) => Promise<T>,
  ): Promise<T> {
    const milliseconds = this.options.timeLimitMs;
    const reason = new AwsTimeoutError(`STS in ${region} did not answer within ${milliseconds / 1000} s`);
    const bounds = linkedSignal(signal ? [signal] : [], { milliseconds, reason });
    try {
      return await call({ abortSignal: bounds.signal });
    } catch (error) {
      signal?.throwIfAborted();
      throw bounds.signal.aborted ? reason : error;
    } finally {
      bounds.release();
    }
  }

  private client(region: string, credentials: AwsCredentials): STSClient {
    let byRegion = this.clients.get(credentials);
    if (!byRegion) this.clients.set(credentials, (byRegion = new Map<string, STSClient>()));
    let client = byRegion.get(region);
    if (!client) {
      const calls: CallCounter = {
        count: (sent) => this.counters.getStore()?.count(sent),
        throttled: (sent) => this.counters.getStore()?.throttled?.(sent),
      };
      const scope = { region, credentials, allowedActions: STS_ACTIONS, calls };
      client = this.options.clients.create(STSClient, scope);
      byRegion.set(region, client);
    }
    return client;
  }
}

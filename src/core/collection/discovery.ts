import type { Plugin } from '../../plugins/contract';
import { linkedSignal, untilAborted } from '../abort';
import type { Account } from '../accounts/account';
import type { CallCounter } from '../aws/call-counter';
import { isAwsError } from '../aws/aws-error';
import { AwsTimeoutError } from '../aws/aws-timeout-error';
import { PARTITIONS } from '../aws/partition';
import { DomainError } from '../errors';
import type { CredentialBroker } from '../credentials/credential-broker';
import type { Session } from '../credentials/session';
import type { FoundResource } from '../inventory/resource';
import type { Logger } from '../logger';
import { AwsWait } from './aws-wait';
import { CollectionFailure } from './collection-failure';
import { matchesTags, readResources } from './found-resources';
import type { Remembered } from './remembered';

/** Where one discovery looks, and with what. */
interface Unit {
  account: Account;
  plugin: Plugin;
  region: string;
  calls: CallCounter;
  log: Logger;
}

/** Runs one plugin on one Region of an account: scoped session, time limit, checked resources. */
export class Discovery {
  private readonly watched = new WeakSet<AbortSignal>();

  constructor(
    private readonly options: {
      broker: CredentialBroker;
      remembered: Remembered;
      /** A plugin that needs longer has failed, in milliseconds of real time: it bounds what AWS and the plugin do. */
      timeLimitMs: number;
    },
  ) {}

  /**
   * A plugin that runs out of time has failed, unless it was AWS that took the most of it.
   * @throws what AWS answered, AwsTimeoutError, or CollectionFailure PLUGIN_FAILED, PLUGIN_TIMED_OUT, ABORTED.
   */
  async discover(unit: Unit, signal: AbortSignal): Promise<FoundResource[]> {
    const { account, plugin } = unit;
    const milliseconds = this.options.timeLimitMs;
    const message = `Plugin ${plugin.name} did not end within ${milliseconds / 1000} s`;
    const reason = new CollectionFailure('PLUGIN_TIMED_OUT', message);
    const calls = new AwsWait(unit.calls);
    const stop = linkedSignal([signal], { milliseconds, reason });
    try {
      const found = await this.options.broker.use(
        account,
        `discover:${plugin.name}`,
        stop.signal,
        (session) => untilAborted(this.run({ ...unit, calls }, session), session.signal),
      );
      return found.filter((resource) => matchesTags(resource, account.tagFilter));
    } catch (error) {
      if (stop.signal.reason === reason && calls.milliseconds > milliseconds / 2) {
        throw new AwsTimeoutError(`${message}, most of which AWS took`);
      }
      throw explain(error, plugin.name, stop.signal);
    } finally {
      stop.release();
    }
  }

  /** Async, so that a plugin that throws before it yields is a rejection like any other. */
  private async run({ account, plugin, region, calls, log }: Unit, session: Session) {
    const resources = plugin.discover({
      aws: { client: (constructor) => session.client(constructor, { region, calls }) },
      region,
      account: { id: account.awsAccountId!, partition: PARTITIONS[account.partition].arn },
      signal: session.signal,
      log: pluginLog(log.child({ plugin: plugin.name, region })),
      remember: (kind, ids, maxAgeSeconds, load) =>
        this.options.remembered.get(
          this.ownerOf(account),
          JSON.stringify([plugin.name, region, kind, account.connection, account.roleArn]),
          ids,
          maxAgeSeconds,
          load,
        ),
    });
    return readResources(plugin, resources);
  }

  /** What is remembered of an account goes with its credentials. */
  private ownerOf({ id }: Account): string {
    const { broker, remembered } = this.options;
    const dropped = broker.dropped(id);
    if (!this.watched.has(dropped)) {
      this.watched.add(dropped);
      dropped.addEventListener('abort', () => remembered.forget(String(id)), { once: true });
    }
    return String(id);
  }
}

function pluginLog(log: Logger) {
  return {
    info: (message: string, fields: object = {}) => log.info(fields, message),
    warn: (message: string, fields: object = {}) => log.warn(fields, message),
  };
}

function explain(error: unknown, plugin: string, stop: AbortSignal): unknown {
  if (stop.aborted) {
    if (stop.reason instanceof CollectionFailure) return stop.reason;
    return new CollectionFailure('ABORTED', `Plugin ${plugin} was stopped`, { cause: error });
  }
  if (error instanceof CollectionFailure || error instanceof DomainError || isAwsError(error)) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new CollectionFailure('PLUGIN_FAILED', `Plugin ${plugin} failed: ${message}`, { cause: error });
}

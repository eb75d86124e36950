import type { DiscoveredResource, Plugin } from '../../plugins/contract';
import type { Account } from '../accounts/account';
import type { AwsClients, CallCounter } from '../aws/aws-clients';
import { describeAwsError } from '../aws/aws-error';
import { PARTITIONS } from '../aws/partition';
import type { CredentialBroker } from '../credentials/credential-broker';
import type { FoundResource } from '../inventory/resource';
import type { Logger } from '../logger';
import { CollectionFailure } from './run-recorder';

/** Runs one plugin on one Region of an account: scoped session, time limit, checked resources. */
export class Discovery {
  constructor(
    private readonly options: {
      broker: CredentialBroker;
      clients: AwsClients;
      /** A plugin that needs longer has failed, in milliseconds. */
      timeLimitMs: number;
      log: Logger;
    },
  ) {}

  /** @throws what AWS answered, or CollectionFailure PLUGIN_FAILED, PLUGIN_TIMED_OUT, ABORTED. */
  async discover(
    account: Account,
    plugin: Plugin,
    region: string,
    signal: AbortSignal,
    calls: CallCounter,
  ): Promise<FoundResource[]> {
    const limit = AbortSignal.timeout(this.options.timeLimitMs);
    const found = await this.options.broker.use(account, `discover:${plugin.name}`, (session) => {
      const stop = AbortSignal.any([signal, limit, session.signal]);
      const { credentials, allowedActions } = session;
      const context = {
        aws: {
          client: <Client>(constructor: new (configuration: any) => Client) =>
            this.options.clients.create(constructor, {
              credentials,
              region,
              allowedActions,
              signal: stop,
              calls,
            }),
        },
        region,
        account: { id: account.awsAccountId!, partition: PARTITIONS[account.partition].arn },
        signal: stop,
        log: pluginLog(this.options.log.child({ accountId: account.id, plugin: plugin.name, region })),
      };
      return untilStopped(readAll(plugin, plugin.discover(context)), stop).catch((error: unknown) => {
        throw explain(error, plugin.name, limit, stop, this.options.timeLimitMs);
      });
    });
    return found.filter((resource) => matchesTags(resource, account));
  }
}

function pluginLog(log: Logger) {
  return {
    info: (message: string, fields: object = {}) => log.info(fields, message),
    warn: (message: string, fields: object = {}) => log.warn(fields, message),
  };
}

/** A plugin is third-party code: it may ignore the signal, but nobody waits for it then. */
function untilStopped<T>(work: Promise<T>, stop: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(stop.reason as Error);
    if (stop.aborted) return abort();
    stop.addEventListener('abort', abort, { once: true });
    return work.then(resolve, reject).finally(() => stop.removeEventListener('abort', abort));
  });
}

function explain(
  error: unknown,
  plugin: string,
  limit: AbortSignal,
  stop: AbortSignal,
  limitMs: number,
): unknown {
  if (limit.aborted) {
    return new CollectionFailure(
      'PLUGIN_TIMED_OUT',
      `Plugin ${plugin} did not end within ${limitMs / 1000} s`,
    );
  }
  if (stop.aborted) return new CollectionFailure('ABORTED', `Plugin ${plugin} was stopped`, { cause: error });
  if (error instanceof CollectionFailure) return error;
  const { fault } = describeAwsError(error);
  const isAws = typeof error === 'object' && error !== null && '$metadata' in error;
  if (isAws || fault !== 'rejected') return error;
  const message = error instanceof Error ? error.message : String(error);
  return new CollectionFailure('PLUGIN_FAILED', `Plugin ${plugin} failed: ${message}`, { cause: error });
}

/**
 * Every resource once, checked against its declaration. AWS's pages shift while things are made and deleted, so one that
 * comes twice is no fault: the last word counts.
 */
async function readAll(
  plugin: Plugin,
  resources: AsyncIterable<DiscoveredResource>,
): Promise<FoundResource[]> {
  const found = new Map<string, FoundResource>();
  for await (const resource of resources) {
    const checked = checkResource(plugin, resource);
    found.set(`${checked.type}|${checked.key}`, checked);
  }
  return [...found.values()];
}

function checkResource(plugin: Plugin, resource: DiscoveredResource): FoundResource {
  const { type, arn, name, tags } = resource;
  const declaration = Object.hasOwn(plugin.resources, type) ? plugin.resources[type] : undefined;
  const key = resource.id ?? arn;
  const refuse = (why: string) =>
    new CollectionFailure(
      'PLUGIN_FAILED',
      `Plugin ${plugin.name} yielded ${type} ${key ?? '(without id)'}: ${why}`,
    );
  if (!declaration) throw refuse('the type is not declared');
  if (!key) throw refuse('it has neither an ARN nor an id');
  const attributes = declaration.attributes.safeParse(resource.attributes);
  if (!attributes.success) {
    throw refuse(
      attributes.error.issues
        .map((issue: { path: PropertyKey[]; message: string }) => `${issue.path.join('.')}: ${issue.message}`)
        .join('; '),
    );
  }
  return { type, key, arn, name, tags, attributes: attributes.data };
}

function matchesTags(resource: FoundResource, account: Account): boolean {
  return account.tagFilter.every(({ key, values }) => {
    const value = resource.tags[key];
    return value !== undefined && (!values?.length || values.includes(value));
  });
}

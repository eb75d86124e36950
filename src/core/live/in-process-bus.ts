import type { TenantPaths } from '../access/tenant-tree';
import type { Bus, LiveEvent, LiveEventKind, LiveEventOf, LiveStream } from './bus';
import { InProcessBusQueue } from './in-process-bus-queue';

interface Subscription {
  kind: LiveEventKind;
  accepts(event: LiveEvent): boolean;
  queue: InProcessBusQueue;
}

/** Where no tree is given, nobody stands above anybody. */
const EACH_ALONE: TenantPaths = { pathOf: (tenantId) => [tenantId], refresh: async () => undefined };

/**
 * The live bus of a gateway that is one process. An event goes to the subscribers of its tenant and of the tenants
 * above. Events are handed over by reference, so that a thousand subscribers to one event hold it once: nobody may
 * change an event.
 */
export class InProcessBus implements Bus {
  private readonly subscriptions = new Map<number, Set<Subscription>>();
  /** While it is read who stands above a tenant that another process has just made: its event, and all behind it. */
  private held: LiveEvent[] | null = null;
  private closed = false;

  constructor(private readonly tenants: TenantPaths = EACH_ALONE) {}

  publish(event: LiveEvent): void {
    if (this.held) {
      this.held.push(event);
      return;
    }
    const path = this.tenants.pathOf(event.tenantId);
    if (path) this.deliver(event, path);
    else void this.hold(event);
  }

  /** A closed bus gives a stream that has ended. */
  subscribe<K extends LiveEventKind>(
    kind: K,
    tenantId: number,
    accepts: (event: LiveEventOf<K>) => boolean,
  ): LiveStream<LiveEventOf<K>> {
    const queue = new InProcessBusQueue();
    // `publish` calls `accepts` and fills the queue with events of this kind only.
    const subscription = { kind, accepts, queue } as Subscription;
    if (this.closed) queue.end();
    else this.add(tenantId, subscription);
    return toStream(queue, () => this.remove(tenantId, subscription)) as LiveStream<LiveEventOf<K>>;
  }

  /** What is queued can still be read; then the streams end. */
  close(): void {
    this.closed = true;
    for (const subscriptions of this.subscriptions.values()) {
      for (const { queue } of subscriptions) queue.end();
    }
    this.subscriptions.clear();
  }

  private deliver(event: LiveEvent, path: readonly number[]): void {
    for (const tenantId of path) {
      for (const subscription of this.subscriptions.get(tenantId) ?? []) {
        if (subscription.kind === event.kind && accepts(subscription, event)) subscription.queue.push(event);
      }
    }
  }

  /** Nothing overtakes it, for metrics keep their order. Who of the tenant itself listens is told in any case. */
  private async hold(event: LiveEvent): Promise<void> {
    const events = [event];
    this.held = events;
    await this.tenants.refresh().catch(() => undefined);
    this.held = null;
    events.forEach((one) => this.deliver(one, this.tenants.pathOf(one.tenantId) ?? [one.tenantId]));
  }

  private add(tenantId: number, subscription: Subscription): void {
    const ofTenant = this.subscriptions.get(tenantId) ?? new Set();
    this.subscriptions.set(tenantId, ofTenant.add(subscription));
  }

  private remove(tenantId: number, subscription: Subscription): void {
    const ofTenant = this.subscriptions.get(tenantId);
    ofTenant?.delete(subscription);
    if (ofTenant?.size === 0) this.subscriptions.delete(tenantId);
  }
}

/** A filter that throws accepts nothing: its subscriber alone must suffer from it. */
function accepts(subscription: Subscription, event: LiveEvent): boolean {
  try {
    return subscription.accepts(event);
  } catch {
    return false;
  }
}

function toStream(queue: InProcessBusQueue, release: () => void): LiveStream<LiveEvent> {
  const stop = () => {
    release();
    queue.clear();
    queue.end();
  };
  return {
    next: () => queue.next(),
    return: () => {
      stop();
      return Promise.resolve({ done: true, value: undefined });
    },
    throw: (error) => {
      stop();
      return Promise.reject(error);
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

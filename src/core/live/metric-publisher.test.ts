import { MemoryMetricStore } from '../../../test/contracts/memory-metric-store';
import { everything, readAll } from '../../../test/contracts/bus.contract';
import type { Clock } from '../clock';
import { StaleLeaseError } from '../collection/leases';
import { InProcessBus } from './in-process-bus';
import { MetricPublisher } from './metric-publisher';

const clock: Clock = { now: () => 42, sleep: () => Promise.resolve() };
const PERIOD = 300_000;

function make() {
  let held = true;
  const store = new MemoryMetricStore(() => held);
  const bus = new InProcessBus();
  const stream = bus.subscribe('metricsStored', 1, everything);
  const publisher = new MetricPublisher({ events: store.events, bus, clock });
  const append = async (accountId: number, id: number, values: number[]) => {
    const timestamps = values.map((_, index) => index * PERIOD);
    const series = { id, block: accountId, slot: id, period: 300 };
    const fence = { accountId, token: 1 };
    return (await store.append(fence, [{ series, timestamps, values, watermark: null }])).changes;
  };
  const publish = (accountId: number, changes: Awaited<ReturnType<typeof append>>) =>
    publisher.publish({ id: accountId, tenantId: 1 }, { accountId, token: 1 }, changes);
  const heard = () => {
    bus.close();
    return readAll(stream);
  };
  return { store, append, publish, heard, revoke: () => void (held = false) };
}

describe('MetricPublisher', () => {
  it('tells of what a run stored under its number in the log, each point once with its last value', async () => {
    const { append, publish, heard } = make();
    const changes = [
      ...(await append(1, 9, [1, 2])),
      ...(await append(1, 4, [3])),
      ...(await append(1, 9, [1, 7])),
    ];
    await publish(1, changes);
    await publish(1, []);
    await publish(1, await append(1, 9, [1, 8]));
    expect(await heard()).toEqual([
      {
        ...{ kind: 'metricsStored', tenantId: 1, accountId: 1, collectedAt: 42, sequence: 1, after: 0 },
        series: [
          { seriesId: 4, timestamps: [0], values: [3] },
          { seriesId: 9, timestamps: [0, PERIOD], values: [1, 7] },
        ],
      },
      expect.objectContaining({ sequence: 2, series: [{ seriesId: 9, timestamps: [PERIOD], values: [8] }] }),
    ]);
  });

  it('leaves it to the log when a run before was cut off between storing and telling', async () => {
    const { append, publish, heard } = make();
    await append(1, 9, [1, 2]);
    await publish(1, await append(1, 9, [1, 3]));
    await append(1, 9, [4]);
    await publish(1, []);
    expect(await heard()).toMatchObject([
      { sequence: 1, series: null },
      { sequence: 2, after: 1, series: null },
    ]);
  });

  it('tells in the order of the log', async () => {
    const { append, publish, heard } = make();
    const changes = [await append(1, 1, [1]), await append(2, 2, [2]), await append(3, 3, [3])];
    await Promise.all(changes.map((one, index) => publish(index + 1, one)));
    expect((await heard()).map(({ sequence, accountId }) => [sequence, accountId])).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
    ]);
  });

  it('tells nothing when the lease is lost, and goes on', async () => {
    const { append, publish, heard, revoke } = make();
    const changes = await append(1, 1, [1]);
    revoke();
    await expect(publish(1, changes)).rejects.toThrow(StaleLeaseError);
    expect(await heard()).toEqual([]);
  });
});

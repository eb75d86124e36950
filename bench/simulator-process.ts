import { emptyWorld, startSimulator } from '../src/simulator';
import { BENCH_USER, type BenchWorld } from './simulator-child';

const REGION = 'eu-central-1';

/**
 * The simulator in a process of its own, so that its CPU is not counted: a world of INSTANCES running
 * instances.
 */
async function main(instances: number): Promise<void> {
  const world = emptyWorld();
  const { accountId } = BENCH_USER;
  world.addAccount({ id: accountId, enabledRegions: [REGION] });
  const actions = { Effect: 'Allow', Action: 'cloudwatch:GetMetricData', Resource: '*' };
  world.addUser({ ...BENCH_USER, permissionPolicy: { Version: '2012-10-17', Statement: [actions] } });
  const added = world.addInstances({ accountId, region: REGION, count: instances });
  const { url } = await startSimulator({ world });
  const started: BenchWorld = { url, region: REGION, instanceIds: added.map(({ InstanceId }) => InstanceId) };
  process.send!(started);
  process.on('disconnect', () => process.exit(0));
}

void main(Number(process.argv[2]));

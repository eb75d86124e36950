import { ec2Plugin } from '../../src/plugins/ec2';
import { describePlugin } from '../contracts/plugin.contract';

describePlugin(ec2Plugin, {
  populate(world, place) {
    // One group of metrics each: burstable, Xen, Nitro with local disks.
    world.addInstance({ ...place, instanceType: 't3.micro', name: 'web', tags: { env: 'prod', empty: '' } });
    world.addInstance({ ...place, instanceType: 't2.micro' });
    world.addInstance({ ...place, instanceType: 'r6gd.xlarge', detailedMonitoring: true });
    world.addInstance({ ...place, state: 'stopped' });
    world.addInstance({ ...place, state: 'terminated' });
    world.addInstances({ ...place, count: 1000, instanceType: 'm7g.large' });
  },
  found: { 'ec2:instance': 1004 },
  calls: { 'ec2:DescribeInstances': 2 },
});

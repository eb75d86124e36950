import { definePlugin } from '../contract';
import { discoverInstances, probeInstances } from './discover';
import { instance } from './instance';

/** Amazon EC2: instances and their metrics in AWS/EC2. */
export const ec2Plugin = definePlugin({
  name: 'ec2',
  version: '1.0.0',
  apiVersion: 1,
  displayName: 'Amazon EC2',
  description: 'Instances, tagged or not, with CPU, network, EBS, credit and status check metrics.',
  iamActions: ['ec2:DescribeInstances'],
  probes: { 'ec2:DescribeInstances': probeInstances },
  resources: { 'ec2:instance': instance },
  discover: discoverInstances,
});

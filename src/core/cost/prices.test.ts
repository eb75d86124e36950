import { metricsRequested, usageOfRequest } from './metrics-requested';
import { usd } from './prices';

const calls = { calls: 0, throttled: 0, metricsRequested: 0, metricsRequestedLowerBound: 0 };

describe('usd', () => {
  it('prices GetMetricData by the metric, within two bounds', () => {
    const usage = { ...calls, api: 'cloudwatch:GetMetricData', calls: 3, metricsRequested: 1_000 };
    expect(usd({ ...usage, metricsRequestedLowerBound: 400 }, 'AWS')).toEqual({ lower: 0.004, upper: 0.01 });
  });

  it('prices other calls of CloudWatch by the request, with what AWS throttled in the upper bound alone', () => {
    const usage = { ...calls, api: 'cloudwatch:ListMetrics', calls: 1_000, throttled: 500 };
    expect(usd(usage, 'AWS')).toEqual({ lower: 0.005, upper: 0.01 });
  });

  it.each(['sts:AssumeRole', 'ec2:DescribeInstances', 'iam:SimulatePrincipalPolicy'])(
    'has %s free',
    (api) => {
      expect(usd({ ...calls, api, calls: 1_000_000 }, 'AWS')).toEqual({ lower: 0, upper: 0 });
    },
  );

  it('knows that China is billed in yuan', () => {
    const usage = { ...calls, api: 'cloudwatch:GetMetricData', metricsRequested: 1_000 };
    expect(usd(usage, 'AWS_CN').upper).toBeCloseTo(0.0651 / 7.1, 12);
  });
});

describe('metricsRequested', () => {
  const asked = (name: string, count: number, plugin = 'ec2') =>
    Array.from({ length: count }, () => ({
      ...{ plugin, region: 'eu-central-1', namespace: 'AWS/EC2', name, dimensions: { InstanceId: 'i-1' } },
    }));

  it('counts up to five statistics of a metric as one in the lower bound, each in the upper', () => {
    expect(metricsRequested([...asked('A', 1), ...asked('B', 5), ...asked('C', 6)])).toEqual({
      lower: 4,
      upper: 12,
    });
  });

  it('gives each plugin its share, and no call', () => {
    const usage = usageOfRequest('eu-central-1', [...asked('A', 2), ...asked('B', 3, 'rds')]);
    expect(usage).toMatchObject([
      { plugin: 'ec2', calls: 0, metricsRequested: 2, metricsRequestedLowerBound: 1 },
      { plugin: 'rds', calls: 0, metricsRequested: 3, metricsRequestedLowerBound: 1 },
    ]);
  });
});

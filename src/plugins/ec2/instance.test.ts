import { instance, instanceAttributes } from './instance';

const of = (instanceType: string) => ({
  arn: null,
  name: null,
  tags: {},
  region: 'eu-central-1',
  attributes: { ...instanceAttributes({ InstanceId: 'i-1' }), instanceType },
});

/** The names of all metrics that an instance of this type publishes. */
function published(instanceType: string): string[] {
  const declared = of(instanceType);
  const groups = instance.metrics.filter(({ appliesTo }) => !appliesTo || appliesTo(declared));
  return groups.flatMap(({ definitions }) => definitions.map(({ name }) => name));
}

describe('instanceAttributes', () => {
  it('maps what EC2 answers', () => {
    const attributes = instanceAttributes({
      InstanceId: 'i-0abc',
      InstanceType: 'm7g.large',
      State: { Name: 'running' },
      Placement: { AvailabilityZone: 'eu-central-1a' },
      PlatformDetails: 'Linux/UNIX',
      LaunchTime: new Date(0),
    });
    expect(attributes).toMatchObject({
      instanceId: 'i-0abc',
      availabilityZone: 'eu-central-1a',
      launchedAt: '1970-01-01T00:00:00.000Z',
      publicIpAddress: null,
    });
    expect(instance.attributes.parse(attributes)).toEqual(attributes);
  });
});

describe('metrics', () => {
  it.each([
    ['t3.medium', 'CPUCreditBalance', true],
    ['m7g.large', 'CPUCreditBalance', false],
    ['m7g.large', 'EBSReadBytes', true],
    ['t2.micro', 'EBSReadBytes', false],
    ['r6gd.xlarge', 'DiskReadOps', true],
    ['r6g.xlarge', 'DiskReadOps', false],
    ['i4i.large', 'DiskReadOps', true],
    ['m5.large', 'DiskReadOps', false],
  ])('%s: %s is published: %s', (type, name, expected) => {
    expect(published(type).includes(name)).toBe(expected);
  });
});

describe('publishes', () => {
  it.each([
    [true, 'CPUUtilization', 60],
    [false, 'CPUUtilization', 300],
    [true, 'EBSReadBytes', 60],
    [true, 'DiskReadOps', 60],
    [false, 'StatusCheckFailed', 60],
    [false, 'StatusCheckFailed_AttachedEBS', 60],
    [true, 'CPUCreditBalance', 300],
    [true, 'EBSIOBalance%', 300],
  ])('with detailed monitoring %s: %s every %i s', (detailedMonitoring, name, expected) => {
    const declared = of('t3.micro');
    const attributes = { ...declared.attributes, detailedMonitoring };
    const group = instance.metrics.find(({ definitions }) => definitions.some((one) => one.name === name))!;
    expect(group.publishes?.({ ...declared, attributes }) ?? 300).toBe(expected);
  });

  it('follows what EC2 says of the monitoring', () => {
    const attributes = (State: 'enabled' | 'pending') =>
      instanceAttributes({ InstanceId: 'i-1', Monitoring: { State } });
    expect(attributes('enabled').detailedMonitoring).toBe(true);
    expect(attributes('pending').detailedMonitoring).toBe(false);
  });
});

describe('collects', () => {
  it('asks for running instances alone', () => {
    expect(
      instance.collects!({
        ...of('m5.large'),
        attributes: { ...of('m5.large').attributes, state: 'running' },
      }),
    ).toBe(true);
    expect(
      instance.collects!({
        ...of('m5.large'),
        attributes: { ...of('m5.large').attributes, state: 'stopped' },
      }),
    ).toBe(false);
  });
});

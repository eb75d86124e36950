import { applicationLoadBalancer } from './application-load-balancer';
import { classicAttributes, classicLoadBalancer } from './classic-load-balancer';
import { attributesOf, isActive, type LoadBalancerAttributes } from './load-balancer';

const ARN_START = 'arn:aws:elasticloadbalancing:eu-central-1:111122223333';

const APPLICATION = attributesOf(
  {
    LoadBalancerArn: `${ARN_START}:loadbalancer/app/shop/50dc6c495c0c9188`,
    LoadBalancerName: 'shop',
    DNSName: 'shop-1.eu-central-1.elb.amazonaws.com',
    Scheme: 'internet-facing',
    State: { Code: 'active' },
    VpcId: 'vpc-1',
  },
  'APPLICATION',
  [`${ARN_START}:targetgroup/web/73e2d6bc24d8a067`, `${ARN_START}:targetgroup/api/0123456789abcdef`],
);

const CLASSIC = classicAttributes({
  LoadBalancerName: 'legacy',
  DNSName: 'legacy-1.eu-central-1.elb.amazonaws.com',
  Scheme: 'internal',
  VPCId: 'vpc-1',
});

const declared = (attributes: LoadBalancerAttributes) => ({
  arn: null,
  name: null,
  tags: {},
  region: 'eu-central-1',
  attributes,
});

describe('attributesOf', () => {
  it('maps what the newer API answers', () => {
    expect(APPLICATION).toEqual({
      kind: 'APPLICATION',
      dnsName: 'shop-1.eu-central-1.elb.amazonaws.com',
      scheme: 'internet-facing',
      state: 'active',
      vpcId: 'vpc-1',
      loadBalancerDimension: 'app/shop/50dc6c495c0c9188',
      targetGroups: ['targetgroup/api/0123456789abcdef', 'targetgroup/web/73e2d6bc24d8a067'],
    });
    expect(applicationLoadBalancer.attributes.parse(APPLICATION)).toEqual(APPLICATION);
  });
});

describe('classicAttributes', () => {
  it('maps what the classic API answers', () => {
    expect(CLASSIC).toEqual({
      kind: 'CLASSIC',
      dnsName: 'legacy-1.eu-central-1.elb.amazonaws.com',
      scheme: 'internal',
      state: null,
      vpcId: 'vpc-1',
      loadBalancerDimension: 'legacy',
      targetGroups: [],
    });
  });
});

describe('metrics', () => {
  it('have the dimensions of the load balancer, then those of each target group', () => {
    const LoadBalancer = 'app/shop/50dc6c495c0c9188';
    const [api, web] = APPLICATION.targetGroups;
    expect(
      applicationLoadBalancer.metrics.map(({ dimensions }) => dimensions(declared(APPLICATION))),
    ).toEqual([
      [{ LoadBalancer }],
      [
        { LoadBalancer, TargetGroup: api },
        { LoadBalancer, TargetGroup: web },
      ],
      [{ TargetGroup: api }, { TargetGroup: web }],
    ]);
  });

  it('of a classic one are known by its name', () => {
    expect(classicLoadBalancer.metrics.map(({ dimensions }) => dimensions(declared(CLASSIC)))).toEqual([
      [{ LoadBalancerName: 'legacy' }],
    ]);
  });
});

describe('isActive', () => {
  it.each([
    ['active', true],
    ['active_impaired', true],
    ['provisioning', false],
    ['failed', false],
  ])('%s: %s', (state, expected) => {
    expect(isActive(declared({ ...APPLICATION, state }))).toBe(expected);
  });
});

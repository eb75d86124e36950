import type { Resource, ResourceFilter } from '../../core/inventory/resource';
import { matchesResource } from './matches-resource';

const resource: Resource = {
  id: 1,
  tenantId: 1,
  accountId: 2,
  plugin: 'ec2',
  type: 'ec2:instance',
  region: 'eu-central-1',
  key: 'i-1',
  arn: 'arn:aws:ec2:eu-central-1:111111111111:instance/i-1',
  name: 'Web One',
  tags: { env: 'prod' },
  attributes: {},
  firstSeenAt: 0,
  lastSeenAt: 0,
  goneAt: 5,
};

it.each<[ResourceFilter, boolean]>([
  [{}, true],
  [{ includeGone: false }, true],
  [{ ids: [1], accountIds: [2], plugins: ['ec2'], types: ['ec2:instance'], regions: ['eu-central-1'] }, true],
  [{ ids: [2] }, false],
  [{ ids: [] }, false],
  [{ accountIds: [1] }, false],
  [{ tenantIds: [1] }, true],
  [{ tenantIds: [2] }, false],
  [{ plugins: ['rds'] }, false],
  [{ types: ['ec2:volume'] }, false],
  [{ regions: ['us-east-1'] }, false],
  [{ tags: [{ key: 'env', values: null }] }, true],
  [{ tags: [{ key: 'env', values: [] }] }, true],
  [{ tags: [{ key: 'env', values: ['test', 'prod'] }] }, true],
  [{ tags: [{ key: 'env', values: ['test'] }] }, false],
  [{ tags: [{ key: 'toString', values: null }] }, false],
  [
    {
      tags: [
        { key: 'env', values: null },
        { key: 'app', values: null },
      ],
    },
    false,
  ],
  [{ search: 'web' }, true],
  [{ search: 'INSTANCE/I-1' }, true],
  [{ search: 'two' }, false],
])('%j: %p', (filter, expected) => {
  expect(matchesResource(filter, resource)).toBe(expected);
});

import { Field, InterfaceType, ObjectType } from 'type-graphql';
import type { Resource } from '../../core/inventory/resource';
import { connectionType } from '../relay/connection';
import { NodeType } from '../relay/node.types';
import { RequiresRole } from '../required-role';
import { Arn, DateTime, JSONObject } from '../scalars';

@ObjectType('Tag', { description: 'A tag of a resource.' })
export class TagType {
  @Field(() => String)
  key: string;

  @Field(() => String)
  value: string;
}

/**
 * What every resource answers. `resource.resolver.ts` adds the fields that need more than the row; the object types
 * are GenericResource and those that the plugins declare (plugin-types.ts).
 */
@InterfaceType('Resource', {
  implements: NodeType,
  description:
    'A thing in an AWS account. Each plugin adds its own object types, derived from what it declares.',
  autoRegisterImplementations: false,
  // Which type shows a resource depends on the plugins: addPluginTypes decides.
  resolveType: () => 'GenericResource',
})
export class ResourceType implements Omit<
  Resource,
  'id' | 'tenantId' | 'accountId' | 'plugin' | 'key' | 'tags'
> {
  @Field(() => Arn, { nullable: true })
  arn: string | null;

  @Field(() => String, { description: 'As the plugin declares it, for example ec2:instance.' })
  type: string;

  @Field(() => String, { nullable: true })
  name: string | null;

  @Field(() => String)
  region: string;

  @Field(() => JSONObject)
  attributes: Record<string, unknown>;

  @Field(() => DateTime)
  firstSeenAt: number;

  @Field(() => DateTime)
  lastSeenAt: number;

  @Field(() => DateTime, {
    nullable: true,
    description: 'Set when discovery no longer finds it. Its history stays.',
  })
  goneAt: number | null;
}

@RequiresRole('VIEWER')
@ObjectType('GenericResource', {
  implements: [ResourceType, NodeType],
  description: 'A resource that no plugin types, or whose plugin is gone.',
})
export class GenericResourceType {}

@ObjectType('ResourceConnection')
export class ResourceConnectionType extends connectionType('Resource', ResourceType) {}

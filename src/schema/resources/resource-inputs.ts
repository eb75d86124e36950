import { Field, ID, InputType, registerEnumType } from 'type-graphql';
import type { ResourceFilter, ResourceOrder } from '../../core/inventory/resource';
import { TagFilterInput, toTagFilters } from '../accounts/account-inputs';
import { type EnumOf, SortDirectionEnum } from '../enum-of';
import { filterKeys, filterValues, OF_TENANTS } from '../relay/filter-ids';

export const ResourceOrderFieldEnum: EnumOf<ResourceOrder['field']> = {
  NAME: 'NAME',
  TYPE: 'TYPE',
  REGION: 'REGION',
  FIRST_SEEN_AT: 'FIRST_SEEN_AT',
  LAST_SEEN_AT: 'LAST_SEEN_AT',
};
registerEnumType(ResourceOrderFieldEnum, {
  name: 'ResourceOrderField',
  description: 'What resources are ordered by.',
});

@InputType('ResourceFilter', { description: 'All that are given must match.' })
export class ResourceFilterInput {
  @Field(() => [ID], { nullable: true })
  ids?: string[] | null;

  @Field(() => [ID], { nullable: true })
  accountIds?: string[] | null;

  @Field(() => [ID], { nullable: true, description: OF_TENANTS })
  tenantIds?: string[] | null;

  @Field(() => [String], { nullable: true })
  plugins?: string[] | null;

  @Field(() => [String], {
    nullable: true,
    description: 'As the plugins declare them, for example ec2:instance.',
  })
  types?: string[] | null;

  @Field(() => [String], { nullable: true })
  regions?: string[] | null;

  @Field(() => [TagFilterInput], { nullable: true })
  tags?: TagFilterInput[] | null;

  @Field(() => String, {
    nullable: true,
    description: 'A part of the name, of the ARN or of the identifier; the case does not matter.',
  })
  search?: string | null;

  @Field(() => Boolean, { defaultValue: false })
  includeGone: boolean;
}

@InputType('ResourceOrder', { description: 'By what resources are listed.' })
export class ResourceOrderInput implements ResourceOrder {
  @Field(() => ResourceOrderFieldEnum)
  field: ResourceOrder['field'];

  @Field(() => SortDirectionEnum, { defaultValue: SortDirectionEnum.ASC })
  direction: ResourceOrder['direction'];
}

/** @throws InvalidInputError RC_FILTER_INVALID */
export function toResourceFilter(input: ResourceFilterInput | null | undefined): ResourceFilter {
  if (!input) return {};
  return {
    ids: filterKeys('ids', 'Resource', input.ids),
    accountIds: filterKeys('accountIds', 'Account', input.accountIds),
    tenantIds: filterKeys('tenantIds', 'Tenant', input.tenantIds),
    plugins: filterValues('plugins', input.plugins),
    types: filterValues('types', input.types),
    regions: filterValues('regions', input.regions),
    tags: filterValues('tags', toTagFilters(input.tags)),
    search: input.search ?? undefined,
    includeGone: input.includeGone,
  };
}

import { registerEnumType } from 'type-graphql';

/** A GraphQL enum's values as an object; it compiles only while it names every member of the core's union, and no other. */
export type EnumOf<Union extends string> = { readonly [Name in Union]: Name };

export const SortDirectionEnum: EnumOf<'ASC' | 'DESC'> = { ASC: 'ASC', DESC: 'DESC' };
registerEnumType(SortDirectionEnum, { name: 'SortDirection', description: 'The direction of an order.' });

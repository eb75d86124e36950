import { Field, ObjectType, registerEnumType } from 'type-graphql';
import type { Role, Viewer } from '../../core/access/viewer';
import type { EnumOf } from '../enum-of';

export const RoleEnum: EnumOf<Role> = { VIEWER: 'VIEWER', OPERATOR: 'OPERATOR', ADMIN: 'ADMIN' };
registerEnumType(RoleEnum, {
  name: 'Role',
  description:
    'ADMIN: all, tokens and tenants included. OPERATOR: accounts and collection. VIEWER: reads and subscribes.',
});

@ObjectType('Viewer', { description: 'Who is asking.' })
export class ViewerType implements Pick<Viewer, 'role' | 'actor'> {
  @Field(() => RoleEnum)
  role: Role;

  @Field(() => String, { description: "The token's name, or the subject of an OIDC token." })
  actor: string;
}

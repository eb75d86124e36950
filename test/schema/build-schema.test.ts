import { graphqlSync, type GraphQLSchema } from 'graphql';
import { Query, Resolver } from 'type-graphql';
import { buildSchema, coreTypeNames } from '../../src/schema/build-schema';
import { assertRootFieldsNameRoles } from '../../src/schema/required-role';
import { DECLARED } from './api-fixture';

describe('the schema', () => {
  it('does not build while a root field names no role', () => {
    const schema = buildSchema([]);
    expect(() => assertRootFieldsNameRoles(schema)).not.toThrow();
    schema.getQueryType()!.getFields().viewer.extensions = {};
    schema.getMutationType()!.getFields().collectNow.extensions = {};
    expect(() => assertRootFieldsNameRoles(schema)).toThrow(
      'Root fields without @RequiresRole: Query.viewer, Mutation.collectNow',
    );
  });

  it('does not mind what else of type-graphql is in the process', () => {
    @Resolver()
    class Foreign {
      @Query(() => String)
      foreign(): string {
        return '';
      }
    }
    expect(Foreign).toBeDefined();
    expect(buildSchema([]).getQueryType()!.getFields()).not.toHaveProperty('foreign');
  });

  it('builds twice, with other plugins, side by side', () => {
    const [with_, without] = [buildSchema(DECLARED), buildSchema([])];
    expect(with_.getType('Ec2Instance')).toBeDefined();
    expect(without.getType('Ec2Instance')).toBeUndefined();
    const source = '{ __type(name: "Resource") { possibleTypes { name } } }';
    const names = (schema: GraphQLSchema) =>
      (graphqlSync({ schema, source }).data as any).__type.possibleTypes
        .map(({ name }: { name: string }) => name)
        .sort();
    expect(names(with_)).toEqual(['Ec2Instance', 'GenericResource', 'LoadBalancer']);
    expect(names(without)).toEqual(['GenericResource']);
  });

  it('refuses a plugin type that takes a name of its own', () => {
    expect(() => buildSchema([{ ...DECLARED[0], name: 'Account' }])).toThrow('Account');
    expect(coreTypeNames()).toEqual(expect.arrayContaining(['Account', 'GenericResource', 'DateTime']));
  });

  it('describes every root field', () => {
    const schema = buildSchema([]);
    const roots = [schema.getQueryType()!, schema.getMutationType()!, schema.getSubscriptionType()!];
    const bare = roots.flatMap((root) =>
      Object.values(root.getFields()).filter((field) => !field.description),
    );
    expect(bare.map(({ name }) => name)).toEqual([]);
  });
});

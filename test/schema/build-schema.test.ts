import {
  extendSchema,
  getNamedType,
  graphqlSync,
  type GraphQLSchema,
  isInputObjectType,
  isObjectType,
  parse,
} from 'graphql';
import { Query, Resolver } from 'type-graphql';
import { buildSchema, coreTypeNames } from '../../src/schema/build-schema';
import { assertRolesNamed } from '../../src/schema/required-role';
import { DECLARED } from './api-fixture';

function messageOf(work: () => void): string {
  try {
    work();
  } catch (error) {
    return (error as Error).message;
  }
  return 'nothing was thrown';
}

describe('the schema', () => {
  it('does not build while a root field, or a type that `node` finds, names no role', () => {
    const schema = buildSchema(DECLARED);
    expect(() => assertRolesNamed(schema)).not.toThrow();
    schema.getQueryType()!.getFields().viewer.extensions = {};
    schema.getMutationType()!.getFields().collectNow.extensions = {};
    schema.getSubscriptionType()!.getFields().metricUpdates.extensions = {};
    for (const name of ['ApiToken', 'Ec2Instance']) schema.getType(name)!.extensions = {};
    const named = /^Without @RequiresRole: (.*)$/
      .exec(messageOf(() => assertRolesNamed(schema)))?.[1]
      .split(', ');
    expect(named?.sort()).toEqual([
      'ApiToken',
      'Ec2Instance',
      'Mutation.collectNow',
      'Query.viewer',
      'Subscription.metricUpdates',
    ]);
  });

  it('finds what an extension of the schema adds without a role', () => {
    const planted = extendSchema(
      buildSchema([]),
      parse(`
        extend type Query { planted: String }
        extend type Mutation { plant: String }
        extend type Subscription { growth: String }
        type Weed implements Node { id: ID! }
      `),
    );
    expect(messageOf(() => assertRolesNamed(planted))).toBe(
      'Without @RequiresRole: Query.planted, Mutation.plant, Subscription.growth, Weed',
    );
  });

  it('does not build while anything leads to a type that needs a higher role', () => {
    const schema = buildSchema([]);
    schema.getQueryType()!.getFields().apiTokens.extensions = { role: 'OPERATOR' };
    expect(messageOf(() => assertRolesNamed(schema))).toBe(
      'These need a higher role: Query.apiTokens leads to ApiToken',
    );
    schema.getType('CollectionRun')!.extensions = { role: 'ADMIN' };
    const message = messageOf(() => assertRolesNamed(schema));
    expect(message).toContain('Subscription.collectionProgress leads to CollectionRun');
    expect(message).toContain('Account leads to CollectionRun');
  });

  it('does not build while a mutation is open to a VIEWER', () => {
    const schema = buildSchema([]);
    schema.getMutationType()!.getFields().collectNow.extensions = { role: 'VIEWER' };
    expect(messageOf(() => assertRolesNamed(schema))).toBe(
      'These need a higher role: Mutation.collectNow changes something',
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

  it('describes everything that is given to a field, and what each mutation answers', () => {
    const schema = buildSchema([]);
    const answers = Object.values(schema.getMutationType()!.getFields())
      .map(({ type }) => getNamedType(type))
      .filter(isObjectType);
    const inputs = Object.values(schema.getTypeMap()).filter(isInputObjectType);
    const bare = [...answers, ...inputs].filter(({ description }) => !description);
    expect(bare.map(({ name }) => name)).toEqual([]);
  });
});

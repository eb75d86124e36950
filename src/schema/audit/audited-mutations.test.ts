import { buildSchema as parseSchema, execute, type GraphQLFieldResolver, parse } from 'graphql';
import { buildSchema } from '../build-schema';
import { auditMutations } from './audited-mutations';

/** Where the log is kept and who asks, as far as a mutation without ids needs them. */
const contextWith = (record: (entry: { action: string }) => Promise<void>) => ({
  services: { audit: { record } },
  viewer: { tenantId: 1, role: 'ADMIN', actor: 'test', tokenId: 1, expiresAt: null },
});

describe('every field of Mutation', () => {
  const fields = Object.values(buildSchema([]).getMutationType()!.getFields());

  it.each(fields.map((field) => [field.name, field]))('is audited: %s', async (_name, field) => {
    const resolve = field.resolve as GraphQLFieldResolver<unknown, unknown>;
    const context = contextWith(() => Promise.reject(new Error('not stored')));
    // Its own resolver, which would fail otherwise without any service, comes after the record alone.
    await expect(resolve({}, { input: {} }, context, {} as never)).rejects.toThrow('not stored');
  });

  it('includes one that is made tomorrow, by whatever means', async () => {
    const schema = parseSchema('type Query { a: Int } type Mutation { tomorrow(input: Int): Int }');
    auditMutations(schema);
    const recorded: string[] = [];
    const { data } = await execute({
      schema,
      document: parse('mutation { tomorrow(input: 1) }'),
      rootValue: { tomorrow: () => 5 },
      contextValue: contextWith(async ({ action }) => void recorded.push(action)),
    });
    expect(data).toEqual({ tomorrow: 5 });
    expect(recorded).toEqual(['mutation.tomorrow', 'mutation.tomorrow.ended']);
  });
});

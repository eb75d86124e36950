import {
  AwsCallFailedError,
  ConflictError,
  InvalidInputError,
  NotFoundError,
  TrustRefusedError,
} from '../../src/core/errors';
import { toGlobalId } from '../../src/schema/relay/global-id';
import { toCursor } from '../../src/schema/relay/cursor';
import { addAccount, addResources, type Answer, type Api, NOW, startApi } from './api-fixture';

describe('errors', () => {
  let api: Api;
  const accountId = toGlobalId('Account', 1);
  const verification = { at: NOW, complete: true, ok: false, checks: [] };

  beforeAll(async () => {
    api = await startApi();
    const account = await addAccount(api);
    await addResources(
      api,
      account,
      Array.from({ length: 5 }, (_, i) => ({ key: `i-${i}` })),
    );
  });
  afterAll(() => api.stop());

  it.each([
    [
      new InvalidInputError('RC_ACCOUNT_ROLE_ARN_INVALID', 'Not an ARN', { path: ['input', 'roleArn'] }),
      { __typename: 'InvalidInput', code: 'RC_ACCOUNT_ROLE_ARN_INVALID', path: ['input', 'roleArn'] },
    ],
    [
      new NotFoundError('RC_ACCOUNT_NOT_FOUND', 'No such account', 'given'),
      { __typename: 'NotFound', code: 'RC_ACCOUNT_NOT_FOUND', id: 'given' },
    ],
    [new ConflictError('RC_ACCOUNT_STATE', 'Removed'), { __typename: 'Conflict', message: 'Removed' }],
    [
      new AwsCallFailedError('STS is down', 'ServiceUnavailable', true),
      { __typename: 'AwsCallFailed', awsCode: 'ServiceUnavailable', retryable: true },
    ],
    [
      new TrustRefusedError('Open to all', verification),
      { __typename: 'TrustRefused', code: 'RC_TRUST_REFUSED', verification: { ok: false } },
    ],
  ])('answers a mistake in a mutation as a member of the payload: %s', async (error, expected) => {
    api.services.accounts.connect = async () => {
      throw error;
    };
    const { data, errors } = await api.query(
      `mutation ($id: ID!) { connectAccount(input: { accountId: $id, roleArn: "x" }) { account { id }
        verification { ok } errors { __typename code message hint path ... on NotFound { id }
        ... on AwsCallFailed { awsCode retryable } ... on TrustRefused { verification { ok } } } } }`,
      { id: accountId },
    );
    expect(errors).toBeUndefined();
    expect(data.connectAccount).toMatchObject({
      account: null,
      verification: error instanceof TrustRefusedError ? { ok: false } : null,
      errors: [expected],
    });
    expect(data.connectAccount.errors[0].hint).toEqual(expect.any(String));
  });

  it('hands a mutation over as it was given, what was left out left out', async () => {
    const account = (await api.database.accounts.within({ tenantId: 1 }).find(1))!;
    const updateSettings = jest.fn(async () => account);
    const register = jest.fn(async () => account);
    Object.assign(api.services.accounts, { updateSettings, register });
    await api.query(
      `mutation ($id: ID!) { updateAccount(input: { accountId: $id, monthlyBudgetUsd: null, regions: null,
        tagFilter: [{ key: "env" }] }) { account { id } } }`,
      { id: accountId },
    );
    expect(updateSettings).toHaveBeenCalledWith(
      expect.objectContaining({ tenantId: 1 }),
      { accountId: 1, givenId: accountId },
      { monthlyBudgetUsd: null, tagFilter: [{ key: 'env', values: null }] },
    );
    await api.query(
      `mutation { registerAccount(input: { name: "n", tenantId: "nonsense", labels: { a: 1 },
        metricProfiles: [{ plugin: "ec2", level: EXTENDED }] }) { account { id } } }`,
    );
    expect(register).toHaveBeenCalledWith(expect.anything(), {
      name: 'n',
      partition: 'AWS',
      tenantId: null,
      labels: { a: 1 },
      metricProfiles: [{ plugin: 'ec2', level: 'EXTENDED', metrics: [], periodSeconds: 300 }],
    });
  });

  it('masks what nobody foresaw, and logs it under the id that it answers', async () => {
    api.services.accounts.pause = async () => {
      throw new Error('SQLITE_ERROR: no such table: secrets');
    };
    const answer = await api.query(
      `mutation ($id: ID!) { pauseAccount(input: { accountId: $id }) { account { id } } }`,
      { id: accountId },
    );
    expect(JSON.stringify(answer)).not.toMatch(/SQLITE|stack|at /);
    const [{ extensions, message, path }] = answer.errors!;
    expect({ code: extensions.code, message, path }).toEqual({
      code: 'INTERNAL',
      message: 'Internal error',
      path: ['pauseAccount'],
    });
    const line = api.log.find(({ correlationId }) => correlationId === extensions.correlationId);
    expect(line?.err).toMatchObject({ message: 'SQLITE_ERROR: no such table: secrets' });
  });

  it('masks a fault of ours beside a call of AWS, which would else be told as AWS’s', async () => {
    api.services.accounts.pause = async () => {
      const cause = new TypeError("Cannot read properties of undefined (reading 'secret')");
      throw new AwsCallFailedError(`sts:AssumeRole failed with ${cause}`, 'TypeError', false, { cause });
    };
    const { errors } = await api.query(
      `mutation ($id: ID!) { pauseAccount(input: { accountId: $id }) { errors { message } } }`,
      { id: accountId },
    );
    expect(errors).toMatchObject([{ message: 'Internal error', extensions: { code: 'INTERNAL' } }]);
  });

  it.each([
    ['{ accounts(first: 0) { totalCount } }', 'RC_PAGE_INVALID'],
    ['{ resources(first: 501) { totalCount } }', 'RC_PAGE_INVALID'],
    ['{ metricData(filter: {}, range: { last: 60 }, limit: 501) { step } }', 'RC_PAGE_INVALID'],
    ['{ accounts(after: "nonsense") { totalCount } }', 'RC_PAGE_INVALID'],
    [
      `{ accounts(after: "${toCursor('resources:NAME:ASC', { sort: 'a', id: 1 })}") { totalCount } }`,
      'RC_PAGE_INVALID',
    ],
    [
      `{ accounts(orderBy: { field: CREATED_AT }, after: "${toCursor('accounts:NAME:ASC', { sort: 'a', id: 1 })}") { totalCount } }`,
      'RC_PAGE_INVALID',
    ],
    [`{ accounts(filter: { ids: ["${toGlobalId('Resource', 1)}"] }) { totalCount } }`, 'RC_FILTER_INVALID'],
    ['{ accounts(filter: { labels: { a: 1 } }) { totalCount } }', 'RC_FILTER_INVALID'],
    [`{ resources(filter: { types: [${'"a",'.repeat(501)}] }) { totalCount } }`, 'RC_FILTER_INVALID'],
    ['{ metricData(filter: {}, range: { last: 0 }) { step } }', 'RC_RANGE_INVALID'],
    ['{ metricData(filter: {}, range: { last: 3600 }, maxPoints: 10001) { step } }', 'RC_STEP_INVALID'],
    ['{ collectionRuns(filter: { range: {} }) { totalCount } }', 'RC_RANGE_INVALID'],
  ])('answers a mistake in a query with its code: %s', async (query, rolecallCode) => {
    const { errors } = await api.query(query);
    expect(errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', rolecallCode, hint: expect.any(String) } },
    ]);
  });

  it.each([
    'nonsense',
    '{ acounts { totalCount } }',
    '{ accounts(first: null) { totalCount } }',
    '{ accounts(first: "1") { totalCount } }',
    'query A { viewer { actor } } query B { viewer { actor } }',
    'query ($id: ID!) { account(id: $id) { id } }',
    '{ metricData(filter: {}, range: { from: "2026-02-30T00:00:00Z" }) { step } }',
    'subscription { metricUpdates(filter: {}) { replay } }',
  ])(
    'answers a document that is wrong with BAD_USER_INPUT, and tells nothing of the schema: %s',
    async (query) => {
      const { errors } = await api.query(query);
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
      expect(JSON.stringify(errors)).not.toMatch(/did you mean|stacktrace/i);
    },
  );

  it('walks through a list by its cursors while rows are added', async () => {
    const names: string[] = [];
    let after: string | null = null;
    do {
      const answer: Answer = await api.query(
        `query ($after: String) { resources(first: 2, after: $after) { edges { cursor node { name } }
          pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`,
        { after },
      );
      const { edges, pageInfo } = answer.data.resources;
      names.push(...edges.map((edge: { node: { name: string } }) => edge.node.name));
      expect(pageInfo).toMatchObject({
        hasPreviousPage: after !== null,
        startCursor: edges[0].cursor,
        endCursor: edges.at(-1).cursor,
      });
      after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
    } while (after);
    expect(names).toEqual(['i-0', 'i-1', 'i-2', 'i-3', 'i-4']);
  });
});

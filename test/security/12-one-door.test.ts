import type { SchemaServices } from '../../src/schema/services';
import { ask, type Door, next, openSocket, signInOn, startDoor } from '../door/door-fixture';

/** HTTP and WebSocket let the same in and keep the same out, before anything behind them is touched. */

const many = (count: number, one: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => one(index)).join(' ');
const deep = `${'tenant { accounts { nodes { '.repeat(6)} id ${'} } }'.repeat(6)}`;

/** Selections of an account, which a query and a subscription answer alike. */
const ATTACKS: [name: string, code: string, selection: string, fragments?: string][] = [
  ['depth', 'LIMIT_EXCEEDED', deep],
  ['depth in fragments', 'LIMIT_EXCEEDED', '...Deep', `fragment Deep on Account { ${deep} }`],
  ['aliases', 'LIMIT_EXCEEDED', many(31, (index) => `a${index}: name`)],
  [
    'aliases in fragments',
    'LIMIT_EXCEEDED',
    '...A ...A ...A ...A',
    `fragment A on Account { ${many(8, (index) => `a${index}: name`)} }`,
  ],
  ['tokens', 'LIMIT_EXCEEDED', 'name '.repeat(2_001)],
  [
    'fragments that multiply',
    'LIMIT_EXCEEDED',
    '...F0',
    `${many(40, (index) => `fragment F${index} on Account { ...F${index + 1} ...F${index + 1} }`)}
    fragment F40 on Account { a: name }`,
  ],
  [
    'fragments in a circle',
    'BAD_USER_INPUT',
    '...A',
    'fragment A on Account { ...B } fragment B on Account { ...A }',
  ],
  ['a directive that is not there', 'BAD_USER_INPUT', 'name @stream'],
  ['a field that is not there', 'BAD_USER_INPUT', 'secretAccessKey'],
];

let door: Door;
/** What was touched behind the door. */
let touched: string[];

beforeEach(async () => {
  touched = [];
  const trap = (name: string) =>
    new Proxy({}, { get: (_, property) => void touched.push(`${name}.${String(property)}`) });
  const behind = [
    'accountRepository',
    'resourceRepository',
    'seriesCatalog',
    'runRepository',
    'metricReader',
  ];
  door = await startDoor(
    {},
    { services: Object.fromEntries(behind.map((name) => [name, trap(name)])) as Partial<SchemaServices> },
  );
  const { bus } = door.services;
  jest.spyOn(bus, 'subscribe').mockImplementation(() => {
    touched.push('bus.subscribe');
    throw new Error('not to be reached');
  });
});
afterEach(async () => {
  jest.restoreAllMocks();
  await door.stop();
});

/** Over HTTP: the codes of what is wrong. */
async function overHttp(query: string, variables?: object) {
  const { body } = await ask(door, { body: JSON.stringify({ query, variables }) });
  expect(body).not.toHaveProperty('data');
  return body!.errors!.map(({ extensions }) => extensions.code);
}

/** Over a WebSocket: the codes of its `error` message. */
async function overWebSocket(query: string, variables?: object) {
  const socket = await openSocket(door);
  await signInOn(socket);
  const answer = next(socket);
  socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query, variables } }));
  const { message } = (await answer) as {
    message: { type: string; payload: { extensions: { code: string } }[] };
  };
  socket.close();
  expect(message.type).toBe('error');
  return message.payload.map(({ extensions }) => extensions.code);
}

it.each(ATTACKS)(
  '%s: refused on both, and nothing is touched',
  async (_name, code, selection, fragments = '') => {
    const codes = [
      ...(await overHttp(`{ account(id: "x") { ${selection} } } ${fragments}`)),
      ...(await overWebSocket(`subscription { accountChanges { ${selection} } } ${fragments}`)),
    ];
    expect(codes.length).toBeGreaterThanOrEqual(2);
    expect(new Set(codes)).toEqual(new Set([code]));
    expect(touched).toEqual([]);
  },
);

it('introspection: refused on both, and nothing is touched', async () => {
  expect(await overHttp('{ __schema { types { name } } }')).toContain('BAD_USER_INPUT');
  expect(await overHttp('{ __type(name: "Account") { name } }')).toContain('BAD_USER_INPUT');
  expect(await overWebSocket('subscription { __schema { types { name } } }')).toContain('BAD_USER_INPUT');
  expect(touched).toEqual([]);
});

it.each([
  [
    'deep variables',
    { filter: { tags: [{ key: JSON.parse(`${'['.repeat(40)}1${']'.repeat(40)}`) as unknown }] } },
  ],
  ['many values', { filter: { names: Array.from({ length: 20_000 }, () => 'x') } }],
])('%s: refused on both, and nothing is touched', async (_name, variables) => {
  const query = 'query ($filter: MetricFilter!) { metrics(filter: $filter) { totalCount } }';
  const subscription = 'subscription ($filter: MetricFilter!) { metricUpdates(filter: $filter) { replay } }';
  expect(await overHttp(query, variables)).toEqual(['LIMIT_EXCEEDED']);
  expect(await overWebSocket(subscription, variables)).toEqual(['LIMIT_EXCEEDED']);
  expect(touched).toEqual([]);
});

it('a WebSocket carries subscriptions alone, and HTTP none', async () => {
  for (const operation of [
    '{ accounts { totalCount } }',
    'mutation { pauseAccount(input: { accountId: "x" }) { account { id } } }',
  ]) {
    expect(await overWebSocket(operation)).toEqual(['BAD_USER_INPUT']);
  }
  expect(await overHttp('subscription { metricUpdates(filter: {}) { replay } }')).toEqual(['BAD_USER_INPUT']);
  expect(touched).toEqual([]);
});

it('takes no batch', async () => {
  const one = { query: '{ accounts { totalCount } }' };
  const { status, body } = await ask(door, { body: JSON.stringify([one, one]) });
  expect(status).toBe(400);
  expect(body).not.toHaveProperty('data');
  expect(touched).toEqual([]);
});

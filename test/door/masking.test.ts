import { getIntrospectionQuery } from 'graphql';
import { ask, type Door, next, openSocket, signInOn, startDoor } from './door-fixture';

const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const FAULT = `SQLITE_ERROR: near "${SECRET}": syntax error`;
const fail = async () => {
  throw new Error(FAULT);
};

describe('what went wrong inside', () => {
  let door: Door;
  afterEach(async () => {
    jest.restoreAllMocks();
    await door.stop();
  });

  /** Nothing of the fault is in the answer; the log has its line, without the secret. */
  function expectMasked(answer: unknown, correlationId: unknown): void {
    expect(JSON.stringify(answer)).not.toMatch(/SQLITE|syntax|node_modules|\n\s+at /);
    const lines = door.log.filter((line) => line.correlationId === correlationId);
    expect(lines).toHaveLength(1);
    expect(JSON.stringify(lines)).toContain('SQLITE_ERROR');
    expect(JSON.stringify(door.log)).not.toContain(SECRET);
  }

  const PAUSE = JSON.stringify({
    query: 'mutation { pauseAccount(input: { accountId: "x" }) { account { id } } }',
  });

  it('is masked over HTTP, in an operation, under the id of the answer', async () => {
    door = await startDoor();
    Object.assign(door.services.accounts, { pause: fail });
    const { status, headers, body } = await ask(door, { body: PAUSE });
    expect(status).toBe(200);
    expect(body!.errors).toMatchObject([
      { message: 'Internal error', extensions: { code: 'INTERNAL', correlationId: headers['x-request-id'] } },
    ]);
    expectMasked(body, headers['x-request-id']);
    expect(door.log).toContainEqual(
      expect.objectContaining({ msg: 'operation', requestId: headers['x-request-id'] }),
    );
  });

  it('is masked over HTTP, before there is an operation', async () => {
    door = await startDoor({}, { services: { authenticator: { authenticate: fail } } });
    const { status, headers, body } = await ask(door);
    expect({ status, body }).toEqual({
      status: 500,
      body: {
        errors: [
          {
            message: 'Internal error',
            extensions: { code: 'INTERNAL', correlationId: headers['x-request-id'] },
          },
        ],
      },
    });
    expectMasked(body, headers['x-request-id']);
  });

  it('is masked in a probe', async () => {
    door = await startDoor({}, { services: { health: fail } });
    const { status, headers, body } = await ask(door, { method: 'GET', path: '/readyz', token: null });
    expect(status).toBe(500);
    expectMasked(body, headers['x-request-id']);
  });

  it('is masked over a WebSocket, before there is an operation', async () => {
    door = await startDoor({}, { services: { authenticator: { authenticate: fail } } });
    const printed = jest.spyOn(console, 'error').mockImplementation();
    const closed = await signInOn(await openSocket(door));
    expect(closed).toEqual({ code: 4500, reason: expect.stringMatching(/^Internal error [0-9a-f-]{36}$/) });
    expectMasked(closed, (closed as { reason: string }).reason.split(' ').at(-1));
    expect(printed).not.toHaveBeenCalled();
  });

  it.each<[string, () => unknown]>([
    ['when it begins', () => fail()],
    [
      'at its first event',
      () => ({
        next: fail,
        return: async () => ({}),
        [Symbol.asyncIterator]() {
          return this;
        },
      }),
    ],
  ])('is masked over a WebSocket, in a subscription %s', async (_when, subscribe) => {
    door = await startDoor();
    const printed = jest.spyOn(console, 'error').mockImplementation();
    jest.spyOn(door.services.bus, 'subscribe').mockImplementation(() => {
      const stream = subscribe();
      if (stream instanceof Promise) {
        stream.catch(() => undefined);
        throw new Error(FAULT);
      }
      return stream as ReturnType<typeof door.services.bus.subscribe>;
    });
    const socket = await openSocket(door);
    await signInOn(socket);
    const payload = { query: 'subscription { accountChanges { id } }' };
    const answer = next(socket);
    socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload }));
    const { message } = (await answer) as { message: any };
    const [error] = message.type === 'error' ? message.payload : message.payload.errors;
    expect(error).toMatchObject({ message: 'Internal error', extensions: { code: 'INTERNAL' } });
    expectMasked(message, error.extensions.correlationId);
    expect(printed).not.toHaveBeenCalled();
    socket.close();
  });

  it('is not what a body that is no JSON meets; its answer names the request all the same', async () => {
    door = await startDoor();
    const { status, headers, body } = await ask(door, { body: `{"query": "${SECRET}" oops` });
    expect({ status, body }).toEqual({
      status: 400,
      body: {
        errors: [
          {
            message: 'The body is not JSON',
            extensions: { code: 'BAD_USER_INPUT', correlationId: headers['x-request-id'] },
          },
        ],
      },
    });
    expect(JSON.stringify(door.log)).not.toContain(SECRET);
  });

  it('quotes no secret back that a wrong variable came with', async () => {
    door = await startDoor();
    const { body } = await ask(door, {
      body: JSON.stringify({
        query: 'mutation ($input: ConnectAccountInput!) { connectAccount(input: $input) { account { id } } }',
        variables: {
          input: { accessKey: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: SECRET }, oops: 1 },
        },
      }),
    });
    expect(body).toMatchObject({ errors: expect.arrayContaining([expect.objectContaining({})]) });
    expect(JSON.stringify(body)).not.toMatch(/wJalrXUtnFEMI|AKIAIOSFODNN7EXAMPLE/);
    expect(JSON.stringify(door.log)).not.toMatch(/wJalrXUtnFEMI|AKIAIOSFODNN7EXAMPLE/);
  });
});

describe('the schema', () => {
  let door: Door;
  afterEach(() => door.stop());

  const answerOver = {
    HTTP: async (query: string) =>
      JSON.stringify((await ask(door, { body: JSON.stringify({ query }) })).body),
    WebSocket: async (query: string) => {
      const socket = await openSocket(door);
      await signInOn(socket);
      const answer = next(socket);
      socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query } }));
      const text = JSON.stringify(await answer);
      socket.close();
      return text;
    },
  };
  const doors = Object.keys(answerOver) as (keyof typeof answerOver)[];

  it.each(doors)('is told to nobody in production, over %s', async (transport) => {
    door = await startDoor();
    for (const query of [
      getIntrospectionQuery(),
      '{ __schema { types { name } } }',
      'query { ...F } fragment F on Query { t: __type(name: "Account") { name } }',
    ]) {
      const answer = await answerOver[transport](query);
      expect(answer).toContain('BAD_USER_INPUT');
      expect(answer).not.toMatch(/"__schema":|"kind":|OBJECT/);
    }
  });

  it.each(doors)('is hinted at to nobody in production, over %s', async (transport) => {
    door = await startDoor();
    for (const query of [
      '{ acounts { totalCount } }',
      '{ viewer { acter } }',
      'subscription { accountChange { id } }',
    ]) {
      const answer = await answerOver[transport](query);
      expect(answer).toContain('BAD_USER_INPUT');
      expect(answer).not.toMatch(/did you mean|"accounts|\baccountChanges\b|\bactor\b/i);
    }
  });

  it('is told to who has a token when it is so configured', async () => {
    door = await startDoor({}, { introspection: true });
    const body = JSON.stringify({ query: getIntrospectionQuery() });
    expect((await ask(door, { body })).body!.data.__schema.types.length).toBeGreaterThan(50);
    expect((await ask(door, { body, token: null })).body).not.toHaveProperty('data');
    expect((await ask(door, { body: '{"query":"{ __typename }"}' })).body).toEqual({
      data: { __typename: 'Query' },
    });
  });
});

import { buildSchema, execute, GraphQLError, parse } from 'graphql';
import { AwsCallFailedError, ConflictError, InvalidInputError, NotFoundError } from '../../core/errors';
import { publicError } from './public-error';
import { requestError } from './request-error';

describe('publicError', () => {
  const report = jest.fn();
  const published = (error: unknown) => publicError(error, report, 'correlation');
  const masked = {
    message: 'Internal error',
    extensions: { code: 'INTERNAL', correlationId: 'correlation' },
  };
  beforeEach(() => report.mockReset());

  /** As graphql-js wraps what a resolver throws. */
  const thrown = (originalError: Error) =>
    new GraphQLError(originalError.message, { originalError, path: ['a'] });

  it.each([
    [new InvalidInputError('RC_RANGE_INVALID', 'm'), 'BAD_USER_INPUT', 'RC_RANGE_INVALID'],
    [new NotFoundError('RC_ACCOUNT_NOT_FOUND', 'm', 'id'), 'NOT_FOUND', 'RC_ACCOUNT_NOT_FOUND'],
    [new ConflictError('RC_ACCOUNT_STATE', 'm'), 'BAD_USER_INPUT', 'RC_ACCOUNT_STATE'],
  ])('gives a mistake its code and the way to mend it: %s', (error, code, rolecallCode) => {
    expect(published(thrown(error))).toEqual({
      message: 'm',
      path: ['a'],
      extensions: { code, rolecallCode, hint: error.hint },
    });
    expect(report).not.toHaveBeenCalled();
  });

  it('masks everything else, and reports what it was', () => {
    const cause = new Error('password=1');
    const failures = [
      cause,
      thrown(cause),
      'text',
      null,
      thrown(new AwsCallFailedError('sts', 'Throttling', true)),
    ];
    for (const failure of failures) expect(published(failure)).toMatchObject(masked);
    expect(report).toHaveBeenNthCalledWith(2, cause);
    expect(report).toHaveBeenCalledTimes(failures.length);
  });

  it('masks a code that is none of ours', () => {
    expect(published(new GraphQLError('secret', { extensions: { code: 'SQLITE' } }))).toEqual(masked);
  });

  it('quotes no secret, even to who sent it', () => {
    const secret = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
    const quoting = [
      requestError('BAD_USER_INPUT', `Variable "$input" got invalid value { secretAccessKey: "${secret}" }`),
      new InvalidInputError('RC_ACCOUNT_ROLE_ARN_INVALID', `"${secret}" is no ARN`),
    ];
    for (const error of quoting) expect(JSON.stringify(published(error))).not.toContain(secret);
  });

  it.each([
    ['Syntax Error: Expected Name, found String "VALUE".', 'Syntax Error: Expected Name, found String "…".'],
    [
      'Variable "$input" got invalid value "VALUE" at "input.accessKey"; Expected type "AccessKeyInput" to be an object.',
      'Variable "$input" got invalid value "…" at "input.accessKey"; Expected type "AccessKeyInput" to be an object.',
    ],
    ['Value "EU_CENTRAL" does not exist in "Ec2InstanceConnectionState" enum.', null],
  ])('quotes no value back that may be a mistyped secret: %s', (message, expected) => {
    const error = new GraphQLError(message.replace('VALUE', 'wJalrXUtnFEMI7K8DENGbPxRfi'), {
      extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
    });
    expect(published(error).message).toBe(expected ?? message);
  });

  it('passes on our own request errors', () => {
    expect(published(requestError('FORBIDDEN', 'm', 'h'))).toEqual({
      message: 'm',
      extensions: { code: 'FORBIDDEN', hint: 'h' },
    });
  });

  it('tells what is wrong with a variable, also inside an input', async () => {
    const schema = buildSchema('input In { b: Int } type Query { a(in: In): Int }');
    const run = async (variableValues: Record<string, unknown>) => {
      const document = parse('query ($in: In) { a(in: $in) }');
      return (await execute({ schema, document, variableValues })).errors!.map(published);
    };
    for (const wrong of [{ in: { b: 'x' } }, { in: { c: 1 } }, { in: 7 }]) {
      expect(await run(wrong)).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    }
    expect(report).not.toHaveBeenCalled();
  });

  it('tells a wrong argument from a wrong answer', async () => {
    const schema = buildSchema('type Query { a(b: Int): Int }');
    const run = async (source: string, rootValue: object) =>
      (await execute({ schema, document: parse(source), rootValue })).errors!.map(published);
    expect(await run('query ($b: Int = 1) { a(b: "x") }', {})).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT' } },
    ]);
    expect(await run('{ a }', { a: 'not a number' })).toMatchObject([masked]);
  });
});

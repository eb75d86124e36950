import { buildSchema, execute, GraphQLError, parse } from 'graphql';
import { AwsCallFailedError, ConflictError, InvalidInputError, NotFoundError } from '../../core/errors';
import { publicError } from './public-error';
import { requestError } from './request-error';

describe('publicError', () => {
  const report = jest.fn();
  const published = (error: unknown) => publicError(error, report, () => 'correlation');
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
    expect(report).toHaveBeenNthCalledWith(2, cause, 'correlation');
    expect(report).toHaveBeenCalledTimes(failures.length);
  });

  it('masks a code that is none of ours', () => {
    expect(published(new GraphQLError('secret', { extensions: { code: 'SQLITE' } }))).toEqual(masked);
  });

  it('passes on our own request errors', () => {
    expect(published(requestError('FORBIDDEN', 'm', 'h'))).toEqual({
      message: 'm',
      extensions: { code: 'FORBIDDEN', hint: 'h' },
    });
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

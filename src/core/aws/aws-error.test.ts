import { describeAwsError, noteAction } from './aws-error';

const sdkError = (name: string, message: string, httpStatusCode = 400) =>
  Object.assign(new Error(message), { name, $fault: 'client', $metadata: { httpStatusCode } });

describe('describeAwsError', () => {
  it.each([
    ['AccessDenied', 'denied', false],
    ['UnauthorizedOperation', 'denied', false],
    ['ExpiredToken', 'expired', true],
    ['Throttling', 'throttled', true],
    ['RequestLimitExceeded', 'throttled', true],
    ['InvalidClientTokenId', 'credentials', false],
    ['ValidationError', 'rejected', false],
  ])('%s is %s', (name, fault, retryable) => {
    expect(describeAwsError(sdkError(name, 'x'))).toMatchObject({ code: name, fault, retryable });
  });

  it('names the denied action that the message names', () => {
    const message =
      'User: arn:aws:sts::1:assumed-role/a/b is not authorized to perform: rds:DescribeDBInstances because no policy';
    expect(describeAwsError(sdkError('AccessDenied', message)).missingActions).toEqual([
      'rds:DescribeDBInstances',
    ]);
  });

  it('names the action of the call where the message does not', () => {
    const error = sdkError('UnauthorizedOperation', 'You are not authorized to perform this operation.', 403);
    noteAction(error, 'ec2:DescribeInstances');
    expect(describeAwsError(error).missingActions).toEqual(['ec2:DescribeInstances']);
  });

  it.each([
    ['a 5xx answer', sdkError('InternalFailure', 'x', 503)],
    ['a broken connection', Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' })],
    ['a time-out', Object.assign(new Error('timed out'), { name: 'TimeoutError' })],
    [
      'a broken handshake',
      Object.assign(new Error('wrong version number'), { code: 'EPROTO', $metadata: { attempts: 3 } }),
    ],
    [
      'a certificate',
      Object.assign(new Error('x'), { code: 'CERT_HAS_EXPIRED', $metadata: { attempts: 1 } }),
    ],
    [
      'a body that cannot be read',
      Object.assign(new SyntaxError('<'), { $metadata: { httpStatusCode: 403 } }),
    ],
    ['a page of a proxy', sdkError('Unknown', 'UnknownError', 403)],
    ['an answer that took too long', sdkError('SomeTimeout', 'x', 408)],
    ['a success that was none', sdkError('SomeError', 'x', 200)],
  ])('%s may be tried again', (_what, error) => {
    expect(describeAwsError(error)).toMatchObject({ fault: 'unavailable', retryable: true });
  });

  it('calls 429 throttling, whatever its code', () => {
    expect(describeAwsError(sdkError('Unknown', 'x', 429))).toMatchObject({
      fault: 'throttled',
      retryable: true,
    });
  });

  it('quotes no secret that AWS quotes', () => {
    const message = 'The security token FwoGZXIvYXdzEExample/Token== included in the request is expired';
    expect(describeAwsError(sdkError('ExpiredToken', message)).message).toBe(
      'The security token [secret] included in the request is expired',
    );
  });

  it('takes anything that was thrown', () => {
    expect(describeAwsError('text').fault).toBe('rejected');
    expect(describeAwsError(undefined).code).toBe('UnknownError');
  });
});

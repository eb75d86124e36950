import type { Protocol } from './protocol';

/** AWS JSON: the operation in `X-Amz-Target`, the error code in `__type`. CloudWatch speaks 1.0, KMS 1.1. */
export function jsonProtocol(version: '1.0' | '1.1'): Protocol {
  const contentType = `application/x-amz-json-${version}`;
  return {
    name: 'json',
    success: ({ requestId, result }) => ({
      status: 200,
      headers: { 'content-type': contentType, 'x-amzn-requestid': requestId },
      body: JSON.stringify(result, writeDate),
    }),
    error: (error, requestId) => ({
      status: error.status,
      headers: {
        'content-type': contentType,
        'x-amzn-requestid': requestId,
        ...(error.queryCode && {
          'x-amzn-query-error': `${error.queryCode};${error.status < 500 ? 'Sender' : 'Receiver'}`,
        }),
      },
      body: JSON.stringify({ __type: error.code, message: error.message }),
    }),
  };
}

// JSON.stringify has turned a Date into a string before the replacer sees the value, hence `this`.
function writeDate(this: Record<string, unknown>, key: string, value: unknown): unknown {
  const original = this[key];
  return original instanceof Date ? original.getTime() / 1000 : value;
}

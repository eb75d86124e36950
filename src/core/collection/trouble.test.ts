import { AwsTimeoutError } from '../aws/aws-timeout-error';
import { CallHeldBackError } from '../aws/call-held-back-error';
import { CollectionFailure } from './collection-failure';
import { troubleOfAnswer, troubleOfCall } from './trouble';

const AT = Date.UTC(2026, 10, 24, 12, 5);
const aws = (name: string, message = name, httpStatusCode = 400) =>
  Object.assign(new Error(message), { name, $fault: 'client', $metadata: { httpStatusCode } });
const held = new CallHeldBackError({ action: 'cloudwatch:GetMetricData', region: 'us-east-1' });

describe('troubleOfCall', () => {
  it.each([
    [
      'THROTTLED',
      aws('ThrottlingException'),
      'AWS throttled cloudwatch:GetMetricData in us-east-1 (ThrottlingException)',
    ],
    ['THROTTLED', held, 'AWS throttles every'],
    [
      'DENIED',
      aws('AccessDenied', 'User is not authorized to perform: cloudwatch:GetMetricData'),
      'cloudwatch:GetMetricData',
    ],
    ['REGION_DISABLED', aws('OptInRequired'), 'us-east-1 is not enabled'],
    ['ACCOUNT_BROKEN', aws('InvalidClientTokenId'), 'InvalidClientTokenId'],
    ['PLUGIN_FAILED', aws('ValidationError', 'Stat is not supported'), 'Stat is not supported'],
    ['NOT_SETTLED', aws('InternalFailure', 'oops', 500), 'did not answer (InternalFailure)'],
    ['NOT_SETTLED', new AwsTimeoutError('slow'), 'did not answer'],
    ['GATEWAY_DOWN', new CollectionFailure('ABORTED', 'The gateway is shutting down'), 'shutting down'],
    ['GATEWAY_DOWN', new TypeError('a secret of ours'), 'its log says why'],
  ])('is %s for %s', (reason, error, evidence) => {
    const trouble = troubleOfCall(error, 'us-east-1', AT);
    expect(trouble).toEqual({ reason, evidence: expect.stringContaining(evidence) });
    expect(trouble.evidence).toContain('2026-11-24T12:05:00Z');
    expect(trouble.evidence).not.toContain('secret');
  });
});

describe('troubleOfAnswer', () => {
  it.each([
    ['Complete', null],
    ['Forbidden', 'DENIED'],
    ['PartialData', 'NOT_SETTLED'],
    ['InternalError', 'NOT_SETTLED'],
    [null, 'NOT_SETTLED'],
  ])('of %s is %s', (status, reason) => {
    expect(troubleOfAnswer(status, 'us-east-1', AT)?.reason ?? null).toBe(reason);
  });
});

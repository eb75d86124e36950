import { AwsCallFailedError } from '../errors';
import { describeAwsError } from './aws-error';

/** The typed answer for a call that AWS did not serve and nobody's input is to blame for. */
export function awsCallFailed(action: string, error: unknown): AwsCallFailedError {
  if (error instanceof AwsCallFailedError) return error;
  const { code, message, retryable } = describeAwsError(error);
  return new AwsCallFailedError(`${action} failed with ${code}: ${message}`, code, retryable, {
    cause: error,
  });
}

/** The typed answer where the gateway's own credentials are the trouble: no customer's doing, and retried. */
export function gatewayIdentityMissing(
  error: unknown,
  what = 'The gateway’s own AWS credentials cannot be used',
): AwsCallFailedError {
  if (error instanceof AwsCallFailedError) return error;
  const { code, message } = describeAwsError(error);
  return new AwsCallFailedError(`${what} (${code}): ${message}`, code, true, {
    code: 'RC_GATEWAY_IDENTITY_MISSING',
    cause: error,
  });
}

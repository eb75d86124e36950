import { AwsError } from '../protocol/aws-error';

/** A parameter that CloudWatch refuses. */
export function validationError(message: string): AwsError {
  return new AwsError('com.amazonaws.cloudwatch#ValidationException', message, 400, 'ValidationError');
}

/** A NextToken that is none of the call's. */
export function invalidNextToken(): AwsError {
  return new AwsError(
    'com.amazonaws.cloudwatch#InvalidNextToken',
    'The service can not process the provided next token',
    400,
    'InvalidNextToken',
  );
}

import { AwsError } from './aws-error';
import type { ProtocolName } from './protocol';

/** Code and HTTP status of an error in each protocol, and AWS's text. */
interface CommonError {
  query: readonly [code: string, status: number];
  ec2: readonly [code: string, status: number];
  json: readonly [code: string, status: number];
  message: string;
  /** Where EC2 words it differently. */
  ec2Message?: string;
}

/** Errors that every service knows, each under its protocol's own code and status. */
const commonErrors = {
  missingCredentials: {
    query: ['MissingAuthenticationToken', 403],
    ec2: ['MissingAuthenticationToken', 403],
    json: ['MissingAuthenticationTokenException', 400],
    message: 'Request is missing Authentication Token',
  },
  incompleteSignature: {
    query: ['IncompleteSignature', 400],
    ec2: ['IncompleteSignature', 400],
    json: ['IncompleteSignatureException', 400],
    message: 'The request signature is incomplete.',
  },
  unknownAccessKey: {
    query: ['InvalidClientTokenId', 403],
    ec2: ['AuthFailure', 401],
    json: ['UnrecognizedClientException', 400],
    message: 'The security token included in the request is invalid.',
    ec2Message: 'AWS was not able to validate the provided access credentials',
  },
  expiredToken: {
    query: ['ExpiredToken', 403],
    ec2: ['RequestExpired', 400],
    json: ['ExpiredTokenException', 400],
    message: 'The security token included in the request is expired',
    ec2Message: 'Request has expired.',
  },
  signatureMismatch: {
    query: ['SignatureDoesNotMatch', 403],
    ec2: ['SignatureDoesNotMatch', 403],
    json: ['InvalidSignatureException', 400],
    message: 'The request signature we calculated does not match the signature you provided.',
  },
  signatureOutOfDate: {
    query: ['SignatureDoesNotMatch', 403],
    ec2: ['RequestExpired', 400],
    json: ['InvalidSignatureException', 400],
    message: 'Signature expired',
  },
  accessDenied: {
    query: ['AccessDenied', 403],
    ec2: ['UnauthorizedOperation', 403],
    json: ['AccessDeniedException', 400],
    message: 'Access denied',
  },
  throttled: {
    query: ['Throttling', 400],
    ec2: ['RequestLimitExceeded', 503],
    json: ['ThrottlingException', 400],
    message: 'Rate exceeded',
    ec2Message: 'Request limit exceeded.',
  },
  unknownAction: {
    query: ['InvalidAction', 400],
    ec2: ['InvalidAction', 400],
    json: ['UnknownOperationException', 400],
    message: 'The requested operation is not recognized by the service.',
  },
  internalFailure: {
    query: ['InternalFailure', 500],
    ec2: ['InternalError', 500],
    json: ['InternalFailure', 500],
    message: 'We encountered an internal error. Please try again.',
  },
} satisfies Record<string, CommonError>;

/** The error of `kind` as a service of this protocol names it; `message` replaces AWS's usual text. */
export function commonError(
  kind: keyof typeof commonErrors,
  protocol: ProtocolName,
  message?: string,
): AwsError {
  const common: CommonError = commonErrors[kind];
  const [code, status] = common[protocol];
  const usual = (protocol === 'ec2' && common.ec2Message) || common.message;
  return new AwsError(code, message ?? usual, status);
}

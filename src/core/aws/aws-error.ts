import { redactText } from '../redaction';

/** What kind of trouble an AWS call met; decides who is to blame and whether to try again. */
type AwsFault =
  'denied' | 'expired' | 'throttled' | 'region-disabled' | 'credentials' | 'unavailable' | 'rejected';

export interface AwsErrorFacts {
  /** AWS's own code, such as AccessDenied or ThrottlingException. */
  code: string;
  message: string;
  fault: AwsFault;
  retryable: boolean;
  /** The IAM actions that were denied. */
  missingActions: string[];
}

/**
 * Codes as AWS's protocols write them (Query, EC2 Query, JSON). SDK classes are no help: most of these arrive as the
 * service's base exception, so the name decides.
 */
const FAULT_OF_CODE = new Map<string, AwsFault>(
  Object.entries({
    AccessDenied: 'denied',
    AccessDeniedException: 'denied',
    UnauthorizedOperation: 'denied',
    ActionNotAllowed: 'denied',
    ExpiredToken: 'expired',
    ExpiredTokenException: 'expired',
    RequestExpired: 'expired',
    Throttling: 'throttled',
    ThrottlingException: 'throttled',
    ThrottledException: 'throttled',
    RequestLimitExceeded: 'throttled',
    TooManyRequestsException: 'throttled',
    RequestThrottled: 'throttled',
    RequestThrottledException: 'throttled',
    EC2ThrottledException: 'throttled',
    SlowDown: 'throttled',
    BandwidthLimitExceeded: 'throttled',
    RequestTimeout: 'unavailable',
    RequestTimeoutException: 'unavailable',
    LimitExceededException: 'throttled',
    CallHeldBack: 'throttled',
    RegionDisabledException: 'region-disabled',
    OptInRequired: 'region-disabled',
    InvalidClientTokenId: 'credentials',
    UnrecognizedClientException: 'credentials',
    AuthFailure: 'credentials',
    SignatureDoesNotMatch: 'credentials',
    InvalidSignatureException: 'credentials',
    IncompleteSignature: 'credentials',
    MissingAuthenticationToken: 'credentials',
    CredentialsProviderError: 'credentials',
  } satisfies Record<string, AwsFault>),
);

const NETWORK_CODES =
  /^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EMFILE|TimeoutError|AbortError)/;

/** What the SDK calls an answer that carries no code of AWS's, such as a proxy's page. */
const UNNAMED = /^(Unknown|UnknownError|Error|\d+)$/;

/** Is added to whatever a body that breaks off ends with, and helps nobody. */
const SDK_HINT = /\n +Deserialization error: .*/s;

interface SdkErrorShape {
  name?: string;
  Code?: string;
  code?: string;
  message?: string;
  /** Whose doing it is, by the SDK: only on what AWS answered. */
  $fault?: 'client' | 'server';
  $metadata?: { httpStatusCode?: number; clockSkewCorrected?: boolean };
}

/** Whether it came from AWS, or from the way there: anything else is a fault of code, a plugin's or ours. */
export function isAwsError(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { name = '', Code = '', code = '', $metadata } = error as SdkErrorShape;
  const names = [name, Code, code];
  return $metadata !== undefined || names.some((one) => FAULT_OF_CODE.has(one) || NETWORK_CODES.test(one));
}

/** What AWS answers to a signature whose date is too far from its own time. */
const SKEW_CODES = new Set([
  'AuthFailure',
  'InvalidSignatureException',
  'RequestExpired',
  'RequestInTheFuture',
  'RequestTimeTooSkewed',
  'SignatureDoesNotMatch',
]);

/**
 * Where the machine's clock is minutes away from AWS's, the SDK corrects itself with every answer, and then takes any
 * error for one to try again. A refusal stays one: only an error about the date is worth another attempt.
 */
export function forgetSkewOfOthers(error: unknown): void {
  const { name = '', $metadata } = (error ?? {}) as SdkErrorShape;
  if ($metadata?.clockSkewCorrected && !SKEW_CODES.has(name)) $metadata.clockSkewCorrected = false;
}

const deniedAction = new WeakMap<object, string>();

/** Remembers which IAM action a failed call needed, for answers whose message does not name it. */
export function noteAction(error: unknown, action: string): void {
  if (typeof error === 'object' && error !== null) deniedAction.set(error, action);
}

const servedBefore = new WeakSet<object>();

/** Remembers of a failed call that AWS had served the same credentials the same call before. */
export function noteServedBefore(error: unknown): void {
  if (typeof error === 'object' && error !== null) servedBefore.add(error);
}

/** Whether a failed call had been served before, as far as its client was told to remember. */
export function wasServedBefore(error: unknown): boolean {
  return typeof error === 'object' && error !== null && servedBefore.has(error);
}

/** Reads an error that an SDK client threw. */
export function describeAwsError(error: unknown): AwsErrorFacts {
  const shape = (typeof error === 'object' && error !== null ? error : {}) as SdkErrorShape;
  const code =
    [shape.Code, shape.name, shape.code].find((name) => name && name !== 'Error') ?? 'UnknownError';
  // Some of AWS's messages quote the request: its token, or the text that was to be signed.
  const message = redactText(shape.message?.replace(SDK_HINT, '') || code);
  const fault = faultOf(code, shape);
  return {
    code,
    message,
    fault,
    retryable: fault === 'throttled' || fault === 'unavailable' || fault === 'expired',
    missingActions: fault === 'denied' ? actionsIn(message, error) : [],
  };
}

function faultOf(code: string, shape: SdkErrorShape): AwsFault {
  const known = FAULT_OF_CODE.get(code);
  if (known) return known;
  if (NETWORK_CODES.test(code) || NETWORK_CODES.test(shape.code ?? '')) return 'unavailable';
  if (!isAwsError(shape)) return 'rejected';
  const status = shape.$metadata?.httpStatusCode ?? 0;
  if (status === 429) return 'throttled';
  // The SDK puts `$metadata` on whatever breaks on the way, TLS and a body that it cannot read among them.
  const isJudged =
    shape.$fault === 'client' && status >= 400 && status < 500 && status !== 408 && !UNNAMED.test(code);
  return isJudged ? 'rejected' : 'unavailable';
}

function actionsIn(message: string, error: unknown): string[] {
  const named = /not authorized to perform: ([a-z0-9-]+:[A-Za-z0-9]+)/.exec(message)?.[1];
  const action = named ?? deniedAction.get(error as object);
  return action ? [action] : [];
}

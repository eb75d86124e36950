import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { DomainError } from '../../core/errors';
import { redactText } from '../../core/redaction';
import type { RequestErrorCode } from './request-error';

/** How a mistake that the core found answers where there is no payload to carry it. */
const CODE_OF_KIND: Partial<Record<DomainError['kind'], RequestErrorCode>> = {
  InvalidInput: 'BAD_USER_INPUT',
  NotFound: 'NOT_FOUND',
  Conflict: 'BAD_USER_INPUT',
};

/** The codes that our own request errors carry, and what Apollo's and graphql-js's become. */
const PUBLIC_CODES: Record<string, RequestErrorCode> = {
  UNAUTHENTICATED: 'UNAUTHENTICATED',
  FORBIDDEN: 'FORBIDDEN',
  BAD_USER_INPUT: 'BAD_USER_INPUT',
  NOT_FOUND: 'NOT_FOUND',
  LIMIT_EXCEEDED: 'LIMIT_EXCEEDED',
  RATE_LIMITED: 'RATE_LIMITED',
  TIMED_OUT: 'TIMED_OUT',
  SHUTTING_DOWN: 'SHUTTING_DOWN',
  GRAPHQL_PARSE_FAILED: 'BAD_USER_INPUT',
  GRAPHQL_VALIDATION_FAILED: 'BAD_USER_INPUT',
  OPERATION_RESOLUTION_FAILURE: 'BAD_USER_INPUT',
  BAD_REQUEST: 'BAD_USER_INPUT',
};

/**
 * What graphql-js quotes of a document or of variables, and is no name of a schema: 20 characters or more with two
 * digits or a sign of base64. It may be a key that was mistyped, which has no shape to be known by.
 */
const QUOTED_VALUE = /(?<![\w+/=.~%-])(?=[\w+/=.~%-]*(?:\d[\w+/=.~%-]*\d|[+/=%]))[\w+/=.~%-]{20,}/g;

/** graphql-js gives this error no code. */
const TOO_MANY_TOKENS = /Document contains more that \d+ tokens/;

/**
 * The one place where an error becomes what a caller sees: a known one with its code and the way to mend it, anything
 * else masked as INTERNAL with the correlation id, and `report` is told the truth.
 */
export function publicError(
  error: unknown,
  report: (error: unknown) => void,
  correlationId: string,
): GraphQLFormattedError {
  const place = error instanceof GraphQLError ? { locations: error.locations, path: error.path } : {};
  const known = knownError(error);
  // A message may quote what the caller sent, or what AWS was sent.
  if (known) return withoutUndefined({ ...known, message: redactText(known.message), ...place });
  report(rootCause(error));
  return withoutUndefined({
    message: 'Internal error',
    ...place,
    extensions: { code: 'INTERNAL', correlationId },
  });
}

function knownError(error: unknown): GraphQLFormattedError | null {
  if (error instanceof DomainError) {
    const code = CODE_OF_KIND[error.kind];
    if (!code) return null;
    return {
      message: error.message,
      extensions: {
        code,
        rolecallCode: error.code,
        hint: error.hint,
        ...(error.path.length > 0 && { inputPath: error.path }),
      },
    };
  }
  if (!(error instanceof GraphQLError)) return null;
  if (error.originalError) {
    const inner = knownError(error.originalError);
    if (inner) return inner;
  }
  if (TOO_MANY_TOKENS.test(error.message)) {
    return { message: error.message, extensions: { code: 'LIMIT_EXCEEDED' } };
  }
  const code = PUBLIC_CODES[String(error.extensions.code)];
  const message = error.message.replace(QUOTED_VALUE, '…');
  if (code) return { message, extensions: { ...ownExtensions(error), code } };
  return isMistakeInRequest(error) ? { message, extensions: { code: 'BAD_USER_INPUT' } } : null;
}

/**
 * What graphql-js says about a document, a variable or an argument: it points into the document, and nothing threw below
 * it. A variable that cannot be coerced has no path, and carries what the scalar found as its original.
 */
function isMistakeInRequest({ originalError, path, extensions, locations }: GraphQLError): boolean {
  return (!originalError || path === undefined) && extensions.code === undefined && locations !== undefined;
}

function ownExtensions(error: GraphQLError): Record<string, unknown> {
  const { hint } = error.extensions;
  return hint === undefined ? {} : { hint };
}

function rootCause(error: unknown): unknown {
  return error instanceof GraphQLError && error.originalError ? error.originalError : error;
}

function withoutUndefined(error: GraphQLFormattedError): GraphQLFormattedError {
  const { locations, path, ...rest } = error;
  return { ...rest, ...(locations && { locations }), ...(path && { path }) };
}

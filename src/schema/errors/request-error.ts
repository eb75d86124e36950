import { GraphQLError } from 'graphql';

/** The codes of errors that are not part of a payload, in `extensions.code`. */
export type RequestErrorCode =
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'BAD_USER_INPUT'
  | 'NOT_FOUND'
  | 'LIMIT_EXCEEDED'
  | 'RATE_LIMITED'
  | 'TIMED_OUT'
  | 'SHUTTING_DOWN'
  | 'INTERNAL';

/** An error whose message the caller may read. */
export function requestError(code: RequestErrorCode, message: string, hint?: string): GraphQLError {
  return new GraphQLError(message, { extensions: hint === undefined ? { code } : { code, hint } });
}

export function limitExceeded(message: string, hint: string): GraphQLError {
  return requestError('LIMIT_EXCEEDED', message, hint);
}

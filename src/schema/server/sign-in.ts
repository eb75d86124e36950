import type { Viewer } from '../../core/access/viewer';
import type { SchemaServices } from '../services';
import { bearerToken } from './bearer-token';
import type { Refusal } from './refusal';

/** Where a request came from, and what it is called in the log and in its answer. */
export interface RequestOrigin {
  requestId: string;
  /** The client's, as far as trusted proxies tell. */
  address: string;
}

/** Who presents an `Authorization: Bearer …` value, on every transport; or why nobody is let in, without saying more than that. */
export async function signIn(
  { authenticator, logger }: Pick<SchemaServices, 'authenticator' | 'logger'>,
  authorization: unknown,
  { requestId, address }: RequestOrigin,
): Promise<{ viewer: Viewer } | { refusal: Refusal }> {
  const outcome = await authenticator.authenticate(bearerToken(authorization), { address });
  if ('viewer' in outcome) return outcome;
  const { refused, presented, retryAfterSeconds = 0 } = outcome;
  logger.info({ requestId, address, refused, presented }, 'sign-in refused');
  return { refusal: refused === 'THROTTLED' ? throttled(retryAfterSeconds) : UNAUTHENTICATED };
}

const UNAUTHENTICATED: Refusal = {
  status: 401,
  code: 'UNAUTHENTICATED',
  message: 'Send a good token: Authorization: Bearer <token>',
  headers: { 'www-authenticate': 'Bearer' },
};

function throttled(seconds: number): Refusal {
  return {
    status: 429,
    code: 'RATE_LIMITED',
    message: `Too many sign-ins have failed: try again in ${seconds} s`,
    headers: { 'retry-after': String(seconds) },
  };
}

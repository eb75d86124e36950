import { createRemoteJWKSet, customFetch, type FetchImplementation, type JWTVerifyGetKey } from 'jose';
import type { Clock } from '../../clock';
import type { Logger } from '../../logger';
import type { OidcIssuer } from './oidc-issuer';

/** The keys of an issuer cannot be had: nothing that it signed can be judged. */
export class KeysUnavailableError extends Error {
  override readonly name = 'KeysUnavailableError';
}

/** Discovery and keys together must come in this time. */
const FETCH_TIMEOUT_MS = 5_000;
/** How long a failure is taken for the answer, so that nobody makes the gateway call a broken issuer at will. */
const FAILURE_COOL_DOWN_MS = 5_000;

/**
 * The signing keys of an issuer, which `jose` keeps for ten minutes and asks for again, at most every 30 s, when a JWT
 * names a key that it does not know. The key function rejects with KeysUnavailableError.
 */
export function issuerKeys(
  { issuer, jwksUri }: Pick<OidcIssuer, 'issuer' | 'jwksUri'>,
  { clock, log, allowHttp }: { clock: Pick<Clock, 'now'>; log: Pick<Logger, 'warn'>; allowHttp: boolean },
): JWTVerifyGetKey {
  let failed: { error: KeysUnavailableError; until: number } | null = null;
  const fetchKeys: FetchImplementation = async (_url, init) => {
    if (failed && clock.now() < failed.until) throw failed.error;
    failed = null;
    try {
      const address = jwksUri ?? (await discover(issuer, init));
      if (!allowHttp && !address.startsWith('https://')) throw new Error('Its keys are not behind HTTPS');
      const keys = await fetchJson(address, init);
      if (!isKeySet(keys)) throw new Error(`What ${address} answers is no JSON Web Key Set`);
      return Response.json(keys);
    } catch (cause) {
      const error = new KeysUnavailableError(`The keys of ${issuer} cannot be had`, { cause });
      failed = { error, until: clock.now() + FAILURE_COOL_DOWN_MS };
      log.warn({ err: cause, issuer }, 'The keys of an OIDC issuer cannot be had: its JWTs are refused');
      throw error;
    }
  };
  return createRemoteJWKSet(new URL(jwksUri ?? issuer), {
    timeoutDuration: FETCH_TIMEOUT_MS,
    [customFetch]: fetchKeys,
  });
}

type FetchOptions = Parameters<FetchImplementation>[1];

/** @returns the address of the keys, as the issuer itself publishes it. */
async function discover(issuer: string, init: FetchOptions): Promise<string> {
  const address = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const published = (await fetchJson(address, init)) as Record<string, unknown> | null;
  if (published?.issuer !== issuer) throw new Error(`${address} is the configuration of another issuer`);
  if (typeof published.jwks_uri !== 'string') throw new Error(`${address} has no jwks_uri`);
  return published.jwks_uri;
}

/** A redirect is not followed: it could lead anywhere. */
async function fetchJson(address: string, init: FetchOptions): Promise<unknown> {
  const response = await fetch(address, init);
  if (response.status !== 200) throw new Error(`${address} answers with status ${response.status}`);
  return response.json();
}

function isKeySet(value: unknown): value is { keys: object[] } {
  const keys = (value as { keys?: unknown } | null)?.keys;
  return Array.isArray(keys) && keys.every((key) => typeof key === 'object' && key !== null);
}

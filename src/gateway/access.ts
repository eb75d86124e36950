import { randomBytes } from 'node:crypto';
import type { Configuration } from '../config/settings';
import { AccessService } from '../core/access/access-service';
import type { Authenticator } from '../core/access/authenticator';
import { CredentialAuthenticator } from '../core/access/credential-authenticator';
import { OidcVerifier } from '../core/access/oidc/oidc-verifier';
import { SignInThrottle } from '../core/access/sign-in-throttle';
import { TokenService } from '../core/access/token-service';
import { TokenUse } from '../core/access/token-use';
import { TokenVerifier } from '../core/access/token-verifier';
import type { Clock } from '../core/clock';
import type { Logger } from '../core/logger';
import type { Database } from '../db';

/** The room of access: who may ask. */
export function buildAccess(
  {
    env,
    oidc,
    failuresPerAddress,
    failuresPerToken,
  }: Pick<Configuration, 'env' | 'oidc' | 'failuresPerAddress' | 'failuresPerToken'>,
  { clock, database, log }: { clock: Clock; database: Pick<Database, 'tenants' | 'tokens'>; log: Logger },
) {
  const { tenants, tokens } = database;
  const access = new AccessService({ tenants, tokens, clock, randomBytes });
  const use = new TokenUse({ tokens, clock, log });
  const { bootstrapTokens } = access;
  const credentials = new CredentialAuthenticator({
    tokens: new TokenVerifier({ tokens, bootstrapTokens, use, clock }),
    oidc: new OidcVerifier({
      issuers: oidc ?? [],
      tenants,
      clock,
      log,
      allowHttp: env === 'development',
    }),
  });
  const authenticator: Authenticator = new SignInThrottle({
    ...{ authenticator: credentials, clock, log, randomBytes },
    limits: { failuresPerAddress, failuresPerToken },
  });
  const tokenService = new TokenService({ tokens, access, tenants, use, clock });
  return { access, authenticator, tokens: tokenService };
}

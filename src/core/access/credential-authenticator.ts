import { type Authenticator, refusal, type SignIn } from './authenticator';
import { isJwtLike } from './oidc/jwt';
import type { OidcVerifier } from './oidc/oidc-verifier';
import type { TokenVerifier } from './token-verifier';

/** Tells tokens of ours from JWTs by their form. */
export class CredentialAuthenticator implements Authenticator {
  private readonly tokens: Pick<TokenVerifier, 'verify'>;
  private readonly oidc: Pick<OidcVerifier, 'verify'>;

  constructor(dependencies: { tokens: Pick<TokenVerifier, 'verify'>; oidc: Pick<OidcVerifier, 'verify'> }) {
    this.tokens = dependencies.tokens;
    this.oidc = dependencies.oidc;
  }

  async authenticate(credential: string | null): Promise<SignIn> {
    if (credential === null) return refusal('MISSING');
    return isJwtLike(credential) ? this.oidc.verify(credential) : this.tokens.verify(credential);
  }
}

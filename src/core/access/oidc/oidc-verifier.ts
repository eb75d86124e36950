import { decodeJwt, errors, type JWTPayload, jwtVerify, type JWTVerifyGetKey } from 'jose';
import type { Clock } from '../../clock';
import type { Logger } from '../../logger';
import type { TenantRepository } from '../tenant-repository';
import { type Refusal, refusal, type SignIn } from '../authenticator';
import { issuerKeys, KeysUnavailableError } from './issuer-keys';
import { matchingRule, type OidcIssuer } from './oidc-issuer';

/** Asymmetric ones alone: with HS256 whoever knows the public key could sign, with `none` everybody. */
const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA'];
/** How far the issuer's clock may be from ours. */
const CLOCK_TOLERANCE_SECONDS = 5;
/** A longer text is not even decoded. */
const MAX_LENGTH = 16_384;
/** OpenID Connect's own bound of a subject. */
const MAX_SUBJECT_LENGTH = 255;

interface KnownIssuer extends OidcIssuer {
  keys: JWTVerifyGetKey;
}

/** Judges the JWTs of the issuers that are configured. Without any, it refuses all. */
export class OidcVerifier {
  private readonly issuers: ReadonlyMap<string, KnownIssuer>;
  private readonly tenants: Pick<TenantRepository, 'findByPath'>;
  private readonly clock: Pick<Clock, 'now'>;
  private readonly log: Pick<Logger, 'info' | 'warn'>;

  /** @param dependencies.allowHttp for a local issuer, in development */
  constructor(dependencies: {
    issuers: readonly OidcIssuer[];
    tenants: Pick<TenantRepository, 'findByPath'>;
    clock: Pick<Clock, 'now'>;
    log: Pick<Logger, 'info' | 'warn'>;
    allowHttp: boolean;
  }) {
    const { issuers } = dependencies;
    this.tenants = dependencies.tenants;
    this.clock = dependencies.clock;
    this.log = dependencies.log;
    this.issuers = new Map(
      issuers.map((issuer) => [issuer.issuer, { ...issuer, keys: issuerKeys(issuer, dependencies) }]),
    );
  }

  /** The tenant and role are what the first rule says that the claims fulfil; the actor is the subject. */
  async verify(jwt: string): Promise<SignIn> {
    const issuer = this.issuerOf(jwt);
    if (!issuer) return refusal('JWT_INVALID');
    try {
      const { payload } = await jwtVerify(jwt, issuer.keys, {
        issuer: issuer.issuer,
        audience: [...issuer.audience],
        algorithms: ALGORITHMS,
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        currentDate: new Date(this.clock.now()),
        requiredClaims: ['exp', 'sub'],
      });
      return await this.letIn(issuer, payload);
    } catch (error) {
      return refusalOf(error, issuer);
    }
  }

  /** By the claim `iss`, before anything of it is believed: no issuer is asked for keys because of a stranger's JWT. */
  private issuerOf(jwt: string): KnownIssuer | null {
    if (jwt.length > MAX_LENGTH) return null;
    try {
      return this.issuers.get(decodeJwt(jwt).iss ?? '') ?? null;
    } catch {
      return null;
    }
  }

  private async letIn({ issuer, rules }: OidcIssuer, claims: JWTPayload): Promise<SignIn> {
    const { sub, exp } = claims;
    if (typeof sub !== 'string' || sub === '' || sub.length > MAX_SUBJECT_LENGTH)
      return refusal('JWT_INVALID');
    const presented = `${issuer} ${sub}`;
    const rule = matchingRule(claims, rules);
    const tenant = rule && (await this.tenants.findByPath(rule.tenant));
    if (!tenant) {
      const why = rule ? `There is no tenant /${rule.tenant.join('/')}` : 'Its claims fulfil no rule';
      this.log.info({ issuer, subject: sub }, `A good JWT was refused: ${why}`);
      return refusal('UNMAPPED', { presented });
    }
    const expiresAt = exp! * 1000;
    return { viewer: { tenantId: tenant.id, role: rule.role, actor: sub, issuer, tokenId: null, expiresAt } };
  }
}

/** @throws whatever is not the JWT's or its issuer's fault, such as a database that does not answer. */
function refusalOf(error: unknown, { issuer }: OidcIssuer): Refusal {
  if (error instanceof KeysUnavailableError || error instanceof errors.JWKSInvalid) {
    return refusal('ISSUER_UNREACHABLE', { presented: issuer });
  }
  if (error instanceof errors.JWTExpired)
    return refusal('EXPIRED', { presented: presentedBy(error.payload, issuer) });
  if (error instanceof errors.JOSEError) return refusal('JWT_INVALID');
  throw error;
}

/** The signature of an expired JWT was found good before its claims were read. */
function presentedBy({ sub }: JWTPayload, issuer: string): string {
  return sub ? `${issuer} ${sub}` : issuer;
}

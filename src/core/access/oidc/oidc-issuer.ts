import type { Role } from '../viewer';

/** An identity provider whose JWTs are good here. */
export interface OidcIssuer {
  /** As the claim `iss` has it, to the letter. */
  issuer: string;
  /** One of them must be in the claim `aud`: what the issuer calls this gateway. */
  audience: readonly string[];
  /** Where its keys are; null: where `/.well-known/openid-configuration` says. */
  jwksUri: string | null;
  /** The first that holds decides. */
  rules: readonly ClaimRule[];
}

/** Who has this claim has this role in this tenant. */
export interface ClaimRule {
  /** The claim's name, or the names on the way down to it. */
  claim: readonly string[];
  /** What the claim is, or, of a list, contains. */
  value: string | number | boolean;
  role: Role;
  /** The names from below the root tenant down to it; none: the root tenant itself. */
  tenant: readonly string[];
}

/** The first rule that the claims of a JWT fulfil. */
export function matchingRule(
  claims: Readonly<Record<string, unknown>>,
  rules: readonly ClaimRule[],
): ClaimRule | null {
  return rules.find(({ claim, value }) => holds(claimAt(claims, claim), value)) ?? null;
}

function claimAt(claims: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, name) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, name)
        ? (value as Record<string, unknown>)[name]
        : undefined,
    claims,
  );
}

function holds(found: unknown, wanted: ClaimRule['value']): boolean {
  return Array.isArray(found) ? found.includes(wanted) : found === wanted;
}

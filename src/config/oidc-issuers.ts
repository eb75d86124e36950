import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { OidcIssuer } from '../core/access/oidc/oidc-issuer';
import type { Role } from '../core/access/viewer';

/** A list of one may be written without its brackets. */
const oneOrMore = <T>(item: z.ZodType<T>) =>
  z.preprocess((value) => (Array.isArray(value) ? value : [value]), z.array(item));

const ROLES = ['VIEWER', 'OPERATOR', 'ADMIN'] as const satisfies Role[];
const name = z.string().min(1).max(256);
const url = z.url({ protocol: /^https?$/ });

const rule = z.strictObject({
  claim: oneOrMore(name).refine(isNotEmpty, 'names no claim'),
  value: z.union([name, z.number(), z.boolean()]),
  role: z.enum(ROLES),
  // A tenant's name has no slash.
  tenant: name.transform((path) => path.split('/').filter((part) => part !== '')),
});

const issuer = z.strictObject({
  issuer: url,
  audience: oneOrMore(name).refine(isNotEmpty, 'names no audience'),
  jwksUri: url.nullable().default(null),
  rules: z.array(rule).refine(isNotEmpty, 'has no rule'),
});

const issuers = oneOrMore(issuer).refine(
  (all) => new Set(all.map((one) => one.issuer)).size === all.length,
  'names an issuer twice',
);

/** The issuers as JSON, or in the file that the text names. */
export const oidcIssuers: z.ZodType<OidcIssuer[], string> = z.string().transform(readJson).pipe(issuers);

/** What would be asked over plain HTTP, where anyone on the way could put in keys. */
export function plainHttpAddresses(configured: readonly OidcIssuer[]): string[] {
  return configured
    .flatMap(({ issuer, jwksUri }) => [issuer, jwksUri])
    .filter((address) => address?.startsWith('http:'))
    .map(String);
}

function readJson(text: string, context: z.RefinementCtx): unknown {
  try {
    return JSON.parse(/^\s*[[{]/.test(text) ? text : readFileSync(text, 'utf8'));
  } catch (error) {
    context.addIssue(error instanceof Error ? error.message : String(error));
    return z.NEVER;
  }
}

function isNotEmpty(list: readonly unknown[]): boolean {
  return list.length > 0;
}

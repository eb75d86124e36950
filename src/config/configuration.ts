import { readFileSync } from 'node:fs';
import type { ZodError } from 'zod';
import { isLoopback } from './door-settings';
import { plainHttpAddresses } from './oidc-issuers';
import { SETTINGS, type Configuration } from './settings';

/** A setting that cannot be used: names the variable, what was given and what is wanted. */
export class ConfigurationError extends Error {
  constructor(readonly problems: string[]) {
    super(`The configuration cannot be used:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.name = 'ConfigurationError';
  }
}

/** What must never be quoted in an error message. */
const SECRETS: ReadonlySet<string> = new Set([
  SETTINGS.adminToken.name,
  SETTINGS.encryptionKey.name,
  SETTINGS.auditKey.name,
]);

/** What zod says where a check of a schema has no words of its own. */
const UNTOLD = 'Invalid input';

type Environment = Record<string, string | undefined>;

/** Reads and judges the whole configuration. @throws ConfigurationError with every problem at once. */
export function readConfiguration(environment: Environment): Configuration {
  const problems: string[] = [];
  const given = { ...readFile(environment, problems), ...definedOnly(environment) };
  const known = new Set<string>(Object.values(SETTINGS).map(({ name }) => name));
  for (const name of Object.keys(given)) {
    if (name.startsWith('ROLECALL_') && !known.has(name)) {
      problems.push(`${name} is no setting of Rolecall; there are ${[...known].join(', ')}`);
    }
  }
  const configuration = Object.fromEntries(
    Object.entries(SETTINGS).map(([key, { name, borrows, default: fallback, schema, wanted }]) => {
      const borrowed = borrows && schema.safeParse(given[borrows]).success ? given[borrows] : undefined;
      const value = given[name] ?? borrowed ?? fallback;
      if (value === null) return [key, null];
      const parsed = schema.safeParse(value);
      if (parsed.success) return [key, parsed.data];
      const why = SECRETS.has(name) ? '' : reasons(parsed.error);
      problems.push(`${name}: ${quoted(name, value)} was given, wanted is ${wanted}${why}`);
      return [key, null];
    }),
  ) as unknown as Configuration;
  if (configuration.env !== 'development') {
    problems.push(
      ...endpointsOutsideDevelopment(given),
      ...plainHttpOutsideDevelopment(configuration),
      ...plainDoorOutsideDevelopment(configuration),
    );
  }
  problems.push(...halfOfTls(configuration));
  if (problems.length > 0) throw new ConfigurationError(problems);
  return configuration;
}

/** As given, but for secrets, and for the user and password of a URL. */
function quoted(name: string, value: string): string {
  // In brackets, or the command line would take the word behind the name for the secret.
  if (SECRETS.has(name)) return `(${value.length} characters)`;
  return JSON.stringify(value.replace(/\/\/[^/@]*@/, '//…@'));
}

/** Where inside a setting of several parts the mistake is, and which. */
function reasons({ issues }: ZodError): string {
  const told = issues
    .filter(({ code, path, message }) => path.length > 0 || (code === 'custom' && message !== UNTOLD))
    .map(({ path, message }) => (path.length > 0 ? `${path.join('.')}: ${message}` : message));
  return told.length > 0 ? ` (${told.join('; ')})` : '';
}

/** Who is on the way could answer with keys of its own, and sign in as anybody. */
function plainHttpOutsideDevelopment({ oidc }: Configuration): string[] {
  return plainHttpAddresses(oidc ?? []).map(
    (address) =>
      `${SETTINGS.oidc.name}: ${JSON.stringify(address)} was given, wanted is HTTPS unless ROLECALL_ENV=development`,
  );
}

/** Tokens would cross a network in clear: there is neither TLS here nor a proxy named that has it. */
function plainDoorOutsideDevelopment({ host, tlsCertFile, trustedProxies }: Configuration): string[] {
  if (host === null || isLoopback(host) || tlsCertFile !== null || trustedProxies !== 0) return [];
  const { tlsCertFile: cert, tlsKeyFile: key, trustedProxies: proxies } = SETTINGS;
  return [
    `${SETTINGS.host.name}: ${JSON.stringify(host)} was given, wanted is an address of this machine alone such as 127.0.0.1, ` +
      `or TLS by ${cert.name} and ${key.name}, or in ${proxies.name} the proxies in front that have it; every request carries a token`,
  ];
}

/** A certificate without its key, or the other way round, is a mistake: nobody means to serve in plain then. */
function halfOfTls({ tlsCertFile, tlsKeyFile }: Configuration): string[] {
  if ((tlsCertFile === null) === (tlsKeyFile === null)) return [];
  const [given, missing] = [SETTINGS.tlsCertFile.name, SETTINGS.tlsKeyFile.name];
  return [
    tlsCertFile === null
      ? `${given}: nothing was given, wanted is the certificate of ${missing}`
      : `${missing}: nothing was given, wanted is the key of ${given}`,
  ];
}

/** An endpoint override would send signed calls, and so sessions of customers' accounts, elsewhere. */
function endpointsOutsideDevelopment(given: Environment): string[] {
  return Object.keys(given)
    .filter((name) => name === SETTINGS.awsEndpoint.name || name.startsWith('AWS_ENDPOINT_URL'))
    .map(
      (name) =>
        `${name}: ${quoted(name, given[name] ?? '')} was given, wanted is nothing unless ROLECALL_ENV=development`,
    );
}

/** An empty variable is an unset one, as in a shell. */
function definedOnly(environment: Environment): Environment {
  return Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
}

function readFile(environment: Environment, problems: string[]): Environment {
  const { name } = SETTINGS.configFile;
  const path = environment[name];
  if (!path) return {};
  try {
    const content: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof content !== 'object' || content === null || Array.isArray(content))
      throw new Error('not a JSON object');
    for (const key of Object.keys(content)) {
      if (!key.startsWith('ROLECALL_'))
        problems.push(`${name}: its key ${JSON.stringify(key)} is no setting of Rolecall`);
    }
    return Object.fromEntries(Object.entries(content).map(([key, value]) => [key, asText(value)]));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    problems.push(`${name}: the file ${JSON.stringify(path)} was given, wanted is a JSON object (${why})`);
    return {};
  }
}

/** A setting of several parts may stand in the file as it is. */
function asText(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

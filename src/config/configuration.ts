import { readFileSync } from 'node:fs';
import { SETTINGS, type Configuration } from './settings';

/** A setting that cannot be used: names the variable, what was given and what is wanted. */
export class ConfigurationError extends Error {
  constructor(readonly problems: string[]) {
    super(`The configuration cannot be used:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.name = 'ConfigurationError';
  }
}

/** What must never be quoted in an error message. */
const SECRETS: ReadonlySet<string> = new Set([SETTINGS.adminToken.name, SETTINGS.encryptionKey.name]);

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
    Object.entries(SETTINGS).map(([key, { name, default: fallback, schema, wanted }]) => {
      const value = given[name] ?? fallback;
      if (value === null) return [key, null];
      const parsed = schema.safeParse(value);
      if (parsed.success) return [key, parsed.data];
      problems.push(`${name}: ${quoted(name, value)} was given, wanted is ${wanted}`);
      return [key, null];
    }),
  ) as unknown as Configuration;
  if (configuration.env !== 'development') problems.push(...endpointsOutsideDevelopment(given));
  if (problems.length > 0) throw new ConfigurationError(problems);
  return configuration;
}

/** As given, but for secrets, and for the user and password of a URL. */
function quoted(name: string, value: string): string {
  if (SECRETS.has(name)) return `a value of ${value.length} characters`;
  return JSON.stringify(value.replace(/\/\/[^/@]*@/, '//…@'));
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
    return Object.fromEntries(Object.entries(content).map(([key, value]) => [key, String(value)]));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    problems.push(`${name}: the file ${JSON.stringify(path)} was given, wanted is a JSON object (${why})`);
    return {};
  }
}

import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import type { Configuration } from '../config/settings';
import type { Tenant } from '../core/access/tenant-repository';
import { AccessService } from '../core/access/access-service';
import { isTenantName, tenantPath } from '../core/access/tenant-names';
import type { ApiToken, ScopedTokens } from '../core/access/token-repository';
import { judgeTokenName } from '../core/access/token-names';
import { tokenPrefix } from '../core/access/tokens';
import type { Role } from '../core/access/viewer';
import { COMMAND_LINE_ACTOR } from '../core/audit/audit-trail';
import { type Clock, systemClock } from '../core/clock';
import { DomainError } from '../core/errors';
import { type Database, openDatabase } from '../db';
import { databaseOptions } from '../gateway/database';
import { tenantMeant, tokenMeant } from './token-choice';
import { UsageError } from './usage-error';

const ROLES: readonly string[] = ['VIEWER', 'OPERATOR', 'ADMIN'] satisfies Role[];
const WANTED = `wanted is token create NAME ${ROLES.join('|')} [TENANT] [--days N], token list [TENANT], or token revoke NAME|PREFIX`;
const DAY_MS = 86_400_000;
const MAX_DAYS = 36_500;
const PAGE = 500;

interface Desk {
  database: Database;
  access: AccessService;
  clock: Pick<Clock, 'now'>;
  root: Tenant;
  print: (line: string) => void;
}

const COMMANDS: Record<string, (desk: Desk, args: string[], days: string | undefined) => Promise<void>> = {
  create,
  list,
  revoke,
};

/**
 * `token create|list|revoke`, beside a running gateway or without one. What is revoked is nobody from then on, and its
 * WebSockets close within a second. @throws UsageError
 */
export async function tokenCommand(
  configuration: Configuration,
  args: string[],
  print: (line: string) => void = (line) => process.stdout.write(`${line}\n`),
): Promise<void> {
  const { command, rest, days } = parse(args);
  const database = await openDatabase(databaseOptions(configuration));
  try {
    const clock = systemClock;
    const { tenants, tokens } = database;
    const access = new AccessService({ tenants, tokens, clock, randomBytes });
    await command(
      { database, access, clock, root: await access.ensureRootTenant('root'), print },
      rest,
      days,
    );
  } catch (error) {
    throw error instanceof DomainError ? new UsageError(`${error.message}. ${error.hint}`) : error;
  } finally {
    await database.close();
  }
}

function parse(args: string[]) {
  try {
    const { positionals, values } = parseArgs({
      args,
      options: { days: { type: 'string' } },
      allowPositionals: true,
    });
    const [verb, ...rest] = positionals;
    if (Object.hasOwn(COMMANDS, verb)) return { command: COMMANDS[verb], rest, days: values.days };
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}: ${WANTED}`);
  }
  throw new UsageError(WANTED);
}

/** Prints the token, the only time that it is known. Without a tenant it is the gateway's own; a new one is made below that. */
async function create(
  { database, access, clock, root, print }: Desk,
  [name, role, tenantName, ...more]: string[],
  days: string | undefined,
): Promise<void> {
  if (!name || !role || !ROLES.includes(role) || more.length > 0) throw new UsageError(WANTED);
  const expiresAt = days === undefined ? null : clock.now() + Math.round(daysOf(days) * DAY_MS);
  const judged = judgeTokenName(name);
  const tenant = tenantName ? await tenantCalled({ database, access, root }, tenantName) : root;
  const { token, secret } = await access.createToken({
    tenantId: tenant.id,
    name: judged,
    role: role as Role,
    expiresAt,
  });
  await audit(database, 'create', token);
  print(`${role} token of tenant ${tenant.name} (shown once): ${secret}`);
}

/** Of one tenant and those below it, or of all. */
async function list({ database, clock, root, print }: Desk, [tenantName, ...more]: string[]): Promise<void> {
  if (more.length > 0) throw new UsageError(WANTED);
  const tenants = await database.tenants.allTenants();
  const top = tenantName ? tenantMeant(tenants, tenantName) : root;
  if (!top) throw new UsageError(`there is no tenant ${tenantName}`);
  const rows = (await allTokens(database.tokens.within({ tenantId: top.id }))).map((token) => [
    tokenPrefix(token.lookupId),
    token.role,
    stateOf(token, clock.now()),
    `used ${token.lastUsedAt === null ? 'never' : instant(token.lastUsedAt)}`,
    tenantPath(
      tenants.find(({ id }) => id === token.tenantId)!,
      tenants,
    ),
    token.name,
  ]);
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column].length))) ?? [];
  for (const row of rows)
    print(
      row
        .map((cell, column) => cell.padEnd(widths[column]))
        .join('  ')
        .trimEnd(),
    );
}

/** By name, where only one is called so, by prefix, or by the whole token. */
async function revoke({ database, clock, root, print }: Desk, [given, ...more]: string[]): Promise<void> {
  if (!given || more.length > 0) throw new UsageError(WANTED);
  const tokens = database.tokens.within({ tenantId: root.id });
  const token = tokenMeant(await allTokens(tokens), given);
  if (token.revokedAt === null) {
    await audit(database, 'revoke', token);
    await tokens.revoke(token.id, clock.now());
  }
  print(`Revoked: ${tokenPrefix(token.lookupId)} (${token.name})`);
}

async function audit(database: Database, verb: string, token: ApiToken): Promise<void> {
  const { id, tenantId, name, role, lookupId, expiresAt } = token;
  const expires = expiresAt === null ? null : instant(expiresAt);
  await database.audit.record({
    tenantId,
    actor: COMMAND_LINE_ACTOR,
    action: `command.token.${verb}`,
    target: { type: 'ApiToken', id },
    detail: { name, role, prefix: tokenPrefix(lookupId), expiresAt: expires },
  });
}

async function allTokens(tokens: ScopedTokens): Promise<ApiToken[]> {
  const found: ApiToken[] = [];
  for (;;) {
    const after = found.length > 0 ? { sort: null, id: found.at(-1)!.id } : null;
    const page = await tokens.list({ first: PAGE, after });
    found.push(...page.items.map(({ item }) => item));
    if (!page.hasNextPage) return found;
  }
}

/** A new one is made below the root, whose log tells of it. */
async function tenantCalled(
  { database, access, root }: Pick<Desk, 'database' | 'access' | 'root'>,
  given: string,
): Promise<Tenant> {
  const present = tenantMeant(await database.tenants.allTenants(), given);
  if (present) return present;
  if (!isTenantName(given))
    throw new UsageError(`there is no tenant ${given}, and a new one cannot be called so`);
  await database.audit.record({
    tenantId: root.id,
    actor: COMMAND_LINE_ACTOR,
    action: 'command.tenant.create',
    target: { type: 'Tenant', id: root.id },
    detail: { name: given },
  });
  return access.createTenant(given);
}

/** @throws UsageError */
function daysOf(text: string): number {
  const days = Number(text);
  if (days > 0 && days <= MAX_DAYS) return days;
  throw new UsageError(`--days ${text} was given, wanted is a number of days up to ${MAX_DAYS}`);
}

function stateOf({ revokedAt, expiresAt }: ApiToken, now: number): string {
  if (revokedAt !== null) return `revoked ${instant(revokedAt)}`;
  if (expiresAt === null) return 'good';
  return `${expiresAt <= now ? 'expired' : 'good until'} ${instant(expiresAt)}`;
}

function instant(at: number): string {
  return new Date(at).toISOString().slice(0, 16) + 'Z';
}

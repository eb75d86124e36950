import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Configuration } from './config/settings';
import { AccessService } from './core/access/access-service';
import type { Role } from './core/access/viewer';
import { systemClock } from './core/clock';
import { openDatabase } from './db';

/** A command that was not called as its usage says. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const ROLES: readonly string[] = ['VIEWER', 'OPERATOR', 'ADMIN'] satisfies Role[];

/**
 * `token create NAME ROLE [TENANT]`, beside a running gateway or without one: prints the token, the only time that it is
 * known. Without a tenant it is the gateway's own.
 */
export async function createToken(
  configuration: Configuration,
  [verb, name, role, tenantName]: string[],
): Promise<void> {
  if (verb !== 'create' || !name || !role || !ROLES.includes(role)) {
    throw new UsageError(`token: wanted is create NAME ${ROLES.join('|')} [TENANT]`);
  }
  const database = await openDatabase({
    file: configuration.databaseFile ?? join(configuration.dataDir, 'rolecall.sqlite'),
    awsEndpoint: configuration.awsEndpoint,
  });
  try {
    const access = new AccessService({ repository: database.access, clock: systemClock, randomBytes });
    const root = await access.ensureRootTenant('root');
    const tenant = tenantName
      ? ((await database.access.findTenantByName(tenantName)) ?? (await access.createTenant(tenantName)))
      : root;
    const { secret } = await access.createToken({ tenantId: tenant.id, name, role: role as Role });
    process.stdout.write(`${role} token of tenant ${tenant.name} (shown once): ${secret}\n`);
  } finally {
    await database.close();
  }
}

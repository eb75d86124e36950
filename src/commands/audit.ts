import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Configuration } from '../config/settings';
import { tenantPath } from '../core/access/tenant-names';
import type { Tenant } from '../core/access/tenant-repository';
import { AuditIntegrity } from '../core/audit/audit-integrity';
import { AuditPublicKeys, loadAuditKeys } from '../core/audit/audit-key';
import { AuditVerifier, type ChainReport } from '../core/audit/audit-verifier';
import { CheckpointFile } from '../core/audit/checkpoint-file';
import { systemClock } from '../core/clock';
import { isKeyFileThere } from '../core/key-file';
import { openAuditLog, openDatabase } from '../db';
import { auditKeySource, buildAudit, checkpointFile } from '../gateway/audit';
import { databaseOptions } from '../gateway/database';
import { createLogger } from '../logger';
import { tenantMeant } from './token-choice';
import { UsageError } from './usage-error';

/** The audit log is not what was written: what was printed says where. */
export class AuditBrokenError extends Error {
  override readonly name = 'AuditBrokenError';
}

/** 32 bytes. */
const PUBLIC_KEY = /^[\w-]{43}$/;

type Print = (line: string) => void;

const OPTIONS = {
  tenant: { type: 'string' },
  checkpoints: { type: 'string' },
  'public-key': { type: 'string', multiple: true },
} as const;

/**
 * `audit verify [--tenant NAME] [--checkpoints FILE] [--public-key KEY …]`, beside a running gateway or without one, and
 * `audit checkpoint`. @throws AuditBrokenError when the log is not whole; UsageError
 */
export async function auditCommand(
  configuration: Configuration,
  args: string[],
  print: Print = (line) => process.stdout.write(`${line}\n`),
): Promise<void> {
  const { verb, options } = parse(args);
  if (verb === 'verify') return verify(configuration, options, print);
  if (verb === 'checkpoint') return checkpoint(configuration, print);
  throw new UsageError(
    'audit: wanted is verify [--tenant NAME] [--checkpoints FILE] [--public-key KEY], or checkpoint',
  );
}

type Options = ReturnType<typeof parse>['options'];

function parse(args: string[]) {
  try {
    const { positionals, values } = parseArgs({ args, options: OPTIONS, allowPositionals: true });
    return { verb: positionals.length === 1 ? positionals[0] : undefined, options: values };
  } catch (error) {
    throw new UsageError(`audit: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Reads alone: nothing is made, migrated or written. */
async function verify(configuration: Configuration, options: Options, print: Print): Promise<void> {
  const { file } = databaseOptions(configuration);
  if (!existsSync(file)) throw new UsageError(`audit: there is no database ${file}`);
  const keys = trustedKeys(configuration, options);
  const log = await openAuditLog(file);
  try {
    const tenants = await log.tenants();
    const integrity = new AuditIntegrity({
      chains: log.chains,
      file: options.checkpoints ? new CheckpointFile(options.checkpoints) : checkpointFile(configuration),
      verifier: new AuditVerifier(new AuditPublicKeys(keys)),
      clock: systemClock,
    });
    const { chains } = await integrity.check(
      options.tenant === undefined ? null : [idOf(options.tenant, tenants)],
    );
    for (const chain of chains) {
      const tenant = tenants.find(({ id }) => id === chain.tenantId);
      print(lineOf(chain, tenant && tenantPath(tenant, tenants)));
    }
    const broken = chains.filter(({ fault }) => fault).length;
    if (broken > 0)
      throw new AuditBrokenError(`The audit log is broken (tenants: ${broken} of ${chains.length})`);
    print(`The audit log is whole. Public key of its checkpoints: ${keys.join(', ')}`);
  } finally {
    await log.close();
  }
}

/** Signs what is there now, as the running gateway does every hour. */
async function checkpoint(configuration: Configuration, print: Print): Promise<void> {
  const database = await openDatabase(databaseOptions(configuration));
  try {
    const log = createLogger(configuration.logLevel);
    await buildAudit(configuration, { database, clock: systemClock, log }).checkpoints.make();
    print('The audit log is signed up to now');
  } finally {
    await database.close();
  }
}

/** Those that are given, else those of the gateway, which are never made here. */
function trustedKeys(configuration: Configuration, { 'public-key': given }: Options): string[] {
  if (given) {
    const wrong = given.find((key) => !PUBLIC_KEY.test(key));
    if (wrong !== undefined)
      throw new UsageError(`audit: ${wrong} is no public key: 43 characters of base64url`);
    return given;
  }
  const source = auditKeySource(configuration);
  if (source.value === undefined && !isKeyFileThere(source.file)) {
    throw new UsageError(`audit: there is no key ${source.file}; give the public one by --public-key`);
  }
  return loadAuditKeys(source).map(({ publicKey }) => publicKey);
}

function idOf(given: string, tenants: readonly Tenant[]): number {
  const tenant = tenantMeant(tenants, given);
  if (tenant) return tenant.id;
  const paths = tenants.map((one) => tenantPath(one, tenants)).join(', ');
  throw new UsageError(`audit: there is no tenant ${given}; there are ${paths}`);
}

function lineOf({ tenantId, entries, fault, lastCheckpointAt }: ChainReport, name = 'unknown'): string {
  const tenant = `tenant ${tenantId} (${name})`;
  if (fault) {
    const id = fault.id === null ? '' : ` (id ${fault.id})`;
    return `${tenant}: BROKEN: entry ${fault.sequence}${id} ${fault.message}; ${entries} entries before it are whole`;
  }
  const signed =
    lastCheckpointAt === null
      ? 'none is signed yet'
      : `signed at ${new Date(lastCheckpointAt).toISOString()}`;
  return `${tenant}: ${entries} entries are whole, ${signed}`;
}

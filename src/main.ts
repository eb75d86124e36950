import 'reflect-metadata';
import { readConfiguration, ConfigurationError } from './config/configuration';
import { BackupDamagedError, BackupExistsError, DatabaseFileError, DatabaseStampError } from './db';
import { EncryptionKeyError } from './core/credentials/sealing/encryption-keys';
import { KeyFileError } from './core/key-file';
import { AuditBrokenError, auditCommand } from './commands/audit';
import { checkCommand, DatabaseDamagedError } from './commands/check';
import { backupCommand, restoreCommand } from './commands/backup';
import { startGateway } from './gateway';
import { BootstrapTokenError } from './core/access/bootstrap-tokens';
import { SETTINGS, type Configuration } from './config/settings';
import { AwsCallFailedError } from './core/errors';
import { redactText } from './core/redaction';
import { PluginDeclarationError } from './plugins/registry';
import { runDemo } from './demo/demo';
import { TlsFilesError } from './schema/server/tls';
import { rekeyCommand, RekeyError } from './commands/rekey';
import { runSimulator } from './simulator/main';
import { keepHeapSmall } from './small-heap';
import { tokenCommand } from './commands/token';
import { UsageError } from './commands/usage-error';
import { version } from './version';

// The SDK warns that releases from 2027 on need Node 22. The ones pinned here do not (docs/decisions/0006).
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

/** Something that runs until it is told to stop. */
interface Stoppable {
  stop(): Promise<void>;
  /** What is said once signals are listened to: who reads it may send one at once. */
  greeting?: string;
}

const USAGE = `Rolecall ${version}
  start                                     the gateway, against AWS
  demo                                      the gateway against a simulated AWS with three accounts
  simulator                                 the simulated AWS alone
  token create NAME ROLE [TENANT]           a token for VIEWER, OPERATOR or ADMIN; a tenant that is new is made;
               [--days N]                   it expires after so many days
  token list [TENANT]                       the tokens of a tenant and those below it, or of all
  token revoke NAME|PREFIX                  ends a token, and its WebSockets, within a second
  rekey                                     wraps every stored secret by the first encryption key
  audit verify [--tenant NAME]              whether the audit log is what was written, and where it is not;
               [--checkpoints FILE]         by checkpoints that were kept elsewhere,
               [--public-key KEY …]         and by public keys, where the private one is not here
  audit checkpoint                          signs the audit log as it is now
  backup FILE                               copies the database, beside a running gateway or without one
  restore FILE                              puts a backup where the gateway finds it, where no database is
  check                                     whether the database is what was written, and whose points are not`;

const COMMANDS: Record<string, (args: string[]) => Promise<Stoppable | null>> = {
  start,
  demo: () => runDemo(process.env),
  simulator: () => runSimulator(readConfiguration(simulatorEnvironment()).simulatorPort),
  token: async (args) => {
    await tokenCommand(readConfiguration(process.env), args);
    return null;
  },
  audit: async (args) => {
    await auditCommand(readConfiguration(process.env), args);
    return null;
  },
  backup: async (args) => {
    await backupCommand(readConfiguration(process.env), args);
    return null;
  },
  restore: async (args) => {
    await restoreCommand(readConfiguration(process.env), args);
    return null;
  },
  check: async (args) => {
    await checkCommand(readConfiguration(process.env), args);
    return null;
  },
  rekey: async () => {
    await rekeyCommand(configurationForAws());
    return null;
  },
};

/** Mistakes of the operator: their message says all, a stack trace would hide it. */
const OPERATOR_ERRORS = [
  ConfigurationError,
  DatabaseFileError,
  DatabaseStampError,
  EncryptionKeyError,
  KeyFileError,
  AuditBrokenError,
  BackupDamagedError,
  BackupExistsError,
  BootstrapTokenError,
  DatabaseDamagedError,
  PluginDeclarationError,
  TlsFilesError,
  UsageError,
  RekeyError,
  AwsCallFailedError,
];

/** The simulator alone is no gateway: what a shell has set for an SDK, or for a gateway, does not concern it. */
function simulatorEnvironment(): Record<string, string | undefined> {
  const names = [SETTINGS.configFile.name, SETTINGS.simulatorPort.name];
  return {
    ...Object.fromEntries(names.map((name) => [name, process.env[name]])),
    [SETTINGS.env.name]: 'development',
  };
}

/** For what calls AWS: the shared AWS configuration file can redirect signed calls as AWS_ENDPOINT_URL can. */
function configurationForAws(): Configuration {
  const configuration = readConfiguration(process.env);
  if (configuration.env === 'production') process.env.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS = 'true';
  return configuration;
}

async function start(): Promise<Stoppable> {
  keepHeapSmall();
  const { generatedAdminToken, url, stop } = await startGateway(configurationForAws());
  const token = generatedAdminToken ? `Admin token (shown once): ${generatedAdminToken}\n` : '';
  return { stop, greeting: `${token}GraphQL API: ${url}\n` };
}

async function main([command = '', ...args]: string[]): Promise<void> {
  const run = COMMANDS[command];
  if (!run) {
    process.stderr.write(`${USAGE}\n`);
    process.exitCode = command === '' || command === 'help' ? 0 : 2;
    return;
  }
  const running = await run(args);
  if (!running) return;
  stopOnSignal(running);
  if (running.greeting) process.stdout.write(running.greeting);
}

/** The first signal stops in order, the second at once. */
function stopOnSignal(running: Stoppable): void {
  let signals = 0;
  const stop = () => {
    signals += 1;
    if (signals > 1) process.exit(1);
    running.stop().then(
      () => process.exit(0),
      (error: unknown) => fail(error),
    );
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
}

function fail(error: unknown): never {
  const known = OPERATOR_ERRORS.some((kind) => error instanceof kind) || isListenError(error);
  const text =
    error instanceof Error ? (known ? error.message : (error.stack ?? error.message)) : String(error);
  process.stderr.write(`rolecall: ${redactText(text)}\n`);
  process.exit(1);
}

function isListenError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error && error.syscall === 'listen';
}

// Node itself would print what was thrown as it is.
process.on('uncaughtException', fail);

main(process.argv.slice(2)).catch(fail);

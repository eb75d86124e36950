import type { Configuration } from '../config/settings';
import { AccessKeyRekeying, type RekeyReport } from '../core/accounts/access-key-rekeying';
import { COMMAND_LINE_ACTOR } from '../core/audit/audit-trail';
import { systemClock } from '../core/clock';
import { openDatabase } from '../db';
import { awsClients } from '../gateway/aws';
import { databaseOptions } from '../gateway/database';
import { DEFAULT_LIMITS, type GatewayOptions } from '../gateway/options';
import { buildGatewayCredentials } from '../gateway/credentials';
import { buildSealer } from '../gateway/sealer';

/** Some stored secrets could not be wrapped anew: what was printed says which, and why. */
export class RekeyError extends Error {
  override readonly name = 'RekeyError';
}

/**
 * `rekey`, beside a running gateway or without one: wraps every stored secret by the first encryption key, and prints how
 * many rows need which key then. One that none needs any more may go.
 * @throws RekeyError when a secret does not open, AwsCallFailedError when KMS does not answer as needed
 */
export async function rekeyCommand(
  configuration: Configuration,
  options: Pick<GatewayOptions, 'gatewayCredentials'> & { print?: (text: string) => void } = {},
): Promise<void> {
  const { print = (text) => process.stdout.write(text) } = options;
  const clients = awsClients(configuration, DEFAULT_LIMITS);
  const sealer = buildSealer(
    configuration,
    clients,
    buildGatewayCredentials(configuration, clients, options),
  );
  const database = await openDatabase(databaseOptions(configuration));
  try {
    const keys = database.sealedKeys;
    const report = await new AccessKeyRekeying({
      keys,
      sealer,
      clock: systemClock,
      actor: COMMAND_LINE_ACTOR,
    }).run();
    print(textOf(report));
    const { length: failed } = report.failures;
    if (failed > 0) throw new RekeyError(`Some stored secrets could not be wrapped anew: ${failed}`);
  } finally {
    clients.close();
    await database.close();
  }
}

function textOf({ rewrapped, rowsByKeyId, failures }: RekeyReport): string {
  const lines = [
    `Stored secrets wrapped anew: ${rewrapped}`,
    ...[...rowsByKeyId].map(
      ([id, rows], index) => `Rows of the key ${id}${index === 0 ? ' (it seals)' : ''}: ${rows}`,
    ),
    ...failures.map(
      ({ accountId, code, message }) => `Not wrapped anew: account ${accountId}: ${code}: ${message}`,
    ),
  ];
  return `${lines.join('\n')}\n`;
}

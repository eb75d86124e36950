import { join } from 'node:path';
import type { Configuration } from '../config/settings';
import type { DatabaseOptions } from '../db';

/** Where the database lies, and which AWS it belongs to: for the gateway, and for the commands beside it. */
export function databaseOptions({
  databaseFile,
  dataDir,
  awsEndpoint,
}: Pick<Configuration, 'databaseFile' | 'dataDir' | 'awsEndpoint'>): Pick<
  DatabaseOptions,
  'file' | 'awsEndpoint'
> {
  return { file: databaseFile ?? join(dataDir, 'rolecall.sqlite'), awsEndpoint };
}

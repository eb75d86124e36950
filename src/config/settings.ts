import { isIP } from 'node:net';
import { z } from 'zod';

/** One setting: its environment variable, what it may be, and what the README says of it. */
interface Setting<T, Default extends string | null> {
  name: `ROLECALL_${string}`;
  /** As it would be written in the environment; null: unset. */
  default: Default;
  /** What is wanted, for the error message. */
  wanted: string;
  description: string;
  schema: z.ZodType<T, string>;
}

const setting = <T, Default extends string | null>(declaration: Setting<T, Default>) => declaration;

const port = z.coerce.number().int().min(0).max(65_535) as unknown as z.ZodType<number, string>;
/** cron fires at each boundary, so the interval must divide the hour. */
const INTERVALS = ['1', '2', '3', '4', '5', '6', '10', '12', '15', '20', '30', '60'] as const;
const LOG_LEVELS = ['silent', 'error', 'warn', 'info', 'debug'] as const;

/** Every setting there is. The README's table is compared with this by a test. */
export const SETTINGS = {
  configFile: setting({
    name: 'ROLECALL_CONFIG_FILE',
    default: null,
    wanted: 'the path of a JSON file',
    description: 'A JSON object with these names as keys; the environment wins.',
    schema: z.string().min(1),
  }),
  env: setting({
    name: 'ROLECALL_ENV',
    default: 'production',
    wanted: 'production or development',
    description: '`development` allows a local AWS endpoint; the demo sets it.',
    schema: z.enum(['production', 'development']),
  }),
  port: setting({
    name: 'ROLECALL_PORT',
    default: '4000',
    wanted: 'a port number from 0 (any free one) to 65535',
    description: 'Port of the GraphQL API, over HTTP and WebSocket.',
    schema: port,
  }),
  host: setting({
    name: 'ROLECALL_HOST',
    default: '127.0.0.1',
    wanted: 'an IP address or a host name of this machine',
    description: 'Address to listen on.',
    schema: z.string().regex(/^[A-Za-z0-9.:-]+$/),
  }),
  dataDir: setting({
    name: 'ROLECALL_DATA_DIR',
    default: './data',
    wanted: 'the path of a folder',
    description: 'Folder of the database and of the generated encryption key.',
    schema: z.string().min(1),
  }),
  databaseFile: setting({
    name: 'ROLECALL_DATABASE_URL',
    default: null,
    wanted: 'sqlite: and the path of a file, such as sqlite:./data/rolecall.sqlite',
    description: 'The database. Unset: `rolecall.sqlite` in the data folder.',
    schema: z
      .string()
      .regex(/^sqlite:.+/)
      .transform((url) => url.slice('sqlite:'.length)),
  }),
  adminToken: setting({
    name: 'ROLECALL_ADMIN_TOKEN',
    default: null,
    wanted: '32 to 1024 characters',
    description:
      'The first ADMIN token. Unset: generated at the first start, printed once; only its hash is stored.',
    schema: z.string().min(32).max(1024),
  }),
  encryptionKey: setting({
    name: 'ROLECALL_ENCRYPTION_KEY',
    default: null,
    wanted: '32 bytes as 64 hexadecimal digits or as base64',
    description: 'Seals stored access keys. Unset: a file `encryption.key` (0600) made in the data folder.',
    schema: z.string().regex(/^([0-9a-fA-F]{64}|[A-Za-z0-9+/]{43}=)$/),
  }),
  intervalMinutes: setting({
    name: 'ROLECALL_INTERVAL_MINUTES',
    default: '5',
    wanted: `a divisor of 60: ${INTERVALS.join(', ')}`,
    description: 'How often each account is collected.',
    schema: z.enum(INTERVALS).transform(Number),
  }),
  principalArn: setting({
    name: 'ROLECALL_PRINCIPAL_ARN',
    default: null,
    wanted: 'the ARN of an IAM role or user',
    description:
      'The gateway’s own principal, which trust policies name. Unset: derived from GetCallerIdentity (set it when the role has a path).',
    schema: z.string().regex(/^arn:aws(-us-gov|-cn)?:iam::\d{12}:(role|user)\/.+$/),
  }),
  awsEndpoint: setting({
    name: 'ROLECALL_AWS_ENDPOINT',
    default: null,
    wanted: 'an http URL on a loopback address, such as http://127.0.0.1:4566',
    description:
      'One endpoint for every AWS service: the simulator or another local emulator. Only with `ROLECALL_ENV=development`.',
    schema: z.string().refine(isLoopbackUrl),
  }),
  simulatorPort: setting({
    name: 'ROLECALL_SIMULATOR_PORT',
    default: '4566',
    wanted: 'a port number from 0 (any free one) to 65535',
    description: 'Port of the simulator, for `npm run demo` and `npm run simulator`.',
    schema: port,
  }),
  logLevel: setting({
    name: 'ROLECALL_LOG_LEVEL',
    default: 'info',
    wanted: LOG_LEVELS.join(', '),
    description: 'How much is logged, as JSON lines on standard error.',
    schema: z.enum(LOG_LEVELS),
  }),
};

type Settings = typeof SETTINGS;
type ValueOf<S> = S extends Setting<infer T, string | null> ? T : never;

/** The validated configuration: null where a setting without default is unset. */
export type Configuration = {
  [Key in keyof Settings]: ValueOf<Settings[Key]> | (Settings[Key]['default'] extends string ? never : null);
};

function isLoopbackUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  const address = hostname.replace(/^\[|\]$/g, '');
  const isLoopback =
    address === 'localhost' || address === '::1' || (isIP(address) === 4 && address.startsWith('127.'));
  return (protocol === 'http:' || protocol === 'https:') && isLoopback;
}

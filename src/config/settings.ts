import { z } from 'zod';
import { BOOTSTRAP_TOKEN, BOOTSTRAP_TOKEN_WANTED } from '../core/access/bootstrap-tokens';
import { areAuditKeys } from '../core/audit/audit-key';
import { parseRoleArn, principalOf } from '../core/aws/arn';
import type { Partition } from '../core/accounts/account';
import { AWS_REGIONS } from '../core/aws/regions';
import { areEncryptionKeys } from '../core/credentials/sealing/encryption-keys';
import { isLoopback, onOrOff, origins, trustedProxies, wholeNumber } from './door-settings';
import { oidcIssuers } from './oidc-issuers';

/** One setting: its environment variable, what it may be, and what the README says of it. */
interface Setting<T, Default extends string | null> {
  name: `ROLECALL_${string}`;
  /** As it would be written in the environment; null: unset. */
  default: Default;
  /** What is wanted, for the error message. */
  wanted: string;
  description: string;
  /** AWS's own variable, which serves where this one is unset and it fits. */
  borrows?: 'AWS_REGION';
  schema: z.ZodType<T, string>;
}

const setting = <T, Default extends string | null>(declaration: Setting<T, Default>) => declaration;

const port = z.coerce.number().int().min(0).max(65_535) as unknown as z.ZodType<number, string>;
/** cron fires at each boundary, so the interval must divide the hour. */
const INTERVALS = ['1', '2', '3', '4', '5', '6', '10', '12', '15', '20', '30', '60'] as const;
const LOG_LEVELS = ['silent', 'error', 'warn', 'info', 'debug'] as const;

/** At most one a partition. */
function arnsOfPartitions(isWanted: (arn: string) => boolean) {
  return (
    z
      .string()
      // A comma may stand in a path, too.
      .transform((text) => text.trim().split(/\s*,\s*(?=arn:)/))
      .refine((arns) => arns.every(isWanted))
      .refine((arns) => new Set(arns.map((arn) => arn.split(':')[1])).size === arns.length)
  );
}

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
    description:
      'Address to listen on. Other than this machine’s own only with TLS, or with proxies that are trusted, unless `ROLECALL_ENV=development`.',
    schema: z.string().regex(/^[A-Za-z0-9.:-]+$/),
  }),
  tlsCertFile: setting({
    name: 'ROLECALL_TLS_CERT_FILE',
    default: null,
    wanted: 'the path of a PEM file',
    description:
      'Certificate of the API, and after it those that lead to its root (PEM). Read again when it changes. Unset: plain HTTP.',
    schema: z.string().min(1),
  }),
  tlsKeyFile: setting({
    name: 'ROLECALL_TLS_KEY_FILE',
    default: null,
    wanted: 'the path of a PEM file',
    description: 'The private key of that certificate (PEM).',
    schema: z.string().min(1),
  }),
  trustedProxies: setting({
    name: 'ROLECALL_TRUSTED_PROXIES',
    default: '0',
    wanted: 'a number of proxies from 0 to 99, or addresses and networks such as 10.0.0.0/8,192.0.2.1',
    description:
      'Proxies in front whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed: how many, or their addresses and networks with commas between them.',
    schema: trustedProxies,
  }),
  corsOrigins: setting({
    name: 'ROLECALL_CORS_ORIGINS',
    default: null,
    wanted: 'origins such as https://console.example.com with commas between them; never *',
    description:
      'Origins whose pages may read answers and open WebSockets, with commas between them. Unset: none may.',
    schema: origins,
  }),
  introspection: setting({
    name: 'ROLECALL_INTROSPECTION',
    default: null,
    wanted: 'on or off',
    description:
      'Whether who has a token may ask for the schema. Unset: `on` with `ROLECALL_ENV=development`, else `off`; the schema is [schema.graphql](schema.graphql).',
    schema: onOrOff,
  }),
  bodyKib: setting({
    name: 'ROLECALL_MAX_BODY_KIB',
    default: '256',
    wanted: 'a whole number of KiB from 16 to 16384',
    description: 'Largest body of a request and largest message of a WebSocket, in KiB.',
    schema: wholeNumber(16, 16_384),
  }),
  socketsPerAddress: setting({
    name: 'ROLECALL_MAX_SOCKETS_PER_ADDRESS',
    default: '100',
    wanted: 'a whole number from 1 to 100000',
    description: 'Most open WebSockets of one client address; an IPv6 address counts for its /64.',
    schema: wholeNumber(1, 100_000),
  }),
  socketsPerTenant: setting({
    name: 'ROLECALL_MAX_SOCKETS_PER_TENANT',
    default: '1000',
    wanted: 'a whole number from 1 to 100000',
    description: 'Most open WebSockets of one tenant.',
    schema: wholeNumber(1, 100_000),
  }),
  failuresPerToken: setting({
    name: 'ROLECALL_SIGN_IN_FAILURES_PER_TOKEN',
    default: '10',
    wanted: 'a whole number from 1 to 100000',
    description: 'Failed sign-ins a minute with one token from one address, after which more have to wait.',
    schema: wholeNumber(1, 100_000),
  }),
  failuresPerAddress: setting({
    name: 'ROLECALL_SIGN_IN_FAILURES_PER_ADDRESS',
    default: '100',
    wanted: 'a whole number from 1 to 100000',
    description:
      'Failed sign-ins a minute from one address, after which tokens that were not good within the hour have to wait.',
    schema: wholeNumber(1, 100_000),
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
    wanted: BOOTSTRAP_TOKEN_WANTED,
    description:
      'The first ADMIN token: 32 to 1024 printable ASCII characters without a space. Unset: generated at the first start, printed once; only its hash is stored.',
    schema: z.string().regex(BOOTSTRAP_TOKEN),
  }),
  oidc: setting({
    name: 'ROLECALL_OIDC',
    default: null,
    wanted: 'a JSON list of issuers as docs/access.md shows it, or the path of a file that holds one',
    description:
      'OpenID Connect issuers whose JWTs are good, and which claims give which role and tenant: JSON, or the path of a file ([docs/access.md](docs/access.md)). HTTPS alone unless `ROLECALL_ENV=development`.',
    schema: oidcIssuers,
  }),
  encryptionKey: setting({
    name: 'ROLECALL_ENCRYPTION_KEY',
    default: null,
    wanted:
      '32 bytes as 64 hexadecimal digits or as base64, or the ARN of a KMS key; several with commas between them',
    description:
      'Seals stored access keys: 32 bytes in hexadecimal or base64, or the ARN of a KMS key. Of several, with commas between them, the first seals and all open; those in the file `encryption.key` of the data folder, one a line, come after them. Without any, that file (0600) is made.',
    schema: z.string().refine(areEncryptionKeys),
  }),
  auditKey: setting({
    name: 'ROLECALL_AUDIT_KEY',
    default: null,
    wanted: '32 bytes as 64 hexadecimal digits or as base64; several with commas between them',
    description:
      'Signs the checkpoints of the audit log: 32 bytes in hexadecimal or base64. Of several, with commas between them, the first signs and all verify; those in the file `audit.key` of the data folder, one a line, come after them. Without any, that file (0600) is made.',
    schema: z.string().refine(areAuditKeys),
  }),
  auditCheckpoints: setting({
    name: 'ROLECALL_AUDIT_CHECKPOINTS',
    default: null,
    wanted: 'the path of a file',
    description:
      'File that the checkpoints of the audit log are appended to, to be shipped elsewhere. Unset: `audit-checkpoints.jsonl` in the data folder.',
    schema: z.string().min(1),
  }),
  intervalMinutes: setting({
    name: 'ROLECALL_INTERVAL_MINUTES',
    default: '5',
    wanted: `a divisor of 60: ${INTERVALS.join(', ')}`,
    description: 'How often each account is collected.',
    schema: z.enum(INTERVALS).transform(Number),
  }),
  backfillDays: setting({
    name: 'ROLECALL_BACKFILL_DAYS',
    default: '14',
    wanted: 'a whole number of days from 0 to 455',
    description:
      'Days of history that are asked for once of a metric that is new; 0 for none. Each query costs as much as one in a live collection.',
    schema: wholeNumber(0, 455),
  }),
  runRetentionDays: setting({
    name: 'ROLECALL_RUN_RETENTION_DAYS',
    default: '30',
    wanted: 'a whole number of days from 1 to 3650',
    description:
      'For how long each collection run is kept, with its steps; then the runs of a day are summed.',
    schema: wholeNumber(1, 3_650),
  }),
  fineRetentionDays: setting({
    name: 'ROLECALL_FINE_RETENTION_DAYS',
    default: '63',
    wanted: 'a whole number of days from 14 to 400',
    description: 'How long points are kept as CloudWatch gave them; hours are kept longer.',
    schema: wholeNumber(14, 400),
  }),
  hourlyRetentionDays: setting({
    name: 'ROLECALL_HOURLY_RETENTION_DAYS',
    default: '455',
    wanted: 'a whole number of days from 14 to 1500',
    description: 'How long minimum, maximum, sum and count of each hour are kept.',
    schema: wholeNumber(14, 1_500),
  }),
  principalArns: setting({
    name: 'ROLECALL_PRINCIPAL_ARN',
    default: null,
    wanted: 'the ARN of an IAM role or user; several, of different partitions, with commas between them',
    description:
      'The gateway’s own principal, which trust policies name; one a partition, with commas between them. Unset: asked of STS, and the path of a role of IAM.',
    schema: arnsOfPartitions((arn) => principalOf(arn) !== null),
  }),
  gatewayRoleArns: setting({
    name: 'ROLECALL_GATEWAY_ROLE_ARN',
    default: null,
    wanted: 'the ARN of an IAM role; several, of different partitions, with commas between them',
    description:
      'A role of the gateway’s own, which it assumes first and customers trust; one a partition, with commas between them. Unset: customers trust whom the default chain finds.',
    schema: arnsOfPartitions((arn) => parseRoleArn(arn) !== null),
  }),
  awsProfiles: setting({
    name: 'ROLECALL_AWS_PROFILES',
    default: null,
    wanted: 'partitions and profiles, such as AWS_US_GOV=gov,AWS_CN=china',
    description:
      'Profiles of the shared AWS config for partitions that the default chain’s credentials are not of, such as `AWS_US_GOV=gov,AWS_CN=china`.',
    schema: z
      .string()
      .regex(/^((AWS|AWS_US_GOV|AWS_CN)=[^,=\s]+(,(?!$)|$))+$/)
      .transform((text): Partial<Record<Partition, string>> =>
        Object.fromEntries(text.split(',').map((pair) => pair.split('='))),
      ),
  }),
  stsRegion: setting({
    name: 'ROLECALL_STS_REGION',
    borrows: 'AWS_REGION',
    default: null,
    wanted: 'an AWS Region that no account has to enable first, such as eu-central-1',
    description:
      'The Region whose STS is asked first; others follow when it is out of order. Unset: `AWS_REGION` where every account has that, else `us-east-1` (and its like in the other partitions).',
    schema: z.string().refine((region) => AWS_REGIONS.some(({ name, optIn }) => name === region && !optIn)),
  }),
  awsEndpoint: setting({
    name: 'ROLECALL_AWS_ENDPOINT',
    default: null,
    wanted: 'an http URL on a loopback address, such as http://127.0.0.1:4566',
    description:
      'One endpoint for every AWS service: the simulator or another local emulator. Only with `ROLECALL_ENV=development`.',
    schema: z.string().refine(isLoopbackUrl),
  }),
  sdkCodec: setting({
    name: 'ROLECALL_SDK_CODEC',
    default: 'fast',
    wanted: 'fast or stock',
    description:
      'How the bodies of GetMetricData are written and read: `fast`, or `stock`, the AWS SDK’s own way at several times the CPU.',
    schema: z.enum(['fast', 'stock']),
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
  return (protocol === 'http:' || protocol === 'https:') && isLoopback(address);
}

import pino from 'pino';

/** What every room logs through. */
export type GatewayLogger = pino.Logger;

/** Key and token shapes of AWS and of ours: a value that looks like one is never written. */
const SECRET_SHAPES = /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\brcl_\w+|\bBearer\s+[\w.~+/=-]+/g;
const SECRET_FIELDS = [
  'secretAccessKey',
  'sessionToken',
  'accessKeyId',
  'credentials',
  'token',
  'authorization',
];

/** JSON lines on standard error, so that standard output stays for what a person asked for. */
export function createLogger(
  level: string,
  destination: pino.DestinationStream = pino.destination(2),
): GatewayLogger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: SECRET_FIELDS.flatMap((field) => [field, `*.${field}`]), censor: '[secret]' },
      serializers: { err: pino.stdSerializers.err, error: pino.stdSerializers.err },
      formatters: { level: (label) => ({ level: label }) },
      hooks: { streamWrite: (line) => line.replace(SECRET_SHAPES, '[secret]') },
    },
    destination,
  );
}

import pino from 'pino';
import { redact, redactText } from './core/redaction';

/** What every room logs through. */
export type GatewayLogger = pino.Logger;

/** JSON lines on standard error, so that standard output stays for what a person asked for. No line has a secret in it. */
export function createLogger(
  level: string,
  destination: pino.DestinationStream = pino.destination(2),
): GatewayLogger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { err: pino.stdSerializers.err, error: pino.stdSerializers.err },
      formatters: { level: (label) => ({ level: label }) },
      // The last step before the stream: fields, bindings, messages, errors and their stacks all pass here.
      hooks: { streamWrite: redactLine },
    },
    destination,
  );
}

function redactLine(line: string): string {
  try {
    return `${JSON.stringify(redact(JSON.parse(line)))}\n`;
  } catch {
    return redactText(line);
  }
}

import { canonicalJson } from '../../core/canonical-json';
import { redact } from '../../core/redaction';

/** Characters of JSON. What is longer is no input of ours, and the log keeps everything for ever. */
const MOST_CHARACTERS = 8_192;
/** Enough to tell two access keys apart, as the account shows it. */
const ENDING = 4;

/**
 * The arguments of a mutation as the log keeps them: without secrets, by the names of the fields and by the looks of
 * the values. Of an access key's id its ending stays.
 */
export function loggedInput(args: Readonly<Record<string, unknown>>): unknown {
  const input = redact(withEndings(args.input ?? args));
  const { length } = canonicalJson(input);
  return length <= MOST_CHARACTERS ? input : { omitted: `an input of ${length} characters` };
}

function withEndings(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withEndings);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) =>
      name === 'accessKey' && hasKeyId(inner)
        ? ['key', { idEnding: inner.accessKeyId.slice(-ENDING) }]
        : [name, withEndings(inner)],
    ),
  );
}

function hasKeyId(value: unknown): value is { accessKeyId: string } {
  return typeof (value as { accessKeyId?: unknown } | null)?.accessKeyId === 'string';
}

/** Stands where a secret was. */
const REDACTED = '[secret]';

/** One character of base64, as it is or URL-encoded. */
const BASE64 = '(?:[A-Za-z0-9/+]|%2[FfBb])';
/** After anything else, which may itself be URL-encoded. */
const RUN_START = '(?:(?<![A-Za-z0-9/+%])|(?<=%(?!2[FfBb])[0-9A-Fa-f]{2}))';
/** Bounded: it is looked for at every start. */
const MIXED_CASE = '(?=[a-z0-9/+%]{0,100}[A-Z])(?=[A-Z0-9/+%]{0,100}[a-z])';

/**
 * What is a secret by its looks, wherever it stands. Each pattern begins where a run of its characters begins or eats
 * the whole run, so that none is slow on a long text. A path or a name of exactly 40 letters and slashes may be taken
 * for a key: a word too few in a log is cheaper than a key in it.
 */
const SHAPES: readonly RegExp[] = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
  /\bBearer(?:\s|%20)+[\w.~+/=%-]+/gi,
  /\bBasic\s+[A-Za-z0-9+/]{8,}={0,2}/g,
  // Access key ids of AWS: long-lived and temporary.
  /(?:AKIA|ASIA)[A-Z0-9]{16}/g,
  // Tokens of ours. A lookup id alone is no secret.
  /rcl_\w{13,}/g,
  // JWT and JWE.
  /(?:(?<![\w-])|(?<=%[0-9A-Fa-f]{2}))eyJ[\w-]+(?:\.[\w-]*){1,4}/g,
  // Session tokens of AWS, by how they begin and by their length.
  /(?:IQoJb3JpZ2lu|F[wQ]oGZXIvYXdz|AQoDYXdz)[\w/+=%-]+/g,
  new RegExp(`${RUN_START}${MIXED_CASE}${BASE64}{100,}(?:={0,2}|(?:%3[Dd]){0,2})`, 'g'),
  // Secret access keys: 40 characters of base64.
  new RegExp(`${RUN_START}${MIXED_CASE}${BASE64}{40}(?![A-Za-z0-9/+]|%2[FfBb])`, 'g'),
  // 32 bytes as base64, as an encryption key is given.
  new RegExp(`${RUN_START}${BASE64}{43}(?:=|%3[Dd])`, 'g'),
  // 256 bits as base62: the secret half of a token.
  /(?<![A-Za-z0-9])(?=[a-z0-9]*[A-Z])(?=[A-Z0-9]*[a-z])(?=[A-Za-z]*[0-9])[A-Za-z0-9]{43,}/g,
];

/** `authorization: …` to the end of the value, whatever its scheme. */
const AUTHORIZATION = /(authorization["'\\]*\s*[:=]\s*["'\\]*)[^"'\\\r\n]+/gi;
/** `name=value`, `"name": "value"` and `<Name>value</Name>` within a text. */
const NAMED =
  /((?:secret[-_ ]?(?:access[-_ ]?)?key|(?:session|security|access|refresh|id)[-_ ]?token|\btoken|password|passphrase|private[-_ ]?key|encryption[-_ ]?key|client[-_ ]?secret|cookie)["'\\]*\s*(?:[:=>]|%3[AaDd])\s*["'\\]*)[^\s"'\\,;&<>(){}[\]]+/gi;

/** A shorter name of a field is no secret: most are, and looking costs more than all else of a log line. */
const SHORTEST = 17;

/** Names of fields whose value is a secret, in lower case without anything but letters and digits. */
const SECRET_NAME =
  /(?:secret|token|password|passphrase|authorization|credentials?|cookie|jwt|(?:private|access|secret|encryption|api|data)key|accesskeyid)$/;

/** The text without what looks like a secret: for messages that quote what somebody else wrote. */
export function redactText(text: string): string {
  const shapeless = SHAPES.reduce((rest, shape) => rest.replace(shape, REDACTED), text);
  return shapeless.replace(AUTHORIZATION, `$1${REDACTED}`).replace(NAMED, `$1${REDACTED}`);
}

/**
 * The value without secrets, however deep: strings and objects under a secret's name, and whatever looks like one in
 * any text, names of fields included.
 * @param value of JSON
 */
export function redact(value: unknown): unknown {
  if (typeof value === 'string') return redactText(value);
  if (Array.isArray(value)) return value.map(redact);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name.length < SHORTEST ? name : redactText(name),
      isSecretName(name) && isTelling(inner) ? REDACTED : redact(inner),
    ]),
  );
}

function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name.toLowerCase().replace(/[^a-z0-9]/g, ''));
}

/** A number under such a name is a fencing token or a count. */
function isTelling(value: unknown): boolean {
  return typeof value === 'string' || (typeof value === 'object' && value !== null);
}

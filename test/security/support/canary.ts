import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Where a secret was found, and in which form. */
export interface Leak {
  secret: string;
  form: string;
  where: string;
}

/** Secrets that are known to a test, and the search for them in whatever came out of the gateway. */
export class Canaries {
  private readonly forms: { secret: string; form: string; bytes: Buffer }[] = [];

  /** @param secret of 12 bytes at least: anything shorter is found by chance */
  add(name: string, secret: string | Buffer): void {
    const bytes = Buffer.from(secret);
    if (bytes.length < 12) throw new Error(`The canary ${name} is too short to be known again`);
    for (const [form, text] of Object.entries(formsOf(bytes))) {
      this.forms.push({ secret: name, form, bytes: Buffer.from(text) });
    }
  }

  get size(): number {
    return new Set(this.forms.map(({ secret }) => secret)).size;
  }

  /** @param where how a failing test is to name the content */
  leaksIn(where: string, content: string | Buffer): Leak[] {
    const haystack = Buffer.from(content);
    return this.forms
      .filter(({ bytes }) => haystack.includes(bytes))
      .map(({ secret, form }) => ({ secret, form, where }));
  }

  /** In every file below the folder, but those named. */
  leaksInFiles(folder: string, except: readonly string[] = []): Leak[] {
    return (readdirSync(folder, { recursive: true }) as string[])
      .filter((file) => !except.includes(file) && statSync(join(folder, file)).isFile())
      .flatMap((file) => this.leaksIn(file, readFileSync(join(folder, file))));
  }
}

/** What the bytes look like in the ways in which they are written somewhere. */
function formsOf(bytes: Buffer): Record<string, string | Buffer> {
  const text = bytes.toString();
  const isText = Buffer.from(text).equals(bytes);
  const hex = bytes.toString('hex');
  return {
    plain: bytes,
    ...(isText && {
      'URL-encoded': encodeURIComponent(text),
      'URL-encoded in lower case': encodeURIComponent(text).replace(/%../g, (code) => code.toLowerCase()),
      JSON: JSON.stringify(text).slice(1, -1),
      'UTF-16': Buffer.from(text, 'utf16le'),
    }),
    hex,
    'hex in capitals': hex.toUpperCase(),
    ...Object.fromEntries(
      [0, 1, 2].flatMap((shift) => {
        const base64 = base64At(bytes, shift);
        const base64url = base64.replaceAll('+', '-').replaceAll('/', '_');
        return [
          [`base64, shifted by ${shift}`, base64],
          [`base64url, shifted by ${shift}`, base64url],
          [`base64 in a URL, shifted by ${shift}`, encodeURIComponent(base64)],
        ];
      }),
    ),
  };
}

/** The base64 of something that holds the bytes, as far as they alone decide it: three shapes, by what stands before. */
function base64At(bytes: Buffer, shift: number): string {
  const base64 = Buffer.concat([Buffer.alloc(shift), bytes])
    .toString('base64')
    .replace(/=+$/, '');
  const isWhole = (shift + bytes.length) % 3 === 0;
  return base64.slice(Math.ceil((shift * 8) / 6), isWhole ? undefined : -1);
}

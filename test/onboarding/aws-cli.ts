import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Writes its arguments down, each ended by NUL and a call by a line feed. It knows one role: whether it is there. */
const STUB = String.raw`#!/bin/sh
{ printf '%s\0' "$@"; printf '\n\0'; } >> "$AWS_STUB/calls"
case "$2" in
  create-role) : > "$AWS_STUB/role" ;;
  get-role) [ -e "$AWS_STUB/role" ] || exit 254; printf '%s\n' "$AWS_STUB_ROLE_ARN" ;;
esac
`;

export interface CliRun {
  status: number | null;
  stdout: string;
  stderr: string;
  /** The arguments of each call, in order. */
  calls: string[][];
}

/** A customer's terminal: runs pasted commands by `sh`, with an `aws` that does nothing but remember. */
export class CustomerShell {
  private readonly directory = mkdtempSync(join(tmpdir(), 'rolecall-shell-'));

  constructor(private readonly options: { roleArn: string; hasRole?: boolean }) {
    const stub = join(this.directory, 'aws');
    writeFileSync(stub, STUB);
    chmodSync(stub, 0o755);
    if (options.hasRole) writeFileSync(join(this.directory, 'role'), '');
  }

  paste(commands: string, environment: Record<string, string> = {}): CliRun {
    const calls = join(this.directory, 'calls');
    rmSync(calls, { force: true });
    const { status, stdout, stderr } = spawnSync('/bin/sh', [], {
      input: commands,
      encoding: 'utf8',
      cwd: this.directory,
      env: {
        ...environment,
        PATH: this.directory,
        AWS_STUB: this.directory,
        AWS_STUB_ROLE_ARN: this.options.roleArn,
      },
    });
    return { status, stdout, stderr, calls: existsSync(calls) ? callsIn(readFileSync(calls, 'utf8')) : [] };
  }

  close(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}

function callsIn(text: string): string[][] {
  return text
    .split('\n\0')
    .slice(0, -1)
    .map((call) => call.split('\0').slice(0, -1));
}

/** The value of an option of a call. */
export function option(call: readonly string[], name: string): string | undefined {
  const at = call.indexOf(name);
  return at < 0 ? undefined : call[at + 1];
}

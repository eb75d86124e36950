import {
  CHECK_NAMES,
  type CheckName,
  type Verification,
  type VerificationCheck,
  type Waiver,
} from '../accounts/account';

/** Checks that may be waived: never that the role opens to Rolecall, nor whose account it is. */
export const WAIVABLE: readonly CheckName[] = CHECK_NAMES.filter(
  (name) => name !== 'ASSUMES_WITH_EXTERNAL_ID' && name !== 'ACCOUNT_MATCHES',
);

/** A verification on its way: what has no answer yet is RUNNING, and each answer is told of as it comes. */
export class VerificationDraft {
  private readonly checks = new Map<CheckName, VerificationCheck>();

  constructor(
    private readonly options: {
      at: number;
      /** One that still holds; it turns what it names from FAILED into WARNING. */
      waiver: Waiver | null;
      tell?: (verification: Verification) => void;
      /** Aborted when what is proved has been taken away. */
      signal?: AbortSignal;
    },
  ) {
    this.tell();
  }

  /** Ends every call of the verification. */
  get signal(): AbortSignal | undefined {
    return this.options.signal;
  }

  /** A later answer of the same name replaces the earlier. */
  add(...checks: VerificationCheck[]): void {
    for (const check of checks) this.checks.set(check.name, this.waived(check));
    this.tell();
  }

  /** The answer so far. @throws Error when there is none. */
  answer(name: CheckName): VerificationCheck {
    const check = this.checks.get(name);
    if (!check) throw new Error(`The check ${name} has no answer`);
    return check;
  }

  /** Whether nothing has failed so far. */
  isUnharmed(): boolean {
    return [...this.checks.values()].every(({ outcome }) => outcome !== 'FAILED');
  }

  complete(): Verification {
    const verification = this.verification();
    if (!verification.complete) throw new Error('A check of the verification has no answer');
    return verification;
  }

  private verification(): Verification {
    const complete = CHECK_NAMES.every((name) => this.checks.has(name));
    return {
      at: this.options.at,
      complete,
      ok: complete && this.isUnharmed(),
      checks: CHECK_NAMES.map((name) => this.checks.get(name) ?? running(name)),
    };
  }

  private tell(): void {
    this.options.tell?.(this.verification());
  }

  private waived(check: VerificationCheck): VerificationCheck {
    const { waiver } = this.options;
    if (check.outcome !== 'FAILED' || !waiver?.checks.includes(check.name)) return check;
    const until = new Date(waiver.expiresAt).toISOString();
    return {
      ...check,
      outcome: 'WARNING',
      waived: true,
      message: `${check.message}. Waived by ${waiver.grantedBy} until ${until}`,
    };
  }
}

function running(name: CheckName): VerificationCheck {
  return {
    name,
    outcome: 'RUNNING',
    code: 'RUNNING',
    message: 'This check has no answer yet',
    expected: null,
    found: null,
    missingActions: [],
    waived: false,
  };
}

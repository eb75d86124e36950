/** What may be asked of whom in the audit log: the type and row id of the thing that was acted upon. */
export interface AuditTarget {
  type: 'Account' | 'Tenant' | 'ApiToken' | 'CollectionRun';
  id: number;
}

/** What happened. docs/audit.md says what the detail of each holds. */
export type AuditAction =
  /**
   * A mutation by the name of its field: `mutation.pauseAccount` is what was asked, before it runs;
   * `mutation.pauseAccount.ended` how it ended; `mutation.pauseAccount.refused` one of which nothing ran.
   */
  | `mutation.${string}`
  /** An account came from another tenant. */
  | 'account.moved'
  /** A token or JWT that was not accepted. */
  | 'signin.failed'
  /** Credentials of an account were asked of STS, with role, policy hash, session name and purpose. */
  | 'session.assumed'
  | 'session.federated'
  | 'session.refused'
  /** One probe of a verification: which, and whether STS refused it. */
  | 'trust.probed'
  | 'trust.verified'
  | 'trust.waived'
  | 'rotation.started'
  | 'rotation.cancelled'
  | 'rotation.accepted'
  | 'rotation.promoted'
  | 'rotation.retired-refused'
  /** A stored access key was opened. */
  | 'secret.read'
  | 'secret.rewrapped'
  /** The command line. */
  | `command.${string}`;

/** One thing to remember. Never holds a secret. */
export interface AuditRecord {
  /** Whose log it goes to. */
  tenantId: number;
  /** The token's name, issuer and subject of an OIDC token (`auditActor`), or one of the names below. */
  actor: string;
  action: AuditAction;
  target?: AuditTarget | null;
  accountId?: number | null;
  /** JSON; what a reader of the log compares. */
  detail?: Readonly<Record<string, unknown>>;
}

/** Where every room leaves its traces: append-only, hash-chained for each tenant. */
export interface AuditTrail {
  /** Resolves once it is stored. @throws when it cannot be: what must be audited must then not be done. */
  record(entry: AuditRecord): Promise<void>;
}

/** The actor of what nobody asked for. */
export const GATEWAY_ACTOR = 'gateway';
/** The actor of what was done beside the gateway, with the command line. */
export const COMMAND_LINE_ACTOR = 'command line';
/** The actor of sign-ins that failed with several credentials, or with none that can be named. */
export const UNKNOWN_ACTOR = 'unknown';

import type { Verification } from './accounts/account';

/**
 * The register of errors: every code that leaves the gateway, with the way to mend it. A retired code is never
 * used again. docs/errors.md is its reference page; a test compares the two.
 */
export const ERROR_CODES = {
  RC_ACCOUNT_NAME_INVALID: 'Give a name of 1 to 128 characters.',
  RC_ACCOUNT_AWS_ID_INVALID: 'Give the AWS account ID: exactly 12 digits.',
  RC_ACCOUNT_ROLE_ARN_INVALID:
    'Paste the ARN of an IAM role, such as arn:aws:iam::123456789012:role/rolecall, from the account that was registered.',
  RC_ACCOUNT_ACCESS_KEY_INVALID:
    'Give the access key ID (AKIA… and 16 more characters) and its 40-character secret.',
  RC_ACCOUNT_CREDENTIALS_AMBIGUOUS: 'Give exactly one of roleArn and accessKey.',
  RC_ACCOUNT_REGION_INVALID: 'Use AWS Region names of the account’s partition, such as eu-central-1.',
  RC_ACCOUNT_PLUGIN_UNKNOWN: 'Use the names that the query `plugins` lists.',
  RC_ACCOUNT_TAG_FILTER_INVALID:
    'Use at most 50 filters, keys of 1 to 128 and values of at most 256 characters.',
  RC_ACCOUNT_METRIC_PROFILE_INVALID:
    'Name each plugin once; give `metrics` (Name or Name:Statistic, as the plugin declares them) for CUSTOM and only then.',
  RC_ACCOUNT_LABELS_INVALID:
    'Use at most 50 labels: keys of 1 to 63 characters, values that are strings of at most 255.',
  RC_ACCOUNT_BUDGET_INVALID: 'Give a number of US dollars from 0 to 1,000,000.',
  RC_ACCOUNT_TENANT_INVALID: 'Leave tenantId out, or give a tenant that you may see.',
  RC_ACCOUNT_NOT_FOUND: 'Check the id; the query `accounts` lists those that you may see.',
  RC_ACCOUNT_STATE: 'Look at the account’s status: this step is not open from there.',
  RC_ACCOUNT_AWS_ID_CONNECTED:
    'Remove the other account first, or go on with it: one AWS account is connected once.',
  RC_ACCOUNT_CHANGED: 'Try again: the account was changed at the same moment.',
  RC_ACCOUNT_FORCE_FORBIDDEN: 'Mend the role instead, or ask an ADMIN of the root tenant.',
  RC_TENANT_NAME_INVALID: 'Give a name of 1 to 128 characters, no slash and no control character among them.',
  RC_TENANT_NAME_TAKEN: 'Choose another name: it is unique among the tenants below one parent.',
  RC_TENANT_NOT_FOUND: 'Check the id; the query `tenants` lists those that you may see.',
  RC_TENANT_OWN: 'Ask an ADMIN of a tenant above yours.',
  RC_TENANT_CYCLE: 'Choose a parent that is not below the tenant itself.',
  RC_TENANT_TOO_DEEP: 'Choose a parent nearer to the root: tenants stand on at most 10 levels.',
  RC_TOKEN_NAME_INVALID: 'Give a name of 1 to 128 characters, none of them a control character.',
  RC_TOKEN_NAME_RESERVED:
    'Choose another name: the audit log gives this one to the gateway itself, the command line, the bootstrap token or an OIDC issuer.',
  RC_TOKEN_EXPIRY_INVALID: 'Give an instant that is yet to come, or leave expiresAt out.',
  RC_TOKEN_ROLE_FORBIDDEN: 'Give a role that is no higher than your own.',
  RC_TOKEN_TENANT_INVALID: 'Leave tenantId out, or give a tenant that you may see.',
  RC_TOKEN_NOT_FOUND: 'Check the id; the query `apiTokens` lists those that you may see.',
  RC_ROTATION_PENDING:
    'Finish the rotation by putting the PENDING external ID into the trust policy, or cancel it.',
  RC_ROTATION_NONE: 'Start one with rotateExternalId.',
  RC_TRUST_REFUSED:
    'Compare the role’s trust policy with `onboarding.trustPolicy`; each check says what it found.',
  RC_AWS_CALL_FAILED: 'AWS did not answer as needed; nothing was changed. Try again when `retryable`.',
  RC_GATEWAY_IDENTITY_MISSING:
    'Give the gateway AWS credentials of the account’s partition (the SDK’s default chain, or ROLECALL_AWS_PROFILES), and let them assume ROLECALL_GATEWAY_ROLE_ARN where that is set. Where they are a role’s, allow it iam:GetRole on itself or set ROLECALL_PRINCIPAL_ARN to its whole ARN.',
  RC_PERMISSION_POLICY_TOO_LARGE:
    'Choose fewer plugins for the account: IAM allows 10,240 characters of inline policies to a role.',
  RC_FORECAST_ROLE_NEEDED: 'Give `roleArn`: the role that the account is to be connected by.',
  RC_BUDGET_EXCEEDED:
    'Raise the account’s monthlyBudgetUsd, or wait for the next month (UTC): nothing that AWS charges for is asked until then.',
  RC_COLLECTION_TOO_SOON: 'Wait a minute between two collections by hand.',
  RC_RANGE_INVALID: 'Give `from` before `to`, or `last` seconds (at most 455 days).',
  RC_STEP_INVALID: 'Use a step of at least the period, and at most 10,000 points a series.',
  RC_PAGE_INVALID: 'Ask for 1 to 500 items, and pass back a cursor of the same list unchanged.',
  RC_CURSOR_INVALID:
    'Pass back the `cursor` of a metricUpdates message unchanged and without `since`, or subscribe with `since` to fill again.',
  RC_CURSOR_TOO_OLD: 'Subscribe with `since` to fill again: changes are kept for some hours.',
  RC_FILTER_INVALID: 'Use ids that the API gave, and lists of at most 500 values.',
  RC_SECRET_UNREADABLE:
    'Start the gateway with the encryption key that sealed it, or connect the account again.',
  RC_SECRET_KEY_UNKNOWN:
    'Add the key with that id to ROLECALL_ENCRYPTION_KEY, behind the first one, or connect the account again.',
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;

interface ErrorDetails {
  /** The input field at fault, from the mutation's `input` down. */
  path?: string[];
  cause?: unknown;
}

/** A mistake or a fact that the caller can act on. `schema/` turns it into a typed answer; everything else is masked. */
export abstract class DomainError extends Error {
  abstract readonly kind: 'InvalidInput' | 'NotFound' | 'Conflict' | 'AwsCallFailed' | 'TrustRefused';
  readonly hint: string;
  readonly path: string[];

  constructor(
    readonly code: ErrorCode,
    message: string,
    details: ErrorDetails = {},
  ) {
    super(message, { cause: details.cause });
    this.name = new.target.name;
    this.hint = ERROR_CODES[code];
    this.path = details.path ?? [];
  }
}

export class InvalidInputError extends DomainError {
  readonly kind = 'InvalidInput';
}

/** Foreign and missing ids answer alike. `id` is what the caller gave. */
export class NotFoundError extends DomainError {
  readonly kind = 'NotFound';
  constructor(
    code: ErrorCode,
    message: string,
    readonly id: string,
    details?: ErrorDetails,
  ) {
    super(code, message, details);
  }
}

/** The request is well formed but not possible in the present state. */
export class ConflictError extends DomainError {
  readonly kind = 'Conflict';
}

/** AWS did not answer as needed and the caller is not to blame. */
export class AwsCallFailedError extends DomainError {
  readonly kind = 'AwsCallFailed';
  constructor(
    message: string,
    readonly awsCode: string,
    readonly retryable: boolean,
    details?: ErrorDetails & { code?: ErrorCode },
  ) {
    super(details?.code ?? 'RC_AWS_CALL_FAILED', message, details);
  }
}

/** A role that does not keep others out, or does not let Rolecall in. */
export class TrustRefusedError extends DomainError {
  readonly kind = 'TrustRefused';
  constructor(
    message: string,
    readonly verification: Verification,
    details?: ErrorDetails,
  ) {
    super('RC_TRUST_REFUSED', message, details);
  }
}

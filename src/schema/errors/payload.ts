import type { Verification } from '../../core/accounts/account';
import { isAwsError } from '../../core/aws/aws-error';
import { DomainError } from '../../core/errors';
import { redactText } from '../../core/redaction';

/** A DomainError as data: graphql-js takes an Error in a result for a failure of the field. */
export type UserError = Pick<DomainError, 'kind' | 'code' | 'message' | 'hint' | 'path'> & {
  /** Of a TrustRefused. */
  verification?: Verification;
};

/** A payload of a mutation: its content, or the mistake that kept it from being. */
export type Payload<Content extends object> = Partial<Content> & { errors: UserError[] };

/** Runs a command; a mistake that the caller can mend becomes a member of `errors`, anything else stays thrown. */
export async function payload<Content extends object>(
  command: () => Promise<Content>,
): Promise<Payload<Content>> {
  try {
    return { ...(await command()), errors: [] };
  } catch (error) {
    if (!(error instanceof DomainError) || isFaultOfOurs(error)) throw error;
    const failed: { errors: UserError[] } = { errors: [toUserError(error)] };
    return failed as Payload<Content>;
  }
}

/** What went wrong around a call and not in it: no fact for a caller's eyes. */
function isFaultOfOurs({ code, cause }: DomainError): boolean {
  return code === 'RC_AWS_CALL_FAILED' && cause !== undefined && !isAwsError(cause);
}

/** Each kind's own members, such as `verification`, come along. A message may quote what the caller or AWS sent. */
function toUserError(error: DomainError): UserError {
  return { ...error, message: redactText(error.message) };
}

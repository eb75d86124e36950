import type { Verification } from '../../core/accounts/account';
import { DomainError } from '../../core/errors';

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
    if (!(error instanceof DomainError)) throw error;
    const failed: { errors: UserError[] } = { errors: [toUserError(error)] };
    return failed as Payload<Content>;
  }
}

/** Each kind's own members, such as `verification`, come along. */
function toUserError(error: DomainError): UserError {
  return { ...error, message: error.message };
}

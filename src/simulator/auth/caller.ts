import type { PolicyDocument } from '../iam/policy-document';
import type { SimulatedAccount } from '../world/types';
import type { Session } from './sessions';

/** Who signed a request, with what they may do. */
export interface Caller {
  account: SimulatedAccount;
  /** As GetCallerIdentity tells it: the user's ARN or the session's. */
  arn: string;
  /** The value of `aws:PrincipalArn`: the user's ARN, the ARN of the role behind a session, or a federated user's own. */
  principalArn: string;
  userId: string;
  /** What the user, or the role or user behind a session, may do. */
  policies: PolicyDocument[];
  /** Present when the credentials are temporary. */
  session?: Session;
}

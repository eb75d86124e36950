import type { PolicyDocument } from '../iam/policy-document';
import type { SimulatedAccount } from '../world/types';
import type { Session } from './sessions';

/** Who signed a request, with what they may do. */
export interface Caller {
  account: SimulatedAccount;
  /** As GetCallerIdentity tells it: the user's ARN or `arn:aws:sts::…:assumed-role/role/session`. */
  arn: string;
  /** The value of `aws:PrincipalArn`: the user's ARN, or the ARN of the role behind a session. */
  principalArn: string;
  userId: string;
  permissionPolicy: PolicyDocument | undefined;
  /** Present when the caller is an assumed role. */
  session?: Session;
}

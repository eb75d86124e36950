import { SELF_AUDIT_ACTIONS } from '../../../src/core/trust/role-evidence';
import { makeRole, register } from '../../e2e/onboard';
import { ConnectAccount } from '../../e2e/operations.graphql';
import type { Rolecall } from '../../support/rolecall';
import type { TrustVariant } from './trust-variants';

export interface Candidate {
  accountId: string;
  externalId: string;
  roleArn: string;
  /** Makes the role anew, with another form of trust. */
  setTrust(variant: TrustVariant): void;
}

let names = 0;

/** Registers an account and makes its role, whose trust is of the given form. Nothing is connected yet. */
export async function prepare(
  { admin, simulator }: Rolecall,
  awsAccountId: string,
  variant: TrustVariant,
  options: { selfAudit?: boolean; settings?: object } = {},
): Promise<Candidate> {
  const name = `role-${++names}`;
  const account = await register(admin, `${variant.name} ${names}`, options.settings);
  const { trustPolicy, permissionPolicy } = account.onboarding!;
  const externalId = account.externalIds[0]!.value;
  const make = (one: TrustVariant) =>
    makeRole(
      simulator,
      awsAccountId,
      {
        trustPolicy: one.trustPolicy(trustPolicy, externalId),
        permissionPolicy: options.selfAudit ? withSelfAudit(permissionPolicy) : permissionPolicy,
      },
      name,
    );
  return { accountId: account.id, externalId, roleArn: make(variant), setTrust: (one) => void make(one) };
}

/** Pastes the role's ARN. @returns the answer, and the calls that AWS received meanwhile. */
export async function connect(
  { admin, simulator }: Rolecall,
  { accountId, roleArn }: Pick<Candidate, 'accountId' | 'roleArn'>,
  more: object = {},
) {
  simulator.calls.clear();
  const { connectAccount } = await admin.execute(ConnectAccount, {
    input: { accountId, roleArn, ...more },
  });
  return { ...connectAccount, calls: simulator.calls.list() };
}

/** The permission policy with what lets a role be read by its own sessions. */
function withSelfAudit(permissionPolicy: unknown): unknown {
  const policy = permissionPolicy as { Statement: object[] };
  const statement = { Effect: 'Allow', Action: [...SELF_AUDIT_ACTIONS], Resource: '*' };
  return { ...policy, Statement: [...policy.Statement, statement] };
}

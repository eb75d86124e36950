import type { GatewayIdentity } from '../aws/gateway-identity';
import type { Account } from './account';
import type { Onboarding } from './onboarding';
import { awsCliCommands } from './onboarding-aws-cli';
import { cloudFormationConsoleUrl, cloudFormationTemplate } from './onboarding-cloudformation';
import { literal, permissionPolicy, selfAuditPolicy, type PolicyDocument } from './onboarding-policies';
import { customerRole } from './onboarding-role';
import { terraform } from './onboarding-terraform';

/** Writes the documents with which a customer lets Rolecall in: each is generated, none is kept. */
export class OnboardingDocuments {
  constructor(
    private readonly options: {
      identity: Pick<GatewayIdentity, 'principal'>;
      /** The IAM actions of these plugins; of all enabled ones when the list is empty. */
      pluginActions: (plugins: readonly string[]) => readonly string[];
    },
  ) {}

  /**
   * Null for access keys, for removed accounts, and when the gateway has no identity in the partition.
   * @throws ConflictError when the account's plugins need more than IAM lets a role have.
   */
  async of(account: Account): Promise<Onboarding | null> {
    if (account.connection === 'ACCESS_KEY' || account.status === 'REMOVED') return null;
    const principal = await this.options.identity.principal(account.partition);
    if (!principal) return null;
    const role = customerRole(account, principal, this.permissionPolicy(account.plugins));
    return {
      gatewayAwsAccountId: principal.awsAccountId,
      gatewayPrincipalArn: principal.arn,
      roleName: role.name,
      suggestedRoleArn: role.arn,
      trustPolicy: role.trustPolicy,
      permissionPolicy: role.permissionPolicy,
      selfAuditPolicy: role.arn === null ? null : selfAuditPolicy(literal(role.arn)),
      cloudFormationTemplate: cloudFormationTemplate(role),
      cloudFormationConsoleUrl: cloudFormationConsoleUrl(account.partition, role),
      terraform: terraform(role),
      awsCliCommands: awsCliCommands(role),
    };
  }

  /**
   * The least that these plugins and the collection of metrics need; all enabled plugins when the list is empty.
   * @throws ConflictError when it is more than IAM lets a role have.
   */
  permissionPolicy(plugins: readonly string[]): PolicyDocument {
    return permissionPolicy(this.options.pluginActions(plugins));
  }
}

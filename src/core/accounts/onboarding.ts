/** What the customer must create, or change during a rotation, to let Rolecall in. */
export interface Onboarding {
  /** Rolecall's own AWS account, which the trust policy names. */
  gatewayAwsAccountId: string;
  gatewayPrincipalArn: string;
  /** Of the connected role, or of the one that the templates make. */
  roleName: string;
  /** Null until the account's number is known. */
  suggestedRoleArn: string | null;
  trustPolicy: Record<string, unknown>;
  permissionPolicy: Record<string, unknown>;
  /** Optional for the customer; null until the account's number is known. */
  selfAuditPolicy: Record<string, unknown> | null;
  /** JSON. */
  cloudFormationTemplate: string;
  cloudFormationConsoleUrl: string;
  terraform: string;
  /** For a POSIX shell. */
  awsCliCommands: string;
}

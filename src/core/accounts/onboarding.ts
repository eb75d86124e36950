/** What the customer must create, or change during a rotation, to let Rolecall in. */
export interface Onboarding {
  /** Rolecall's own AWS account, which the trust policy names. */
  gatewayAwsAccountId: string;
  gatewayPrincipalArn: string;
  roleName: string;
  /** Null until the account's number is known. */
  suggestedRoleArn: string | null;
  trustPolicy: Record<string, unknown>;
  permissionPolicy: Record<string, unknown>;
  cloudFormationTemplate: string;
  cloudFormationConsoleUrl: string;
}

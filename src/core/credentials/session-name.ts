/** What an auditor reads in the customer's CloudTrail: `rolecall-discover-ec2-account-7`. STS allows 64 characters of `[\w+=,.@-]`. */
export function sessionName(purpose: string, accountId: number): string {
  return `rolecall-${purpose.replace(':', '-')}-account-${accountId}`.slice(0, 64);
}

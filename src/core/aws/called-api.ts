/** What is called, and where. */
export interface CalledApi {
  /** As IAM writes it, such as cloudwatch:GetMetricData. */
  action: string;
  region: string;
}

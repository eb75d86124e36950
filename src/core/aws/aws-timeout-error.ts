/** AWS, or the way to it, takes too long. The SDK and `describeAwsError` read by its name what it is. */
export class AwsTimeoutError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'TimeoutError';
  }
}

/** An error that a service answers on the wire; the protocol decides its shape. */
export class AwsError extends Error {
  constructor(
    /** Code on the wire, for example `ValidationError`. */
    readonly code: string,
    message: string,
    /** HTTP status; 5xx makes it a `Receiver` (server) fault. */
    readonly status = 400,
    /**
     * JSON protocols only: the code in the `x-amzn-query-error` header, which a query-compatible client prefers.
     * CloudWatch sends it for the errors of its own model.
     */
    readonly queryCode?: string,
  ) {
    super(message);
  }
}

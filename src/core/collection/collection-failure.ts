import { describeAwsError, isAwsError } from '../aws/aws-error';
import { AwsCallFailedError, DomainError } from '../errors';
import { redactText } from '../redaction';
import type { CollectionError } from './collection-run';
import { StaleLeaseError } from './leases';

/** A failure with a code of ours rather than AWS's. */
export class CollectionFailure extends Error {
  constructor(
    readonly code: 'PLUGIN_FAILED' | 'PLUGIN_TIMED_OUT' | 'ABORTED' | 'LEASE_LOST' | 'BUDGET_EXCEEDED',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'CollectionFailure';
  }
}

/** What is no fact for a tenant's eyes: the log has it. */
const INTERNAL: CollectionError = {
  code: 'INTERNAL',
  message: 'Something failed inside the gateway; its log says what',
  retryable: true,
  missingActions: [],
};

/** A failure as the run shows it. */
export function collectionError(error: unknown): CollectionError {
  if (error instanceof CollectionFailure) {
    const retryable = !['PLUGIN_FAILED', 'BUDGET_EXCEEDED'].includes(error.code);
    // It may quote what a plugin threw.
    return { code: error.code, message: redactText(error.message), retryable, missingActions: [] };
  }
  if (error instanceof DomainError) {
    const retryable = error instanceof AwsCallFailedError && error.retryable;
    return { code: error.code, message: error.message, retryable, missingActions: [] };
  }
  if (error instanceof StaleLeaseError) {
    return { code: 'LEASE_LOST', message: error.message, retryable: true, missingActions: [] };
  }
  if (!isAwsError(error)) return INTERNAL;
  const { code, message, retryable, missingActions } = describeAwsError(error);
  return { code, message, retryable, missingActions };
}

import { describeAwsError, isAwsError } from '../aws/aws-error';
import { CallHeldBackError } from '../aws/call-held-back-error';
import { GET_METRIC_DATA } from '../cost/prices';
import { AwsCallFailedError, DomainError } from '../errors';
import type { NoDataReason, Trouble } from '../metrics/no-data';
import { redactText } from '../redaction';
import { CollectionFailure } from './collection-failure';
import type { CollectionError } from './collection-run';

/** As people read it in a sentence. */
export const instantText = (at: number) => new Date(at).toISOString().replace('.000Z', 'Z');

/** What a GetMetricData that failed as a whole says about the points that are missing. @param at epoch ms */
export function troubleOfCall(error: unknown, region: string, at: number): Trouble {
  const when = instantText(at);
  if (error instanceof CallHeldBackError) {
    return { reason: 'THROTTLED', evidence: `${error.message}, ${when}` };
  }
  if (!isAwsError(error)) return troubleInside(error, when);
  const { code, fault, message, missingActions } = describeAwsError(error);
  const call = `${GET_METRIC_DATA} in ${region}`;
  switch (fault) {
    case 'throttled':
      return { reason: 'THROTTLED', evidence: `AWS throttled ${call} (${code}), ${when}` };
    case 'denied': {
      const action = missingActions[0] ?? GET_METRIC_DATA;
      return { reason: 'DENIED', evidence: `AWS refused ${action} in ${region} (${code}), ${when}` };
    }
    case 'region-disabled':
      return {
        reason: 'REGION_DISABLED',
        evidence: `${region} is not enabled in the account (${code}), ${when}`,
      };
    case 'credentials':
    case 'expired':
      return {
        reason: 'ACCOUNT_BROKEN',
        evidence: `AWS took the session for ${call} no more (${code}), ${when}`,
      };
    case 'rejected':
      return {
        reason: 'PLUGIN_FAILED',
        evidence: `CloudWatch refused what was asked: ${message} (${code}), ${when}`,
      };
    case 'unavailable':
      return { reason: 'NOT_SETTLED', evidence: `${call} did not answer (${code}), ${when}` };
  }
}

/** No session was had, or none could be. */
function troubleInside(error: unknown, when: string): Trouble {
  if (error instanceof DomainError) {
    const reason: NoDataReason =
      error instanceof AwsCallFailedError && error.retryable ? 'NOT_SETTLED' : 'ACCOUNT_BROKEN';
    return { reason, evidence: `${redactText(error.message)} (${error.code}), ${when}` };
  }
  if (error instanceof CollectionFailure) {
    if (error.code === 'BUDGET_EXCEEDED') {
      return { reason: 'OVER_BUDGET', evidence: `${error.message}, ${when}` };
    }
    return { reason: 'GATEWAY_DOWN', evidence: `${redactText(error.message)}, ${when}` };
  }
  return { reason: 'GATEWAY_DOWN', evidence: `The gateway failed to ask, ${when}; its log says why` };
}

/** What CloudWatch says about one query of a call; null when the answer is whole. @param at epoch ms */
export function troubleOfAnswer(status: string | null, region: string, at: number): Trouble | null {
  if (status === 'Complete') return null;
  if (status === 'Forbidden') {
    const evidence = `CloudWatch answered Forbidden to ${GET_METRIC_DATA} in ${region}, ${instantText(at)}`;
    return { reason: 'DENIED', evidence };
  }
  const answer = status ?? 'without this metric';
  return {
    reason: 'NOT_SETTLED',
    evidence: `CloudWatch answered ${answer} in ${region}, ${instantText(at)}`,
  };
}

/** Why nothing of an account was asked: its CREDENTIALS step failed. */
export function troubleOfCredentials({ code, message }: CollectionError, at: number): Trouble {
  return { reason: 'ACCOUNT_BROKEN', evidence: `${message} (${code}), ${instantText(at)}` };
}

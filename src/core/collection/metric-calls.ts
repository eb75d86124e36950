import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { Account } from '../accounts/account';
import { describeAwsError, isAwsError } from '../aws/aws-error';
import { usageOfRequest } from '../cost/metrics-requested';
import { usdPerMetricRequested } from '../cost/prices';
import { ServedRequests } from '../cost/served-requests';
import type { CredentialBroker } from '../credentials/credential-broker';
import { fetchBisecting, type CallOutcome } from './bisection';
import { CollectionFailure } from './collection-failure';
import { fetchMetricData, type FetchedCall } from './metric-fetcher';
import type { PlannedCall } from './planner';
import type { RunRecorder, StepTally } from './run-recorder';
import { BUDGET_USED_UP, type Spending } from './spending';

/** Asks planned calls with the account's collect session, and books what they cost. */
export class MetricCalls {
  constructor(
    private readonly options: { broker: Pick<CredentialBroker, 'use'>; spending: Pick<Spending, 'take'> },
  ) {}

  /** What was answered, and what failed. @throws the signal's reason when it was aborted meanwhile */
  async ask(
    account: Account,
    call: PlannedCall,
    recorder: RunRecorder,
    signal: AbortSignal,
    tally: StepTally,
  ): Promise<CallOutcome> {
    const outcome = await fetchBisecting(call, (part) => this.fetch(account, part, recorder, signal, tally));
    signal.throwIfAborted();
    for (const { dropped } of outcome.fetched) {
      if (dropped.outside + dropped.offGrid + dropped.notFinite === 0) continue;
      const { region } = call;
      recorder.log.warn(
        { region, ...dropped },
        'CloudWatch answered points that are none of what was asked for',
      );
    }
    return outcome;
  }

  private async fetch(
    account: Account,
    call: PlannedCall,
    recorder: RunRecorder,
    signal: AbortSignal,
    calls: StepTally,
  ): Promise<FetchedCall> {
    const { broker, spending } = this.options;
    const price = call.series.length * usdPerMetricRequested(account.partition);
    if (!spending.take(account.id, price)) throw new CollectionFailure('BUDGET_EXCEEDED', BUDGET_USED_UP);
    const { region, series } = call;
    const served = new ServedRequests(calls);
    const book = () => {
      for (const usage of usageOfRequest(region, series, served.most)) recorder.meter.add(usage);
    };
    try {
      const fetched = await broker.use(account, 'collect', signal, (session) =>
        fetchMetricData(session.client(CloudWatchClient, { region, calls: served }), call),
      );
      book();
      return fetched;
    } catch (error) {
      // AWS may have served what never arrived; what it refused it does not charge for.
      if (isAwsError(error) && describeAwsError(error).fault === 'unavailable') book();
      throw error;
    }
  }
}

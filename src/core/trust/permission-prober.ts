import { CloudWatchClient, GetMetricDataCommand, ListMetricsCommand } from '@aws-sdk/client-cloudwatch';
import { DescribeRegionsCommand, EC2Client } from '@aws-sdk/client-ec2';
import type { PermissionProbe, Plugin, PluginAws } from '../../plugins/contract';
import type { Account } from '../accounts/account';
import { linkedSignal } from '../abort';
import type { AwsClients, AwsCredentials } from '../aws/aws-clients';
import { describeAwsError, isAwsError, type AwsErrorFacts } from '../aws/aws-error';
import { PARTITIONS } from '../aws/partition';
import type { Clock } from '../clock';
import { GET_METRIC_DATA, LIST_METRICS } from '../cost/prices';
import type { Usage, UsageMeter } from '../cost/usage';
import { countInto, type Payer } from '../cost/usage-book';
import { settleAll } from '../settle-all';

/** What a proof may ask of that which AWS charges for: REQUESTS leaves out metrics, NOTHING ListMetrics too. */
export type Pays = 'ALL' | 'REQUESTS' | 'NOTHING';

const UNPAID: Record<Pays, readonly string[]> = {
  ALL: [],
  REQUESTS: [GET_METRIC_DATA],
  NOTHING: [GET_METRIC_DATA, LIST_METRICS],
};

/** A session, and what it may call. */
export interface ProbeSession {
  credentials: AwsCredentials;
  allowedActions: ReadonlySet<string>;
}

export interface PermissionFindings {
  missing: string[];
  /** No probe is declared, or its price was not to be paid. */
  unproved: string[];
  /** AWS did not judge. */
  unanswered: string[];
}

/** An organisation's policies may close a Region: an action is missing when it is denied in each of this many. */
const REGIONS_TRIED = 3;

const PERIOD_MS = 300_000;

/** What the packed collection calls, each by its cheapest real call. GetMetricData asks for one metric: $0.00001. */
function collectProbes(now: number): Record<string, PermissionProbe> {
  const EndTime = new Date(Math.floor(now / PERIOD_MS) * PERIOD_MS);
  const StartTime = new Date(EndTime.getTime() - PERIOD_MS);
  const Metric = { Namespace: 'AWS/EC2', MetricName: 'CPUUtilization' };
  const MetricDataQueries = [{ Id: 'probe', MetricStat: { Metric, Period: 300, Stat: 'Average' } }];
  return {
    [LIST_METRICS]: ({ aws }) =>
      aws
        .client(CloudWatchClient)
        .send(new ListMetricsCommand({ Namespace: 'AWS/EC2', RecentlyActive: 'PT3H' })),
    'ec2:DescribeRegions': ({ aws }) =>
      aws.client(EC2Client).send(new DescribeRegionsCommand({ DryRun: true })),
    [GET_METRIC_DATA]: ({ aws }) =>
      aws.client(CloudWatchClient).send(new GetMetricDataCommand({ StartTime, EndTime, MetricDataQueries })),
  };
}

/** Finds which of the declared actions a role or key does not allow, by calls that read next to nothing. */
export class PermissionProber {
  constructor(
    private readonly options: {
      clients: AwsClients;
      meterOf: (payer: Payer) => UsageMeter;
      clock: Clock;
      /** A probe that needs longer proves nothing, in milliseconds of real time. */
      timeLimitMs: number;
    },
  ) {}

  async find(
    account: Account,
    plugins: readonly Plugin[],
    sessions: readonly ProbeSession[],
    pays: Pays,
    signal?: AbortSignal,
  ): Promise<PermissionFindings> {
    const probes = new Map<string, PermissionProbe | undefined>(
      Object.entries(collectProbes(this.options.clock.now())),
    );
    for (const { iamActions, probes: declared } of plugins) {
      for (const action of iamActions) if (!probes.get(action)) probes.set(action, declared?.[action]);
    }
    const findings: PermissionFindings = { missing: [], unproved: [], unanswered: [] };
    await settleAll(
      [...probes].map(async ([action, probe]) => {
        const session = sessions.find(({ allowedActions }) => allowedActions.has(action));
        const mayAsk = probe && session && !UNPAID[pays].includes(action);
        const answer = mayAsk ? await this.ask(account, action, probe, session, signal) : 'unproved';
        if (answer !== 'allowed') findings[answer].push(action);
      }),
    );
    for (const actions of Object.values(findings)) actions.sort();
    return findings;
  }

  private async ask(
    account: Account,
    action: string,
    probe: PermissionProbe,
    session: ProbeSession,
    signal?: AbortSignal,
  ): Promise<'allowed' | 'missing' | 'unanswered'> {
    const { listingRegions } = PARTITIONS[account.partition];
    const regions = (account.regions.length > 0 ? account.regions : listingRegions).slice(0, REGIONS_TRIED);
    let answer: 'missing' | 'unanswered' = 'unanswered';
    for (const region of regions) {
      const fault = await this.faultIn(account, action, probe, session, region, signal);
      if (fault === null || fault === 'rejected') return 'allowed';
      if (fault === 'denied') answer = 'missing';
    }
    return answer;
  }

  /** Null when the call went through; what kind of trouble it met otherwise. */
  private async faultIn(
    account: Account,
    action: string,
    probe: PermissionProbe,
    session: ProbeSession,
    region: string,
    signal?: AbortSignal,
  ): Promise<AwsErrorFacts['fault'] | null> {
    signal?.throwIfAborted();
    const stop = linkedSignal(signal ? [signal] : [], {
      milliseconds: this.options.timeLimitMs,
      reason: new Error(`The probe of ${action} took too long`),
    });
    const meter = this.options.meterOf(account);
    const scope = {
      calls: countInto(meter),
      credentials: session.credentials,
      allowedActions: new Set([action]),
      region,
      signal: stop.signal,
    };
    const aws: PluginAws = { client: (constructor) => this.options.clients.create(constructor, scope) };
    try {
      if (action === GET_METRIC_DATA) meter.add(oneMetric(region));
      await probe({ aws, region, signal: stop.signal });
      return null;
    } catch (error) {
      signal?.throwIfAborted();
      // A fault of the probe itself proves nothing.
      return stop.signal.aborted || !isAwsError(error) ? 'unavailable' : describeAwsError(error).fault;
    } finally {
      stop.release();
    }
  }
}

/** What the probe of GetMetricData asks for. */
function oneMetric(region: string): Usage {
  return {
    ...{ plugin: null, region, api: GET_METRIC_DATA, calls: 0, throttled: 0 },
    ...{ metricsRequested: 1, metricsRequestedLowerBound: 1 },
  };
}

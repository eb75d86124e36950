import { linkedSignal } from '../abort';
import { isCollected, type Account } from '../accounts/account';
import type { AccountRepository } from '../accounts/account-repository';
import type { Clock } from '../clock';
import { meterOfRun } from '../cost/run-meter';
import type { UsageBook } from '../cost/usage-book';
import type { CredentialBroker } from '../credentials/credential-broker';
import type { Bus } from '../live/bus';
import type { Logger } from '../logger';
import type { Gaps } from '../metrics/gap';
import type { BackfillStep, SeriesIndex } from './backfill-step';
import { Backoff } from './backoff';
import { CollectionFailure } from './collection-failure';
import { newRun } from './collection-run';
import type { CollectionJob, Jobs } from './jobs';
import { keepLease } from './lease-keeper';
import { StaleLeaseError, type Lease, type Leases } from './leases';
import { RunRecorder } from './run-recorder';
import type { RunRepository } from './run-repository';
import type { Spending } from './spending';

const MINUTE_MS = 60_000;
/** A run takes no new round after this long, so that it is out of the way before the account is due. */
const RUN_MS = 15_000;
/** A round that is under way may take longer, but not until the account is due: then it is cut short. In real time. */
const RUN_LIMIT_MS = 60_000;

/**
 * Fills gaps in short runs of their own, behind live work: a run holds the account's lease like any other, does not begin
 * when the account is due within it, and is cut short when a live collection of the account is asked for.
 */
export class Backfiller {
  /** Accounts whose last run got nothing. */
  private readonly failed = new Backoff({ firstMs: 5 * MINUTE_MS, mostMs: 6 * 60 * MINUTE_MS });

  constructor(
    private readonly options: {
      accounts: AccountRepository;
      leases: Leases;
      runs: RunRepository;
      gaps: Gaps;
      step: BackfillStep;
      spending: Spending;
      usage: UsageBook;
      broker: Pick<CredentialBroker, 'dropped'>;
      jobs: Pick<Jobs, 'submit'>;
      bus: Bus;
      clock: Clock;
      /** This process, in the lease table. */
      owner: string;
      leaseTtlMs: number;
      log: Logger;
    },
  ) {}

  /** Queues a backfill where the account has gaps that may be filled. Never throws. */
  async offer({ accountId, tenantId }: Pick<CollectionJob, 'accountId' | 'tenantId'>): Promise<void> {
    const { jobs, clock, log } = this.options;
    try {
      if (!(await this.isWanted(accountId))) return;
      const scheduledFor = clock.now();
      jobs.submit([{ accountId, tenantId, scheduledFor, manual: null, isBackfill: true }]);
    } catch (error) {
      log.error(
        { err: error, accountId },
        'The gaps of an account cannot be read; they are looked at after its next run',
      );
    }
  }

  /** Handles a backfill job. Never throws. */
  async handle(job: CollectionJob, signal: AbortSignal): Promise<void> {
    const { accounts, leases, step, spending, clock, owner, leaseTtlMs } = this.options;
    const log = this.options.log.child({ accountId: job.accountId });
    try {
      const account = await accounts.load(job.accountId);
      if (!account || !isCollected(account) || !(await this.isWanted(account.id))) return;
      if (!(await spending.mayBackfill(account)) || signal.aborted) return;
      const index = await step.look(account);
      if (!index) return;
      const lease = await leases.claim(account.id, owner, clock.now(), leaseTtlMs, { onlyIfDue: false });
      if (!lease) return;
      if (lease.dueAt - clock.now() <= RUN_MS) return void (await leases.release(lease, null));
      if (await this.fill(account, lease, index, signal, log)) await this.offer(job);
    } catch (error) {
      log.error({ err: error }, 'A backfill failed outside its steps');
    }
  }

  private async isWanted(accountId: number): Promise<boolean> {
    const { gaps, clock } = this.options;
    if (this.failed.isWaiting(accountId, clock.now())) return false;
    return (await gaps.recoverable(accountId, 1)).length > 0;
  }

  /** @returns whether a gap became smaller */
  private async fill(
    account: Account,
    lease: Lease,
    index: SeriesIndex,
    shutdown: AbortSignal,
    log: Logger,
  ): Promise<boolean> {
    const { runs, leases, step, usage, broker, bus, clock, leaseTtlMs } = this.options;
    const startedAt = clock.now();
    const run = await runs.insert({ ...newRun(account, 'BACKFILL', startedAt), state: 'RUNNING', startedAt });
    const meter = meterOfRun(run, account, usage.meter(account));
    const recorder = new RunRecorder(run, { bus, clock, meter, log: log.child({ runId: run.id }) });
    const keeper = keepLease(lease, { leases, clock, ttlMs: leaseTtlMs });
    const milliseconds = Math.min(RUN_LIMIT_MS, lease.dueAt - startedAt);
    const reason = new CollectionFailure(
      'ABORTED',
      `The backfill was not done within ${milliseconds / 1000} s`,
    );
    const stop = linkedSignal([shutdown, keeper.lost, broker.dropped(account.id)], { milliseconds, reason });
    let hasProgress = false;
    try {
      hasProgress = await step.run(account, lease, index, startedAt + RUN_MS, recorder, stop.signal);
      run.state = recorder.outcome();
      if (stop.signal.aborted && run.state === 'SUCCEEDED') run.state = 'PARTIAL';
    } catch (error) {
      if (!(error instanceof StaleLeaseError)) recorder.log.error({ err: error }, 'A backfill broke off');
      run.state = 'FAILED';
    } finally {
      stop.release();
      await keeper.stop();
    }
    if (hasProgress) this.failed.succeeded(account.id);
    else if (!stop.signal.aborted) this.failed.failed(account.id, clock.now());
    run.finishedAt = clock.now();
    await usage.flush(account.id);
    await runs.update(run);
    const { state, pointsBackfilled: points, awsCalls: calls } = run;
    recorder.log.info({ state, points, calls, reason: recorder.reason() }, 'Backfill ended');
    await leases.release(lease, null);
    return hasProgress && !stop.signal.aborted;
  }
}

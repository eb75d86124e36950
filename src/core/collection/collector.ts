import { linkedSignal } from '../abort';
import { isCollected, type Account } from '../accounts/account';
import type { AccountHealth } from '../accounts/account-health';
import type { AccountRepository } from '../accounts/account-repository';
import type { Clock } from '../clock';
import { meterOfRun } from '../cost/run-meter';
import type { UsageBook } from '../cost/usage-book';
import type { CredentialBroker } from '../credentials/credential-broker';
import type { Bus } from '../live/bus';
import type { Logger } from '../logger';
import { CollectionFailure } from './collection-failure';
import { newRun, type CollectionRun } from './collection-run';
import { covers, isWhole, WHOLE, type CollectionScope } from './collection-scope';
import { CollectionSteps, type CollectionStepsOptions } from './collection-steps';
import type { CollectionJob } from './jobs';
import { keepLease } from './lease-keeper';
import { StaleLeaseError, type Lease, type Leases } from './leases';
import { RunRecorder } from './run-recorder';
import type { RunRepository } from './run-repository';

/** A run that wants the account's lease while another holds it looks again after this long. */
const FOLLOW_MS = 500;

/**
 * Collects one account, through each step once. One Region's or plugin's failure leaves the others whole; the lease decides
 * that nobody else collects the account meanwhile.
 */
export class Collector {
  /** Runs of this process that are under way, by account. */
  private readonly active = new Map<number, { run: CollectionRun; scope: CollectionScope }>();
  private readonly steps: CollectionSteps;

  constructor(
    private readonly options: CollectionStepsOptions & {
      accounts: AccountRepository;
      leases: Leases;
      runs: RunRepository;
      broker: CredentialBroker;
      health: AccountHealth;
      usage: UsageBook;
      bus: Bus;
      clock: Clock;
      /** This process, in the lease table. */
      owner: string;
      leaseTtlMs: number;
      /** A run that takes longer is aborted, in milliseconds of real time. */
      runLimitMs: number;
      nextDue: (accountId: number) => number;
      log: Logger;
    },
  ) {
    this.steps = new CollectionSteps(options);
  }

  /** The account's run under way that covers the scope, for those who would start another. */
  underWay(accountId: number, wanted: CollectionScope): CollectionRun | null {
    const active = this.active.get(accountId);
    return active && covers(active.scope, wanted) ? active.run : null;
  }

  /** Handles one job. @returns false when CloudWatch answered none of what was asked: more is not to be asked now. Never throws. */
  async handle(job: CollectionJob, shutdown: AbortSignal): Promise<boolean> {
    const log = this.options.log.child({ accountId: job.accountId });
    try {
      const lease = await this.claim(job, shutdown);
      const run = lease && (await this.collectHolding(lease, job, shutdown, log));
      if (run) return isAnswered(run);
      await this.skip(job);
      return true;
    } catch (error) {
      log.error({ err: error }, 'A collection failed outside its steps');
      await this.skip(job).catch(() => undefined);
      return false;
    }
  }

  /** A run by hand waits for the one under way; a scheduled one that is not due, or held, is nothing to do. */
  private async claim(job: CollectionJob, shutdown: AbortSignal): Promise<Lease | null> {
    const { leases, owner, clock, leaseTtlMs, runLimitMs } = this.options;
    const giveUpAt = clock.now() + runLimitMs;
    for (;;) {
      const lease = await leases.claim(job.accountId, owner, clock.now(), leaseTtlMs, {
        onlyIfDue: !job.manual,
      });
      if (lease || !job.manual || clock.now() >= giveUpAt || shutdown.aborted) return lease;
      if (!(await this.collectable(job.accountId))) return null;
      await clock.sleep(FOLLOW_MS, shutdown).catch(() => undefined);
    }
  }

  private async collectable(accountId: number): Promise<Account | null> {
    const account = await this.options.accounts.load(accountId);
    return account && isCollected(account) ? account : null;
  }

  /** @returns null when there was nothing to collect. */
  private async collectHolding(
    lease: Lease,
    job: CollectionJob,
    shutdown: AbortSignal,
    log: Logger,
  ): Promise<CollectionRun | null> {
    const { leases, broker, bus, clock, leaseTtlMs, runLimitMs } = this.options;
    const account = await this.collectable(job.accountId);
    const run = account && (await this.openRun(account, lease, job));
    if (!account || !run) {
      await leases.release(lease, null);
      await leases.unschedule(job.accountId);
      return null;
    }
    const meter = meterOfRun(run, account, this.options.usage.meter(account));
    const recorder = new RunRecorder(run, { bus, clock, meter, log: log.child({ runId: run.id }) });
    const active = { run, scope: job.manual?.scope ?? WHOLE };
    this.active.set(account.id, active);
    const keeper = keepLease(lease, { leases, clock, ttlMs: leaseTtlMs });
    const dropped = broker.dropped(account.id);
    const reason = new CollectionFailure(
      'ABORTED',
      `The collection was not done within ${runLimitMs / 1000} s`,
    );
    const stop = linkedSignal([shutdown, keeper.lost, dropped], { milliseconds: runLimitMs, reason });
    try {
      await this.steps.run(account, lease, active.scope, recorder, stop.signal);
    } catch (error) {
      if (!(error instanceof StaleLeaseError)) recorder.log.error({ err: error }, 'A collection broke off');
      run.state = 'FAILED';
    } finally {
      stop.release();
      await keeper.stop();
      if (this.active.get(account.id) === active) this.active.delete(account.id);
    }
    const why = stop.signal.aborted ? (stop.signal.reason as Error).message : null;
    const isInterrupted = shutdown.aborted || dropped.aborted;
    await this.close(account, lease, job, recorder, { why, isInterrupted });
    return run;
  }

  private async openRun(account: Account, lease: Lease, job: CollectionJob): Promise<CollectionRun | null> {
    const { runs, clock } = this.options;
    const startedAt = clock.now();
    if (!job.manual) {
      return runs.insert({ ...newRun(account, 'SCHEDULE', lease.dueAt), state: 'RUNNING', startedAt });
    }
    const queued = await runs.load(job.manual.runId);
    if (!queued) return null;
    const run: CollectionRun = { ...queued, state: 'RUNNING', startedAt };
    await runs.update(run);
    return run;
  }

  private async close(
    account: Account,
    lease: Lease,
    job: CollectionJob,
    recorder: RunRecorder,
    end: { why: string | null; isInterrupted: boolean },
  ): Promise<void> {
    const { accounts, runs, leases, health, usage, clock, nextDue } = this.options;
    const { run, log } = recorder;
    run.finishedAt = clock.now();
    await usage.flush(account.id);
    await runs.update(run);
    const reason = recorder.reason() ?? end.why;
    log.info({ state: run.state, points: run.pointsStored, calls: run.awsCalls, reason }, 'Collection ended');
    // Interrupted, or a run of a part: the due time stays, and the rest is collected soon.
    const isServed = !job.manual && !end.isInterrupted;
    if (!(await leases.release(lease, isServed ? nextDue(account.id) : null)) || end.isInterrupted) return;
    if (run.state !== 'FAILED') await accounts.recordCollection(account.id, run.finishedAt);
    // As it is by now: the run's own proof may have led it elsewhere.
    const present = (await accounts.load(account.id)) ?? account;
    if (isServed || isWhole(job.manual!.scope)) await health.follow(present, run, reason);
  }

  /** A run by hand that was never started says so. */
  private async skip({ manual }: CollectionJob): Promise<void> {
    const { runs, clock } = this.options;
    if (manual) await runs.skip(manual.runId, clock.now());
  }
}

function isAnswered({ state, steps }: CollectionRun): boolean {
  const fetches = steps.filter(({ step }) => step === 'FETCH');
  return state !== 'FAILED' && (fetches.length === 0 || fetches.some((fetch) => fetch.state !== 'FAILED'));
}

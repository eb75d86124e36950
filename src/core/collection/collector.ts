import type { Plugin } from '../../plugins/contract';
import { COLLECTED_STATUSES, type Account } from '../accounts/account';
import type { AccountRepository } from '../accounts/account-repository';
import type { AccountHealth } from '../accounts/account-health';
import type { ExternalIdRotation } from '../accounts/external-id-rotation';
import type { Clock } from '../clock';
import type { Bus } from '../live/bus';
import type { Logger } from '../logger';
import type { CollectionRun } from './collection-run';
import type { EnabledRegions } from './enabled-regions';
import type { InventoryStep } from './inventory-step';
import type { CollectionJob } from './jobs';
import { StaleLeaseError, type Lease, type Leases } from './leases';
import type { MetricsStep } from './metrics-step';
import { CollectionFailure, collectionError, RunRecorder } from './run-recorder';
import type { RunRepository } from './run-repository';

/** What a run covers. */
interface Scope {
  plugins: Plugin[];
  /** Empty: every Region of the account. */
  regions: string[];
}

/** A run that wants the account's lease while another holds it looks again after this long. */
const FOLLOW_MS = 500;

/**
 * Collects one account, through each room once: credentials → discover → plan → fetch → store → publish. One Region's
 * or plugin's failure leaves the others whole; the lease decides that nobody else collects the account meanwhile.
 */
export class Collector {
  /** Runs of this process that are under way, by account. */
  private readonly active = new Map<number, { run: CollectionRun; whole: boolean }>();

  constructor(
    private readonly options: {
      accounts: AccountRepository;
      leases: Leases;
      runs: RunRepository;
      plugins: { list(): Plugin[] };
      regions: EnabledRegions;
      rotation: ExternalIdRotation;
      inventory: InventoryStep;
      metrics: MetricsStep;
      health: AccountHealth;
      bus: Bus;
      clock: Clock;
      /** This process, in the lease table. */
      owner: string;
      leaseTtlMs: number;
      /** A run that takes longer is aborted, in milliseconds. */
      runLimitMs: number;
      nextDue: (accountId: number) => number;
      log: Logger;
    },
  ) {}

  /** The run under way that covers everything of the account, for those who would start another. */
  wholeRunUnderWay(accountId: number): CollectionRun | null {
    const active = this.active.get(accountId);
    return active?.whole ? active.run : null;
  }

  /** Handles one job. Never throws. */
  async handle(job: CollectionJob, signal: AbortSignal): Promise<void> {
    const log = this.options.log.child({ accountId: job.accountId });
    try {
      const lease = await this.claim(job, signal);
      if (lease) await this.collectHolding(lease, job, signal, log);
      else if (job.manual) await this.skip(job.manual.runId);
    } catch (error) {
      log.error({ err: error }, 'A collection failed outside its steps');
    }
  }

  /** A run by hand waits for the one under way; a scheduled one that is not due, or held, is nothing to do. */
  private async claim(job: CollectionJob, signal: AbortSignal): Promise<Lease | null> {
    const { leases, owner, clock, leaseTtlMs, runLimitMs } = this.options;
    const giveUpAt = clock.now() + runLimitMs;
    for (;;) {
      const lease = await leases.claim(job.accountId, owner, clock.now(), leaseTtlMs, {
        onlyIfDue: !job.manual,
      });
      if (lease || !job.manual || clock.now() >= giveUpAt || signal.aborted) return lease;
      const account = await this.options.accounts.load(job.accountId);
      if (!account || !COLLECTED_STATUSES.includes(account.status)) return null;
      await clock.sleep(FOLLOW_MS, signal);
    }
  }

  private async collectHolding(
    lease: Lease,
    job: CollectionJob,
    signal: AbortSignal,
    log: Logger,
  ): Promise<void> {
    const { leases } = this.options;
    const account = await this.options.accounts.load(job.accountId);
    if (!account || !COLLECTED_STATUSES.includes(account.status)) {
      await leases.unschedule(job.accountId);
      if (job.manual) await this.skip(job.manual.runId);
      return;
    }
    const recorder = new RunRecorder(await this.openRun(account, lease, job), this.options);
    const scope = this.scopeOf(account, job);
    this.active.set(account.id, { run: recorder.run, whole: !job.manual || isWhole(job.manual) });
    const done = new AbortController();
    const stop = AbortSignal.any([signal, done.signal, AbortSignal.timeout(this.options.runLimitMs)]);
    const renewal = this.keepLease(lease, done);
    try {
      await this.collect(account, lease, scope, recorder, stop);
    } catch (error) {
      if (!(error instanceof StaleLeaseError) && !stop.aborted)
        log.error({ err: error }, 'A collection broke off');
      recorder.run.state = 'FAILED';
    } finally {
      done.abort();
      await renewal;
      this.active.delete(account.id);
    }
    await this.close(account, lease, job, recorder, signal, log.child({ runId: recorder.run.id }));
  }

  private async collect(
    account: Account,
    lease: Lease,
    scope: Scope,
    recorder: RunRecorder,
    signal: AbortSignal,
  ) {
    const enabled = await recorder.step('CREDENTIALS', {}, (tally) =>
      this.options.regions.of(account, signal, tally),
    );
    await this.probeRotation(account);
    if (enabled) {
      const regions = enabled.filter(
        (region) => scope.regions.length === 0 || scope.regions.includes(region),
      );
      const resources = await this.options.inventory.run(
        account,
        lease,
        scope.plugins,
        regions,
        recorder,
        signal,
      );
      await this.options.metrics.run(account, lease, resources, recorder, signal);
    }
    recorder.run.state = recorder.outcome();
  }

  /** The ACTIVE external ID collects in any case: the probe's failure is no failure of the run. */
  private async probeRotation(account: Account): Promise<void> {
    await this.options.rotation.probe(account).catch((error: unknown) => {
      const { code, message } = collectionError(error);
      this.options.log.warn(
        { accountId: account.id, code },
        `The PENDING external ID could not be tried: ${message}`,
      );
    });
  }

  private scopeOf(account: Account, job: CollectionJob): Scope {
    const chosen = (names: string[], plugin: Plugin) => names.length === 0 || names.includes(plugin.name);
    const plugins = this.options.plugins.list().filter((plugin) => chosen(account.plugins, plugin));
    if (!job.manual) return { plugins, regions: [] };
    const { plugins: wanted, regions } = job.manual;
    return { plugins: plugins.filter((plugin) => chosen(wanted, plugin)), regions };
  }

  private async openRun(account: Account, lease: Lease, job: CollectionJob): Promise<CollectionRun> {
    const { runs, clock } = this.options;
    const startedAt = clock.now();
    if (job.manual) {
      const [queued] = await runs.findMany(account, [job.manual.runId]);
      const run: CollectionRun = { ...queued!, state: 'RUNNING', startedAt };
      await runs.update(run);
      return run;
    }
    return runs.insert({ ...newRun(account, 'SCHEDULE', lease.dueAt), state: 'RUNNING', startedAt });
  }

  private async close(
    account: Account,
    lease: Lease,
    job: CollectionJob,
    recorder: RunRecorder,
    shutdown: AbortSignal,
    log: Logger,
  ): Promise<void> {
    const { accounts, runs, leases, health, clock, nextDue } = this.options;
    const { run } = recorder;
    run.finishedAt = clock.now();
    await runs.update(run);
    const reason = recorder.reason();
    log.info({ state: run.state, points: run.pointsStored, calls: run.awsCalls, reason }, 'Collection ended');
    // Cut short by a shutdown, or a run of a part: the due time stays, and the rest is collected soon.
    const served = !job.manual && !shutdown.aborted;
    if (!(await leases.release(lease, served ? nextDue(account.id) : null))) return;
    if (shutdown.aborted) return;
    if (run.state !== 'FAILED') await accounts.recordCollection(account.id, run.finishedAt);
    if (served || isWhole(job.manual!)) await health.follow(account, run, reason);
  }

  /** Renews the lease until `done`; aborts the run when it is lost. */
  private async keepLease(lease: Lease, done: AbortController): Promise<void> {
    const { leases, clock, leaseTtlMs } = this.options;
    while (!done.signal.aborted) {
      await clock.sleep(leaseTtlMs / 3, done.signal).catch(() => undefined);
      if (done.signal.aborted) return;
      const held = await leases.renew(lease, clock.now(), leaseTtlMs).catch(() => true);
      if (!held) done.abort(new CollectionFailure('LEASE_LOST', 'Another holder took the account over'));
    }
  }

  private async skip(runId: number): Promise<void> {
    const { runs, clock } = this.options;
    await runs.skip(runId, clock.now());
  }
}

function isWhole(manual: { plugins: string[]; regions: string[] }): boolean {
  return manual.plugins.length === 0 && manual.regions.length === 0;
}

/** A run that waits to start. */
export function newRun(
  account: Pick<Account, 'id' | 'tenantId'>,
  trigger: CollectionRun['trigger'],
  scheduledFor: number,
): Omit<CollectionRun, 'id'> {
  return {
    tenantId: account.tenantId,
    accountId: account.id,
    trigger,
    state: 'QUEUED',
    scheduledFor,
    startedAt: null,
    finishedAt: null,
    resourcesFound: 0,
    seriesCollected: 0,
    pointsStored: 0,
    pointsBackfilled: 0,
    awsCalls: 0,
    costUsd: 0,
    steps: [],
  };
}

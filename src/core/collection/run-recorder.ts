import type { CallCounter } from '../aws/call-counter';
import type { CalledApi } from '../aws/called-api';
import type { Clock } from '../clock';
import type { UsageMeter } from '../cost/usage';
import { countInto } from '../cost/usage-book';
import type { Bus } from '../live/bus';
import type { Logger } from '../logger';
import { collectionError } from './collection-failure';
import type {
  CollectionError,
  CollectionRun,
  CollectionState,
  CollectionStep,
  CollectionStepResult,
} from './collection-run';
import { StaleLeaseError } from './leases';

/** What a step reports while it works. Counts calls as an AWS client's counter. */
export class StepTally implements CallCounter {
  resourcesFound = 0;
  seriesCollected = 0;
  pointsStored = 0;
  awsCalls = 0;
  /** Set by a step that went on in spite of a failure: it ends PARTIAL. */
  error: CollectionError | null = null;

  /** @param calls told of each call as well */
  constructor(private readonly calls?: CallCounter) {}

  count(call: CalledApi): void {
    this.awsCalls += 1;
    this.calls?.count(call);
  }

  throttled(call: CalledApi): void {
    this.calls?.throttled?.(call);
  }

  /** Keeps the first failure of a step that goes on. */
  note(error: CollectionError): void {
    this.error ??= error;
  }
}

/** Writes down how a run goes, step by step, and tells the live bus. */
export class RunRecorder {
  constructor(
    readonly run: CollectionRun,
    private readonly options: {
      bus: Bus;
      clock: Clock;
      /** What the run uses; the calls of a plugin's discovery are booked to it. */
      meter: UsageMeter;
      /** With the account and the run in every line. */
      log: Logger;
    },
  ) {}

  get meter(): UsageMeter {
    return this.options.meter;
  }

  get log(): Logger {
    return this.options.log;
  }

  /**
   * Runs one step and records its fate. @returns what `work` returns, or null when it failed.
   * @throws StaleLeaseError alone: nothing of this run may be stored any more.
   */
  async step<T>(
    step: CollectionStep,
    scope: { plugin?: string; region?: string; done?: number; total?: number },
    work: (tally: StepTally) => Promise<T>,
  ): Promise<T | null> {
    const tally = new StepTally(countInto(this.options.meter, scope.plugin ?? null));
    const startedAt = this.options.clock.now();
    const finish = (state: CollectionState, error: CollectionError | null) => {
      if (error) this.warn(step, scope, error);
      this.add({
        step,
        plugin: scope.plugin ?? null,
        region: scope.region ?? null,
        state,
        resourcesFound: tally.resourcesFound,
        seriesCollected: tally.seriesCollected,
        pointsStored: tally.pointsStored,
        awsCalls: tally.awsCalls,
        durationMs: this.options.clock.now() - startedAt,
        error,
      });
      this.progress(step, scope);
    };
    try {
      const result = await work(tally);
      finish(tally.error ? 'PARTIAL' : 'SUCCEEDED', tally.error);
      return result;
    } catch (error) {
      finish('FAILED', this.describe(error));
      if (error instanceof StaleLeaseError) throw error;
      return null;
    }
  }

  /** Records a step that was not to be made, and why. */
  skip(step: CollectionStep, error: CollectionError): void {
    this.warn(step, {}, error);
    const nothing = new StepTally();
    const { resourcesFound, seriesCollected, pointsStored, awsCalls } = nothing;
    const counts = { resourcesFound, seriesCollected, pointsStored, awsCalls, durationMs: 0 };
    this.add({ step, plugin: null, region: null, state: 'SKIPPED', ...counts, error });
    this.progress(step, {});
  }

  /** A failure as the run shows it. What is the gateway's own fault goes to the log, and is not shown. */
  describe(error: unknown): CollectionError {
    const failure = collectionError(error);
    if (failure.code === 'INTERNAL') this.log.error({ err: error }, 'A step failed inside the gateway');
    return failure;
  }

  /** SUCCEEDED when every step did, FAILED when nothing was achieved, else PARTIAL. */
  outcome(): CollectionState {
    const { steps } = this.run;
    if (steps.every(({ state }) => state === 'SUCCEEDED')) return 'SUCCEEDED';
    const work = steps.filter(({ step }) => step === 'DISCOVER' || step === 'FETCH');
    const achieved = work.some(({ state }) => state !== 'FAILED');
    return achieved ? 'PARTIAL' : 'FAILED';
  }

  /** A sentence an operator can act on; null when nothing failed. */
  reason(): string | null {
    const failed = this.run.steps.filter(({ error }) => error);
    if (failed.length === 0) return null;
    const first = failed[0]!;
    const where = [first.plugin, first.region].filter(Boolean).join(' in ');
    const mend = mendOf(first.error!);
    const others = failed.length > 1 ? ` (and ${failed.length - 1} more)` : '';
    return `${first.step}${where && ` of ${where}`} failed with ${first.error!.code}${mend}${others}`;
  }

  private add(result: CollectionStepResult): void {
    this.run.steps.push(result);
    this.run.resourcesFound += result.resourcesFound;
    this.run.seriesCollected += result.seriesCollected;
    this.run.pointsStored += result.pointsStored;
    this.run.awsCalls += result.awsCalls;
  }

  private warn(
    step: CollectionStep,
    { plugin, region }: { plugin?: string; region?: string },
    error: CollectionError,
  ): void {
    const { code, message, missingActions } = error;
    this.log.warn({ step, plugin, region, code, missingActions }, `A step failed: ${message}`);
  }

  private progress(
    step: CollectionStep,
    {
      plugin = null,
      region = null,
      done = 1,
      total = 1,
    }: { plugin?: string | null; region?: string | null; done?: number; total?: number },
  ): void {
    this.options.bus.publish({
      kind: 'collectionProgressed',
      tenantId: this.run.tenantId,
      accountId: this.run.accountId,
      run: { ...this.run, steps: [...this.run.steps] },
      step,
      plugin,
      region,
      done,
      total,
    });
  }
}

/** What there is to do about it. */
function mendOf({ message, missingActions }: CollectionError): string {
  if (missingActions.includes('sts:AssumeRole'))
    return ': the role does not let Rolecall in; compare its trust policy with onboarding.trustPolicy';
  return missingActions.length > 0
    ? `: the role does not allow ${missingActions.join(', ')}`
    : `: ${message}`;
}

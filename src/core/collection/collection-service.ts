import pLimit from 'p-limit';
import type { TenantScope } from '../access/viewer';
import { isCollected, type Account } from '../accounts/account';
import { judgeSettings, type KnownPlugins } from '../accounts/account-input';
import type { AccountRepository } from '../accounts/account-repository';
import { accountNotFound, type AccountRef } from '../accounts/account-service';
import type { Clock } from '../clock';
import type { Budget } from '../cost/budget';
import { ConflictError } from '../errors';
import { newRun, type CollectionRun } from './collection-run';
import { covers, type CollectionScope } from './collection-scope';
import type { Collector } from './collector';
import type { Jobs } from './jobs';
import type { RunRepository } from './run-repository';

/** Between two collections by hand of one account. */
const MANUAL_PAUSE_MS = 60_000;

/** Collections by hand. */
export class CollectionService {
  /** Two asks at once must not both find nothing to join. */
  private readonly oneAtATime = pLimit(1);
  /** The scope of each account's newest run by hand. */
  private readonly scopes = new Map<number, { runId: number; scope: CollectionScope }>();

  constructor(
    private readonly options: {
      accounts: AccountRepository;
      runs: RunRepository;
      collector: Collector;
      jobs: Jobs;
      plugins: KnownPlugins;
      budget: Pick<Budget, 'state'>;
      clock: Clock;
    },
  ) {}

  /**
   * Joins a run, under way or queued, that covers what is asked for, else queues one that follows it.
   * @throws NotFoundError, InvalidInputError, ConflictError (status; budget; one a minute)
   */
  async collectNow(
    viewer: TenantScope,
    ref: AccountRef,
    scope: { plugins?: string[]; regions?: string[] },
  ): Promise<CollectionRun> {
    const account = await this.collectable(viewer, ref);
    await this.assertWithinBudget(account);
    const { plugins = [], regions = [] } = judgeSettings(scope, account.partition, this.options.plugins);
    return this.oneAtATime(() => this.joinOrQueue(account, { plugins, regions }));
  }

  private async joinOrQueue(account: Account, scope: CollectionScope): Promise<CollectionRun> {
    const { collector, runs, jobs, clock } = this.options;
    const underWay = collector.underWay(account.id, scope);
    if (underWay) return underWay;
    const last = await runs.lastManual(account.id);
    if (last?.state === 'QUEUED' && this.isCoveredBy(last, scope)) return last;
    const wait = last ? last.scheduledFor + MANUAL_PAUSE_MS - clock.now() : 0;
    if (wait > 0) {
      const seconds = Math.ceil(wait / 1000);
      throw new ConflictError(
        'RC_COLLECTION_TOO_SOON',
        `The next collection by hand is possible in ${seconds} s`,
        {
          path: ['input', 'accountId'],
        },
      );
    }
    const run = await runs.insert(newRun(account, 'MANUAL', clock.now()));
    jobs.submit([
      {
        accountId: account.id,
        tenantId: account.tenantId,
        scheduledFor: run.scheduledFor,
        manual: { runId: run.id, scope },
      },
    ]);
    this.scopes.set(account.id, { runId: run.id, scope });
    return run;
  }

  private async assertWithinBudget(account: Account): Promise<void> {
    if ((await this.options.budget.state(account)) !== 'HELD') return;
    const message = `The budget of ${account.monthlyBudgetUsd} US dollars is spent for this month`;
    throw new ConflictError('RC_BUDGET_EXCEEDED', message, { path: ['input', 'accountId'] });
  }

  private isCoveredBy(run: CollectionRun, scope: CollectionScope): boolean {
    const known = this.scopes.get(run.accountId);
    return known?.runId === run.id && covers(known.scope, scope);
  }

  private async collectable(viewer: TenantScope, { accountId, givenId }: AccountRef): Promise<Account> {
    const account = accountId === null ? null : await this.options.accounts.within(viewer).find(accountId);
    if (!account) throw accountNotFound(givenId);
    if (isCollected(account)) return account;
    throw new ConflictError('RC_ACCOUNT_STATE', `An account that is ${account.status} is not collected`, {
      path: ['input', 'accountId'],
    });
  }
}

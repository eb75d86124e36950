import pLimit from 'p-limit';
import type { Plugin, ResourceType } from '../../plugins/contract';
import type { TenantScope } from '../access/viewer';
import type { AccessKeyVault } from '../accounts/access-key-vault';
import { validWaiver, type Account, type Verification } from '../accounts/account';
import type { KnownPlugins } from '../accounts/account-input';
import type { AccountRepository } from '../accounts/account-repository';
import { accountNotFound, type AccountRef } from '../accounts/account-service';
import { assertTrusted } from '../accounts/account-transitions';
import type { OnboardingDocuments } from '../accounts/onboarding-documents';
import { chosenPlugins } from '../accounts/chosen-plugins';
import { linkedSignal } from '../abort';
import { parseRoleArn } from '../aws/arn';
import type { Clock } from '../clock';
import { countInto, type UsageBook } from '../cost/usage-book';
import type { CredentialBroker } from '../credentials/credential-broker';
import { neededActions } from '../credentials/session-policy';
import type { ResourceRepository } from '../inventory/resource-repository';
import type { Logger } from '../logger';
import type { AccessKeyVerifier } from '../trust/access-key-verifier';
import type { RoleVerifier } from '../trust/role-verifier';
import type { AccountForecast, ForecastPart } from './account-forecast';
import type { PricedSeries } from './collection-cost';
import { collectionError } from './collection-failure';
import type { Discovery } from './discovery';
import type { EnabledRegions } from './enabled-regions';
import { ForecastPrices } from './forecast-prices';
import { forecastSubject, type ForecastRequest } from './forecast-subject';
import { StepTally } from './run-recorder';
import { profileOf, seriesOf } from './series-of';
import type { ActivityPreview, ForeseenActivity } from './activity/metric-activity';

/**
 * Tells what an account, or a change to it, would find, need and cost: the proof of its trust, then discovery. Nothing is
 * stored but the calls that it makes, and no metric is asked for: of what AWS charges for, a few pages of ListMetrics, which
 * tell what has data. A role that does not keep others out is not used.
 */
export class AccountForecaster {
  private readonly prices: ForecastPrices;

  constructor(
    private readonly options: {
      accounts: AccountRepository;
      resources: ResourceRepository;
      roles: RoleVerifier;
      keys: AccessKeyVerifier;
      vault: AccessKeyVault;
      broker: CredentialBroker;
      regions: EnabledRegions;
      discovery: Discovery;
      activity: ForeseenActivity;
      usage: UsageBook;
      documents: OnboardingDocuments;
      plugins: KnownPlugins & {
        list(): Plugin[];
        resourceType(type: string): { declaration: ResourceType } | null;
      };
      /** Discoveries at work at once. */
      concurrency: number;
      intervalMs: number;
      backfillDays: number;
      clock: Clock;
      log: Logger;
    },
  ) {
    this.prices = new ForecastPrices(options);
  }

  /** @throws NotFoundError, InvalidInputError, ConflictError, TrustRefusedError, AwsCallFailedError */
  async forecast(
    viewer: TenantScope,
    { accountId, givenId }: AccountRef,
    request: ForecastRequest,
    signal: AbortSignal,
  ): Promise<{ forecast: AccountForecast; verification: Verification }> {
    const { accounts, broker, plugins } = this.options;
    const account = accountId === null ? null : await accounts.within(viewer).find(accountId);
    if (!account) throw accountNotFound(givenId);
    const subject = forecastSubject(account, request, plugins);
    const wanted = linkedSignal([signal, broker.dropped(account.id)]);
    try {
      const verification = await this.prove(subject, wanted.signal);
      return { verification, forecast: await this.look(account, subject, verification, wanted.signal) };
    } finally {
      wanted.release();
      await this.forget(subject);
    }
  }

  /** Sessions of a role that was not connected meanwhile are of no use; those of one that was are at work. */
  private async forget(subject: Account): Promise<void> {
    const present = await this.options.accounts.load(subject.id);
    const isConnected = present?.connection === subject.connection && present.roleArn === subject.roleArn;
    if (!isConnected) this.options.broker.forget(subject);
  }

  /** @throws TrustRefusedError for a role that does not keep others out, or does not let Rolecall in */
  private async prove(subject: Account, signal: AbortSignal): Promise<Verification> {
    const { roles, keys, vault, clock } = this.options;
    const options = { waiver: validWaiver(subject, clock.now()), pays: 'REQUESTS' as const, signal };
    const verification =
      subject.connection === 'ROLE'
        ? await roles.verify(subject, parseRoleArn(subject.roleArn!)!, options)
        : (await keys.verify(subject, await vault.open(subject), options)).verification;
    assertTrusted(verification, { path: ['input'] });
    return verification;
  }

  private async look(
    account: Account,
    subject: Account,
    verification: Verification,
    signal: AbortSignal,
  ): Promise<AccountForecast> {
    const { regions, concurrency, documents } = this.options;
    const tally = this.tally(subject);
    const enabled = await regions.of(subject, signal, tally);
    const limit = pLimit(concurrency);
    const units = this.pluginsOf(subject).flatMap((plugin) =>
      enabled.regions.map((region) => limit(() => this.part(subject, plugin, region, signal))),
    );
    const found = await Promise.all(units);
    const series = found.flatMap((one) => one.series);
    const activity = await this.activityOf(subject, series, tally, signal);
    const active = series.filter((one) => activity.isActive(one));
    const monthly = this.prices.monthlyCost(subject, active, activity);
    const current =
      account.status === 'AWAITING_ROLE' ? null : await this.currentSeries(account, enabled.regions);
    const oneTime = this.prices.historyCost(subject, active, current ?? []);
    const parts = found.map(({ part, series: ofPart }) => ({
      ...part,
      monthlyCostUsd: this.prices.metricsCost(
        subject,
        ofPart.filter((one) => activity.isActive(one)),
      ).lower,
    }));
    const before = this.actionsOf(account);
    const after = this.actionsOf(subject);
    const sufficient = verification.checks.find(({ name }) => name === 'PERMISSIONS_SUFFICIENT');
    return {
      resources: parts.reduce((total, { resources }) => total + resources, 0),
      series: series.length,
      inactiveSeries: series.length - active.length,
      monthlyCostUsd: monthly.lower,
      monthlyCostUsdUpperBound: monthly.upper,
      oneTimeCostUsd: oneTime.lower,
      oneTimeCostUsdUpperBound: oneTime.upper,
      currentMonthlyCostUsd: current && this.currentCost(account, current),
      parts,
      permissionPolicy: documents.permissionPolicy(subject.plugins),
      addedActions: after.filter((action) => !before.includes(action)),
      removedActions: before.filter((action) => !after.includes(action)),
      missingActions: sufficient?.missingActions ?? [],
    };
  }

  private async part(
    subject: Account,
    plugin: Plugin,
    region: string,
    signal: AbortSignal,
  ): Promise<{ part: ForecastPart; series: PricedSeries[] }> {
    const { discovery, log } = this.options;
    const part: ForecastPart = {
      ...{ plugin: plugin.name, region },
      ...{ resources: 0, series: 0, monthlyCostUsd: 0, error: null },
    };
    try {
      const unit = { account: subject, plugin, region, calls: this.tally(subject, plugin.name), log };
      const found = await discovery.discover(unit, signal);
      const series = this.seriesOf(
        subject,
        found.map((resource) => ({ ...resource, id: 0, plugin: plugin.name, region })),
      );
      return { part: { ...part, resources: found.length, series: series.length }, series };
    } catch (error) {
      return { part: { ...part, error: collectionError(error) }, series: [] };
    }
  }

  /** Everything counts as active where it cannot be listed, as in a collection. */
  private async activityOf(
    subject: Account,
    series: readonly PricedSeries[],
    tally: StepTally,
    signal: AbortSignal,
  ): Promise<ActivityPreview> {
    const { activity, log } = this.options;
    try {
      return await activity.preview(subject, series, tally, signal);
    } catch (error) {
      signal.throwIfAborted();
      log.warn({ err: error, accountId: subject.id }, 'The active metrics of a forecast could not be listed');
      return { isActive: () => true, pagesAnHour: 0 };
    }
  }

  /** Of what is known of it, without asking AWS. */
  private async currentSeries(account: Account, regions: readonly string[]): Promise<PricedSeries[]> {
    const present = await Promise.all(
      this.pluginsOf(account).flatMap(({ name }) =>
        regions.map((region) => this.options.resources.present(account.id, name, region)),
      ),
    );
    return this.seriesOf(account, present.flat());
  }

  private currentCost(account: Account, series: readonly PricedSeries[]): number {
    const activity = this.options.activity.present(account.id);
    const active = series.filter((one) => activity.isActive(one));
    return this.prices.monthlyCost(account, active, activity).lower;
  }

  private tally(subject: Account, plugin: string | null = null): StepTally {
    return new StepTally(countInto(this.options.usage.meter(subject), plugin));
  }

  private seriesOf(account: Account, resources: readonly Parameters<typeof seriesOf>[0][]): PricedSeries[] {
    return resources.flatMap((resource) => {
      const declared = this.options.plugins.resourceType(resource.type);
      return declared ? seriesOf(resource, declared.declaration, profileOf(account, resource.plugin)) : [];
    });
  }

  private pluginsOf(account: Account): Plugin[] {
    return chosenPlugins(this.options.plugins.list(), account);
  }

  private actionsOf(account: Account): string[] {
    return neededActions(this.pluginsOf(account));
  }
}

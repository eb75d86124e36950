import { Arg, ID, Resolver, Root, Subscription, type SubscribeResolverData } from 'type-graphql';
import type { Account, Verification } from '../../core/accounts/account';
import type { AccountStatusChanged, CollectionProgressed, LiveEventKind } from '../../core/live/bus';
import type { ResourceChange } from '../../core/inventory/resource';
import { AccountType } from '../accounts/account.types';
import { VerificationType } from '../accounts/verification.types';
import type { OperationContext } from '../context';
import { MetricFilterInput, toSeriesFilter } from '../metrics/metric-inputs';
import { filterKeys } from '../relay/filter-ids';
import { RequiresRole } from '../required-role';
import { ResourceFilterInput, toResourceFilter } from '../resources/resource-inputs';
import { DateTime } from '../scalars';
import { mapStream } from './live-stream';
import {
  AccountStatusChangeType,
  CollectionProgressType,
  MetricUpdateType,
  ResourceChangeType,
} from './live.types';
import { matchesResource } from './matches-resource';
import type { MetricUpdate } from './metric-messages';
import { metricUpdates, type MetricUpdatesStart } from './metric-updates';

type Subscribing<Args> = SubscribeResolverData<unknown, Args, OperationContext>;

@Resolver()
export class SubscriptionsResolver {
  @RequiresRole('VIEWER')
  @Subscription(() => MetricUpdateType, {
    description:
      'New points of the matching series, one message per account and collection; a large one comes in several. ' +
      '`since` fills a new view with stored points first; they count as one answer. `after`, the `cursor` of the last ' +
      'message held, resumes: every change since, late points and revisions included, none missing, none twice. When it is ' +
      'too old the error says so, and `since` fills again.',
    subscribe: ({ args, context }: Subscribing<{ filter: MetricFilterInput } & MetricUpdatesStart>) =>
      metricUpdates(context, toSeriesFilter(args.filter), args),
  })
  metricUpdates(
    @Root() update: MetricUpdate,
    @Arg('filter', () => MetricFilterInput) _filter: MetricFilterInput,
    @Arg('since', () => DateTime, { nullable: true }) _since: number | null,
    @Arg('after', () => String, { nullable: true }) _after: string | null,
  ): MetricUpdate {
    return update;
  }

  @RequiresRole('VIEWER')
  @Subscription(() => ResourceChangeType, {
    description: 'Resources that appeared, changed or went.',
    subscribe: ({ args, context }: Subscribing<{ filter?: ResourceFilterInput | null }>) => {
      const filter = toResourceFilter(args.filter);
      const { services, viewer } = context;
      const events = services.bus.subscribe('resourceChanged', viewer.tenantId, ({ change }) =>
        matchesResource(filter, change.resource),
      );
      return mapStream(events, ({ change }) => change);
    },
  })
  resourceChanges(
    @Root() change: ResourceChange,
    @Arg('filter', () => ResourceFilterInput, { nullable: true }) _filter: ResourceFilterInput | null,
  ): ResourceChange {
    return change;
  }

  @RequiresRole('VIEWER')
  @Subscription(() => AccountStatusChangeType, {
    description: 'Of all accounts when none is named.',
    subscribe: (data: Subscribing<OfAccounts>) => eventsOfAccounts('accountStatusChanged', data),
  })
  accountStatusChanges(
    @Root() change: AccountStatusChanged,
    @Arg('accountIds', () => [ID], { nullable: true }) _accountIds: string[] | null,
  ): AccountStatusChanged {
    return change;
  }

  @RequiresRole('VIEWER')
  @Subscription(() => AccountType, {
    description:
      'The account as it now is, after any change of it: settings, a promoted external ID, verification, status. ' +
      'Of all accounts when none is named.',
    subscribe: (data: Subscribing<OfAccounts>) =>
      mapStream(eventsOfAccounts('accountChanged', data), ({ account }) => account),
  })
  accountChanges(
    @Root() account: Account,
    @Arg('accountIds', () => [ID], { nullable: true }) _accountIds: string[] | null,
  ): Account {
    return account;
  }

  @RequiresRole('VIEWER')
  @Subscription(() => VerificationType, {
    description: 'Trust checks as they run: the whole verification each time one of them has its answer.',
    subscribe: ({ args, context }: Subscribing<{ accountId: string }>) =>
      mapStream(
        eventsOfAccounts('verificationProgressed', { args: { accountIds: [args.accountId] }, context }),
        ({ verification }) => verification,
      ),
  })
  verificationProgress(
    @Root() verification: Verification,
    @Arg('accountId', () => ID) _accountId: string,
  ): Verification {
    return verification;
  }

  @RequiresRole('VIEWER')
  @Subscription(() => CollectionProgressType, {
    description: 'Progress of collections, step by step; of all accounts when none is named.',
    subscribe: (data: Subscribing<OfAccounts>) => eventsOfAccounts('collectionProgressed', data),
  })
  collectionProgress(
    @Root() progress: CollectionProgressed,
    @Arg('accountIds', () => [ID], { nullable: true }) _accountIds: string[] | null,
  ): CollectionProgressed {
    return progress;
  }
}

interface OfAccounts {
  accountIds?: string[] | null;
}

function eventsOfAccounts<K extends LiveEventKind>(
  kind: K,
  { args, context }: Pick<Subscribing<OfAccounts>, 'args' | 'context'>,
) {
  const accounts = filterKeys('accountIds', 'Account', args.accountIds);
  const { services, viewer } = context;
  return services.bus.subscribe(
    kind,
    viewer.tenantId,
    ({ accountId }) => !accounts || accounts.includes(accountId),
  );
}

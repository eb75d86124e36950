import { registerEnumType } from 'type-graphql';
import type {
  AccountStatus,
  CheckName,
  CheckOutcome,
  ConnectionMethod,
  ExternalIdState,
  MetricLevel,
  Partition,
} from '../../core/accounts/account';
import type { AccountOrder } from '../../core/accounts/account-repository';
import type { EnumOf } from '../enum-of';

export const PartitionEnum: EnumOf<Partition> = { AWS: 'AWS', AWS_US_GOV: 'AWS_US_GOV', AWS_CN: 'AWS_CN' };
registerEnumType(PartitionEnum, {
  name: 'Partition',
  description: 'A separate part of AWS, with its own accounts.',
});

export const AccountStatusEnum: EnumOf<AccountStatus> = {
  AWAITING_ROLE: 'AWAITING_ROLE',
  CONNECTED: 'CONNECTED',
  DEGRADED: 'DEGRADED',
  BROKEN: 'BROKEN',
  INSECURE: 'INSECURE',
  PAUSED: 'PAUSED',
  REMOVED: 'REMOVED',
};
registerEnumType(AccountStatusEnum, {
  name: 'AccountStatus',
  description:
    'DEGRADED: some plugin or region fails. BROKEN: no credentials can be had. INSECURE: the role opens without its ' +
    'external ID; nothing is collected. REMOVED: only its history is left.',
});

export const ConnectionMethodEnum: EnumOf<ConnectionMethod> = { ROLE: 'ROLE', ACCESS_KEY: 'ACCESS_KEY' };
registerEnumType(ConnectionMethodEnum, {
  name: 'AccountConnectionMethod',
  description: 'How the gateway gets credentials of the account.',
});

export const ExternalIdStateEnum: EnumOf<ExternalIdState> = {
  PENDING: 'PENDING',
  ACTIVE: 'ACTIVE',
  RETIRED: 'RETIRED',
};
registerEnumType(ExternalIdStateEnum, {
  name: 'ExternalIdState',
  description:
    'ACTIVE: collected with. PENDING: promoted as soon as STS accepts it. RETIRED: never used again.',
});

export const CheckNameEnum: EnumOf<CheckName> = {
  ASSUMES_WITH_EXTERNAL_ID: 'ASSUMES_WITH_EXTERNAL_ID',
  REFUSED_WITHOUT_EXTERNAL_ID: 'REFUSED_WITHOUT_EXTERNAL_ID',
  REFUSED_WITH_WRONG_EXTERNAL_ID: 'REFUSED_WITH_WRONG_EXTERNAL_ID',
  ACCOUNT_MATCHES: 'ACCOUNT_MATCHES',
  RETIRED_EXTERNAL_ID_REFUSED: 'RETIRED_EXTERNAL_ID_REFUSED',
  PERMISSIONS_SUFFICIENT: 'PERMISSIONS_SUFFICIENT',
  PERMISSIONS_NOT_EXCESSIVE: 'PERMISSIONS_NOT_EXCESSIVE',
};
registerEnumType(CheckNameEnum, { name: 'CheckName', description: 'What a verification looks at.' });

export const CheckOutcomeEnum: EnumOf<CheckOutcome> = {
  RUNNING: 'RUNNING',
  PASSED: 'PASSED',
  WARNING: 'WARNING',
  FAILED: 'FAILED',
  SKIPPED: 'SKIPPED',
};
registerEnumType(CheckOutcomeEnum, {
  name: 'CheckOutcome',
  description: 'How a check ended, or that it runs.',
});

export const MetricLevelEnum: EnumOf<MetricLevel> = { CORE: 'CORE', EXTENDED: 'EXTENDED', CUSTOM: 'CUSTOM' };
registerEnumType(MetricLevelEnum, {
  name: 'MetricLevel',
  description: 'CUSTOM: exactly the metrics listed, each as Name or Name:Statistic.',
});

export const AccountOrderFieldEnum: EnumOf<AccountOrder['field']> = {
  STATUS_SEVERITY: 'STATUS_SEVERITY',
  NAME: 'NAME',
  CREATED_AT: 'CREATED_AT',
  LAST_COLLECTED_AT: 'LAST_COLLECTED_AT',
  COST: 'COST',
  COMPLETENESS: 'COMPLETENESS',
};
registerEnumType(AccountOrderFieldEnum, {
  name: 'AccountOrderField',
  description:
    'STATUS_SEVERITY: ascending from the worst. COST: of the month to date. COMPLETENESS: of the last day, counted every ' +
    'quarter of an hour; accounts that have none come last ascending, first descending.',
});

import type { CollectionError } from './collection-run';

/** What would be found and cost in one Region by one plugin; `error` where it could not be asked. */
export interface ForecastPart {
  plugin: string;
  region: string;
  resources: number;
  series: number;
  /** Of its metrics; listings and the daily proof are of the whole account. */
  monthlyCostUsd: number;
  error: CollectionError | null;
}

/** US dollars a month of 30 days, by AWS's price list, in a quiet month with nothing but what is there now. */
export interface AccountForecast {
  resources: number;
  series: number;
  /** Of those, CloudWatch has had no data of for three hours: they are not asked for. */
  inactiveSeries: number;
  monthlyCostUsd: number;
  monthlyCostUsdUpperBound: number;
  /** The history of what is new. */
  oneTimeCostUsd: number;
  oneTimeCostUsdUpperBound: number;
  /** Of the account as it is now; null while nothing is connected. */
  currentMonthlyCostUsd: number | null;
  parts: ForecastPart[];
  permissionPolicy: Record<string, unknown>;
  /** Against the permission policy of the account as it is now. */
  addedActions: string[];
  removedActions: string[];
  /** Declared by the plugins, refused by the role. */
  missingActions: string[];
}

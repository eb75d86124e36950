import { parseRoleArn, type RoleArn } from '../aws/arn';
import { PARTITIONS } from '../aws/partition';
import { InvalidInputError, type ErrorCode } from '../errors';
import {
  METRIC_PERIODS,
  type AccountSettings,
  type MetricProfile,
  type Partition,
  type TagFilter,
} from './account';

/**
 * Inputs are judged here and not by scalars, so that a mistake is a typed answer that names the field.
 * Every function returns what is stored, or throws InvalidInputError.
 */

/** What the judge needs to know of the plugins. */
export interface KnownPlugins {
  names(): string[];
  /** `Name` and `Name:Statistic` of every metric that the plugin declares. */
  metricNames(plugin: string): ReadonlySet<string>;
}

const LIMITS = {
  regions: 50,
  tagFilters: 50,
  tagKey: 128,
  tagValue: 256,
  values: 50,
  labels: 50,
  metrics: 500,
};
const MAX_BUDGET_USD = 1_000_000;

function refuse(code: ErrorCode, field: string | string[], message: string): never {
  throw new InvalidInputError(code, message, { path: ['input', ...[field].flat()] });
}

/** Quotes what was given, cut to a length that a message bears. */
function quote(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

export function judgeAwsAccountId(value: string): string {
  if (!/^\d{12}$/.test(value)) {
    refuse(
      'RC_ACCOUNT_AWS_ID_INVALID',
      'awsAccountId',
      `${quote(value)} is not an AWS account ID of 12 digits`,
    );
  }
  return value;
}

/** The account may know its AWS account ID already; the role must then live in that account. */
export function judgeRoleArn(value: string, partition: Partition, awsAccountId: string | null): RoleArn {
  const role = parseRoleArn(value);
  if (!role)
    refuse('RC_ACCOUNT_ROLE_ARN_INVALID', 'roleArn', `${quote(value)} is not the ARN of an IAM role`);
  if (role.partition !== partition) {
    const found = PARTITIONS[role.partition].arn;
    const expected = PARTITIONS[partition].arn;
    refuse(
      'RC_ACCOUNT_ROLE_ARN_INVALID',
      'roleArn',
      `The role is in partition ${found}, the account in ${expected}`,
    );
  }
  if (awsAccountId && role.awsAccountId !== awsAccountId) {
    refuse(
      'RC_ACCOUNT_ROLE_ARN_INVALID',
      'roleArn',
      `The role is in AWS account ${role.awsAccountId}, this account is ${awsAccountId}`,
    );
  }
  return role;
}

/** An access key ID of an IAM user (AKIA…) and its secret. What was given is never quoted. */
export function judgeAccessKey(key: { accessKeyId: string; secretAccessKey: string }) {
  if (!/^AKIA[A-Z0-9]{16}$/.test(key.accessKeyId)) {
    refuse(
      'RC_ACCOUNT_ACCESS_KEY_INVALID',
      ['accessKey', 'accessKeyId'],
      'The access key ID is not one of an IAM user: AKIA and 16 capital letters or digits',
    );
  }
  if (!/^[A-Za-z0-9/+=]{40}$/.test(key.secretAccessKey)) {
    refuse(
      'RC_ACCOUNT_ACCESS_KEY_INVALID',
      ['accessKey', 'secretAccessKey'],
      'The secret access key is not one: 40 letters, digits, / + or =',
    );
  }
  return { accessKeyId: key.accessKeyId, secretAccessKey: key.secretAccessKey };
}

/** Judges the settings that are given; the others stay as they are. */
export function judgeSettings(
  given: Partial<AccountSettings>,
  partition: Partition,
  plugins: KnownPlugins,
): Partial<AccountSettings> {
  const judged: Partial<AccountSettings> = {};
  if (given.name !== undefined) judged.name = judgeName(given.name);
  if (given.regions !== undefined) judged.regions = judgeRegions(given.regions, partition);
  if (given.plugins !== undefined) judged.plugins = judgePlugins(given.plugins, plugins);
  if (given.tagFilter !== undefined) judged.tagFilter = judgeTagFilter(given.tagFilter);
  if (given.metricProfiles !== undefined)
    judged.metricProfiles = judgeMetricProfiles(given.metricProfiles, plugins);
  if (given.labels !== undefined) judged.labels = judgeLabels(given.labels);
  if (given.monthlyBudgetUsd !== undefined) judged.monthlyBudgetUsd = judgeBudget(given.monthlyBudgetUsd);
  return judged;
}

function judgeName(value: string): string {
  const name = value.trim();
  if (name.length < 1 || name.length > 128) {
    refuse('RC_ACCOUNT_NAME_INVALID', 'name', `A name of ${name.length} characters was given`);
  }
  return name;
}

function judgeRegions(values: string[], partition: Partition): string[] {
  const wrong = values.find((region) => !PARTITIONS[partition].regionPattern.test(region));
  if (wrong !== undefined) {
    refuse(
      'RC_ACCOUNT_REGION_INVALID',
      'regions',
      `${quote(wrong)} is not a Region of partition ${PARTITIONS[partition].arn}`,
    );
  }
  if (values.length > LIMITS.regions) {
    refuse(
      'RC_ACCOUNT_REGION_INVALID',
      'regions',
      `${values.length} Regions were given, at most ${LIMITS.regions}`,
    );
  }
  return [...new Set(values)].sort();
}

function judgePlugins(values: string[], plugins: KnownPlugins): string[] {
  values.forEach((plugin) => judgePlugin(plugin, 'plugins', plugins));
  return [...new Set(values)].sort();
}

function judgePlugin(name: string, field: string, plugins: KnownPlugins): void {
  if (plugins.names().includes(name)) return;
  refuse(
    'RC_ACCOUNT_PLUGIN_UNKNOWN',
    field,
    `There is no plugin ${quote(name)}; there are ${plugins.names().join(', ')}`,
  );
}

function judgeTagFilter(filters: TagFilter[]): TagFilter[] {
  const code = 'RC_ACCOUNT_TAG_FILTER_INVALID';
  if (filters.length > LIMITS.tagFilters) refuse(code, 'tagFilter', `${filters.length} filters were given`);
  return filters.map(({ key, values }) => {
    if (key.length < 1 || key.length > LIMITS.tagKey)
      refuse(code, 'tagFilter', `The key ${quote(key)} is not a tag key`);
    if ((values?.length ?? 0) > LIMITS.values)
      refuse(code, 'tagFilter', `Tag ${quote(key)} has too many values`);
    const wrong = values?.find((value) => value.length > LIMITS.tagValue);
    if (wrong !== undefined) refuse(code, 'tagFilter', `The value ${quote(wrong)} is longer than a tag's`);
    return { key, values: values ?? null };
  });
}

function judgeMetricProfiles(profiles: MetricProfile[], plugins: KnownPlugins): MetricProfile[] {
  const code = 'RC_ACCOUNT_METRIC_PROFILE_INVALID';
  const seen = new Set<string>();
  return profiles.map(({ plugin, level, metrics, periodSeconds }) => {
    judgePlugin(plugin, 'metricProfiles', plugins);
    if (seen.has(plugin)) refuse(code, 'metricProfiles', `Plugin ${plugin} is named twice`);
    seen.add(plugin);
    const given = metrics ?? [];
    if ((level === 'CUSTOM') !== given.length > 0) {
      refuse(code, 'metricProfiles', `Level ${level} was given with ${given.length} metrics`);
    }
    if (given.length > LIMITS.metrics) refuse(code, 'metricProfiles', `${given.length} metrics were given`);
    const unknown = given.find((metric) => !plugins.metricNames(plugin).has(metric));
    if (unknown !== undefined)
      refuse(code, 'metricProfiles', `Plugin ${plugin} has no metric ${quote(unknown)}`);
    if (!METRIC_PERIODS.includes(periodSeconds))
      refuse(code, 'metricProfiles', `A period of ${periodSeconds} s was given; there are 60 and 300`);
    return { plugin, level, metrics: [...new Set(given)].sort(), periodSeconds };
  });
}

function judgeLabels(labels: Record<string, unknown>): Record<string, string> {
  const code = 'RC_ACCOUNT_LABELS_INVALID';
  const entries = Object.entries(labels);
  if (entries.length > LIMITS.labels) refuse(code, 'labels', `${entries.length} labels were given`);
  for (const [key, value] of entries) {
    if (key.length < 1 || key.length > 63)
      refuse(code, 'labels', `The key ${quote(key)} is too long or empty`);
    if (typeof value !== 'string' || value.length > 255) {
      refuse(code, 'labels', `The value of ${quote(key)} is not a string of at most 255 characters`);
    }
  }
  return labels as Record<string, string>;
}

function judgeBudget(value: number | null): number | null {
  if (value !== null && !(value >= 0 && value <= MAX_BUDGET_USD)) {
    refuse('RC_ACCOUNT_BUDGET_INVALID', 'monthlyBudgetUsd', `${value} is not a budget in US dollars`);
  }
  return value;
}

import type { TagFilter } from '../accounts/account';

/** A thing in an AWS account that a plugin found. Instants are epoch milliseconds. */
export interface Resource {
  id: number;
  tenantId: number;
  accountId: number;
  plugin: string;
  /** As the plugin declares it, for example ec2:instance. */
  type: string;
  region: string;
  /** Unique within account, Region and type: the ARN, or what the plugin gave as `id`. */
  key: string;
  arn: string | null;
  name: string | null;
  tags: Record<string, string>;
  attributes: Record<string, unknown>;
  firstSeenAt: number;
  lastSeenAt: number;
  /** Set when discovery no longer finds it. Its history stays. */
  goneAt: number | null;
}

/** What discovery says about one resource, before it has a row. */
export type FoundResource = Pick<Resource, 'type' | 'key' | 'arn' | 'name' | 'tags' | 'attributes'>;

export type ResourceChangeKind = 'APPEARED' | 'CHANGED' | 'GONE';

export interface ResourceChange {
  kind: ResourceChangeKind;
  resource: Resource;
  /** `arn`, `name`, `tags`, or `attributes.<name>`; empty unless CHANGED. */
  changedFields: string[];
  at: number;
}

export interface ResourceFilter {
  ids?: number[];
  accountIds?: number[];
  /** Of these tenants alone, not of those below them. */
  tenantIds?: number[];
  plugins?: string[];
  types?: string[];
  regions?: string[];
  /** All must match. */
  tags?: TagFilter[];
  /** Case-insensitive part of the name, the ARN or the key. */
  search?: string;
  includeGone?: boolean;
}

export interface ResourceOrder {
  field: 'NAME' | 'TYPE' | 'REGION' | 'FIRST_SEEN_AT' | 'LAST_SEEN_AT';
  direction: 'ASC' | 'DESC';
}

import { InitialSchema1763942400000 } from './1763942400000-initial-schema';
import { Trust1764000200000 } from './1764000200000-trust';
import { Audit1764000300000 } from './1764000300000-audit';
import { TenantTree1764000400000 } from './1764000400000-tenant-tree';
import { TokenUse1764000450000 } from './1764000450000-token-use';
import { MetricStore1764000500000 } from './1764000500000-metric-store';
import { SettleTimes1764000520000 } from './1764000520000-settle-times';
import { CollectionPace1764000540000 } from './1764000540000-collection-pace';
import { Cost1764000560000 } from './1764000560000-cost';
import { Completeness1764000580000 } from './1764000580000-completeness';

/** Every migration ever released, the oldest first. One that was released is never changed. */
export const MIGRATIONS = [
  InitialSchema1763942400000,
  Trust1764000200000,
  Audit1764000300000,
  TenantTree1764000400000,
  TokenUse1764000450000,
  MetricStore1764000500000,
  SettleTimes1764000520000,
  CollectionPace1764000540000,
  Cost1764000560000,
  Completeness1764000580000,
] as const;

/** Where TypeORM notes which of them ran. */
export const MIGRATION_TABLE = 'migration';

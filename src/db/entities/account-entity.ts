import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import type {
  Account,
  AccountStatus,
  ConnectionMethod,
  MetricProfile,
  Partition,
  StoredAccessKey,
  TagFilter,
  Verification,
  Waiver,
} from '../../core/accounts/account';

/** Row of `account`. External IDs and the due time lie in tables of their own. */
@Entity('account')
export class AccountEntity implements Omit<Account, 'externalIds' | 'nextCollectionAt'> {
  @PrimaryGeneratedColumn('increment', { type: 'integer' })
  id: number;

  @Column('integer', { name: 'tenant_id' })
  tenantId: number;

  @Column('text')
  name: string;

  @Column('text', { name: 'aws_account_id', nullable: true })
  awsAccountId: string | null;

  @Column('text')
  partition: Partition;

  @Column('text')
  status: AccountStatus;

  @Column('text', { name: 'status_reason', nullable: true })
  statusReason: string | null;

  @Column('text')
  connection: ConnectionMethod;

  @Column('text', { name: 'role_arn', nullable: true })
  roleArn: string | null;

  /** Never loaded along: only `sealedAccessKey` selects it. */
  @Column('text', { name: 'sealed_access_key', nullable: true, select: false })
  sealedAccessKey?: string | null;

  @Column('simple-json', { nullable: true })
  verification: Verification | null;

  @Column('integer', { name: 'next_verification_at', nullable: true })
  nextVerificationAt: number | null;

  @Column('simple-json', { nullable: true })
  waiver: Waiver | null;

  @Column('simple-json', { name: 'access_key', nullable: true })
  accessKey: StoredAccessKey | null;

  @Column('simple-json')
  regions: string[];

  @Column('simple-json')
  plugins: string[];

  @Column('simple-json', { name: 'tag_filter' })
  tagFilter: TagFilter[];

  @Column('simple-json', { name: 'metric_profiles' })
  metricProfiles: MetricProfile[];

  @Column('simple-json')
  labels: Record<string, string>;

  @Column('real', { name: 'monthly_budget_usd', nullable: true })
  monthlyBudgetUsd: number | null;

  @Column('integer', { name: 'created_at' })
  createdAt: number;

  @Column('integer', { name: 'removed_at', nullable: true })
  removedAt: number | null;

  @Column('integer', { name: 'last_collected_at', nullable: true })
  lastCollectedAt: number | null;
}

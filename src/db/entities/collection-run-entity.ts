import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import type {
  CollectionRun,
  CollectionState,
  CollectionStepResult,
  CollectionTrigger,
} from '../../core/collection/collection-run';

/** Row of `collection_run`. */
@Entity('collection_run')
export class CollectionRunEntity implements CollectionRun {
  @PrimaryGeneratedColumn('increment', { type: 'integer' })
  id: number;

  @Column('integer', { name: 'tenant_id' })
  tenantId: number;

  @Column('integer', { name: 'account_id' })
  accountId: number;

  @Column('text')
  trigger: CollectionTrigger;

  @Column('text')
  state: CollectionState;

  @Column('integer', { name: 'scheduled_for' })
  scheduledFor: number;

  @Column('integer', { name: 'started_at', nullable: true })
  startedAt: number | null;

  @Column('integer', { name: 'finished_at', nullable: true })
  finishedAt: number | null;

  @Column('integer', { name: 'resources_found' })
  resourcesFound: number;

  @Column('integer', { name: 'series_collected' })
  seriesCollected: number;

  @Column('integer', { name: 'points_stored' })
  pointsStored: number;

  @Column('integer', { name: 'points_backfilled' })
  pointsBackfilled: number;

  @Column('integer', { name: 'aws_calls' })
  awsCalls: number;

  @Column('real', { name: 'cost_usd' })
  costUsd: number;

  @Column('simple-json')
  steps: CollectionStepResult[];
}

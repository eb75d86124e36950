import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ExternalId, ExternalIdState } from '../../core/accounts/account';

/** Row of `external_id`. It outlives its account, so that no value is ever used twice. */
@Entity('external_id')
export class ExternalIdEntity implements ExternalId {
  @PrimaryColumn('text')
  value: string;

  @Column('integer', { name: 'account_id' })
  accountId: number;

  @Column('text')
  state: ExternalIdState;

  @Column('integer', { name: 'created_at' })
  createdAt: number;

  @Column('integer', { name: 'activated_at', nullable: true })
  activatedAt: number | null;

  @Column('integer', { name: 'retired_at', nullable: true })
  retiredAt: number | null;

  @Column('integer', { name: 'accepted_at', nullable: true })
  acceptedAt: number | null;

  @Column('integer', { name: 'refused_at', nullable: true })
  refusedAt: number | null;

  /** When it is tried next; null when there is nothing to find out. */
  @Column('integer', { name: 'next_probe_at', nullable: true })
  nextProbeAt: number | null;

  /** Failed probes in a row. */
  @Column('integer', { name: 'probe_failures' })
  probeFailures: number;
}

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
}

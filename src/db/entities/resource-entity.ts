import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import type { Resource } from '../../core/inventory/resource';

/** Row of `resource`. */
@Entity('resource')
export class ResourceEntity implements Resource {
  @PrimaryGeneratedColumn('increment', { type: 'integer' })
  id: number;

  @Column('integer', { name: 'tenant_id' })
  tenantId: number;

  @Column('integer', { name: 'account_id' })
  accountId: number;

  @Column('text')
  plugin: string;

  @Column('text')
  type: string;

  @Column('text')
  region: string;

  @Column('text')
  key: string;

  @Column('text', { nullable: true })
  arn: string | null;

  @Column('text', { nullable: true })
  name: string | null;

  @Column('simple-json')
  tags: Record<string, string>;

  @Column('simple-json')
  attributes: Record<string, unknown>;

  @Column('integer', { name: 'first_seen_at' })
  firstSeenAt: number;

  @Column('integer', { name: 'last_seen_at' })
  lastSeenAt: number;

  @Column('integer', { name: 'gone_at', nullable: true })
  goneAt: number | null;
}

import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import type { Tenant } from '../../core/access/tenant-repository';

/** Row of `tenant`. */
@Entity('tenant')
export class TenantEntity implements Tenant {
  @PrimaryGeneratedColumn('increment', { type: 'integer' })
  id: number;

  @Column('integer', { name: 'parent_id', nullable: true })
  parentId: number | null;

  @Column('text')
  name: string;

  @Column('integer', { name: 'created_at' })
  createdAt: number;
}

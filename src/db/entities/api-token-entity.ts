import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import type { ApiToken } from '../../core/access/token-repository';
import type { Role } from '../../core/access/viewer';

/** Row of `api_token`. */
@Entity('api_token')
export class ApiTokenEntity implements ApiToken {
  @PrimaryGeneratedColumn('increment', { type: 'integer' })
  id: number;

  @Column('integer', { name: 'tenant_id' })
  tenantId: number;

  @Column('text')
  name: string;

  @Column('text')
  role: Role;

  @Column('text', { name: 'lookup_id' })
  lookupId: string;

  @Column('text', { name: 'secret_hash' })
  secretHash: string;

  @Column('integer', { name: 'created_at' })
  createdAt: number;

  @Column('integer', { name: 'expires_at', nullable: true })
  expiresAt: number | null;

  @Column('integer', { name: 'revoked_at', nullable: true })
  revokedAt: number | null;

  @Column('integer', { name: 'last_used_at', nullable: true })
  lastUsedAt: number | null;
}

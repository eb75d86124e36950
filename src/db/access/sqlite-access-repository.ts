import { IsNull, type EntityManager } from 'typeorm';
import type { AccessRepository, ApiToken, Tenant } from '../../core/access/access-repository';
import { ApiTokenEntity } from '../entities/api-token-entity';
import { TenantEntity } from '../entities/tenant-entity';
import type { EntityWriter } from '../transactions';

/** Tenants and API tokens. */
export class SqliteAccessRepository implements AccessRepository {
  constructor(
    private readonly writer: EntityWriter,
    private readonly reader: EntityManager,
  ) {}

  createTenant(tenant: Omit<Tenant, 'id'>): Promise<Tenant> {
    return this.writer.transaction(async ({ manager }) => {
      const { identifiers } = await manager.insert(TenantEntity, { ...tenant });
      return { ...tenant, id: identifiers[0].id as number };
    });
  }

  async rootTenant(): Promise<Tenant | null> {
    const [tenant] = await this.reader.find(TenantEntity, { order: { id: 'ASC' }, take: 1 });
    return tenant ? { ...tenant } : null;
  }

  async findTenant(id: number): Promise<Tenant | null> {
    const tenant = await this.reader.findOneBy(TenantEntity, { id });
    return tenant && { ...tenant };
  }

  async findTenantByName(name: string): Promise<Tenant | null> {
    const tenant = await this.reader.findOneBy(TenantEntity, { name });
    return tenant && { ...tenant };
  }

  createToken(token: Omit<ApiToken, 'id'>): Promise<ApiToken> {
    return this.writer.transaction(async ({ manager }) => {
      const { identifiers } = await manager.insert(ApiTokenEntity, { ...token });
      return { ...token, id: identifiers[0].id as number };
    });
  }

  async findTokenByLookupId(lookupId: string): Promise<ApiToken | null> {
    const token = await this.reader.findOneBy(ApiTokenEntity, { lookupId });
    return token && { ...token };
  }

  async revokeToken(id: number, at: number): Promise<void> {
    await this.writer.transaction(({ manager }) =>
      manager.update(ApiTokenEntity, { id, revokedAt: IsNull() }, { revokedAt: at }),
    );
  }
}

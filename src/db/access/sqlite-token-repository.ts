import { In, type EntityManager } from 'typeorm';
import type {
  ApiToken,
  NewApiToken,
  ScopedTokens,
  TokenRepository,
} from '../../core/access/token-repository';
import type { TenantScope } from '../../core/access/viewer';
import type { Page, PageRequest } from '../../core/paging';
import { Conditions } from '../conditions';
import { ApiTokenEntity } from '../entities/api-token-entity';
import { inOrder } from '../in-order';
import { keysetPage, loadPage } from '../keyset-page';
import type { SqliteConnection } from '../sqlite-connection';
import { ofScope } from '../tenant-scope';
import type { EntityWriter } from '../transactions';

/** API tokens. */
export class SqliteTokenRepository implements TokenRepository {
  constructor(
    private readonly writer: EntityWriter,
    private readonly entities: EntityManager,
    private readonly reader: SqliteConnection,
  ) {}

  within(scope: TenantScope): ScopedTokens {
    return {
      findMany: (ids) => this.#findMany(scope, ids),
      list: (page) => this.#list(scope, page),
      revoke: async (id, at) => {
        const [found] = await this.#findMany(scope, [id]);
        if (!found) return null;
        await this.revoke(id, at);
        return this.#load(id);
      },
    };
  }

  insert(token: NewApiToken): Promise<ApiToken> {
    const stored = { ...token, revokedAt: null, lastUsedAt: null };
    return this.writer.transaction(async ({ manager }) => {
      const { identifiers } = await manager.insert(ApiTokenEntity, { ...stored });
      return { ...stored, id: identifiers[0].id as number };
    });
  }

  async findByLookupId(lookupId: string): Promise<ApiToken | null> {
    const token = await this.entities.findOneBy(ApiTokenEntity, { lookupId });
    return token && { ...token };
  }

  async revoke(id: number, at: number): Promise<void> {
    await this.writer.transaction(({ run }) =>
      run('UPDATE api_token SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL', [at, id]),
    );
  }

  async revokedOf(ids: readonly number[]): Promise<number[]> {
    const revoked = await this.reader.all<{ id: number }>(
      `SELECT id FROM api_token WHERE id IN (SELECT value FROM json_each(?)) AND revoked_at IS NOT NULL`,
      [JSON.stringify(ids)],
    );
    return revoked.map(({ id }) => id);
  }

  async noteUse(id: number, at: number, notSince: number): Promise<void> {
    await this.writer.transaction(({ run }) =>
      run(
        `UPDATE api_token SET last_used_at = ? WHERE id = ? AND (last_used_at IS NULL OR last_used_at <= ?)`,
        [at, id, notSince],
      ),
    );
  }

  async #load(id: number): Promise<ApiToken | null> {
    const token = await this.entities.findOneBy(ApiTokenEntity, { id });
    return token && { ...token };
  }

  async #findMany(scope: TenantScope, ids: readonly number[]): Promise<(ApiToken | null)[]> {
    const found = await this.entities.findBy(ApiTokenEntity, { tenantId: ofScope(scope), id: In(ids) });
    return inOrder(
      ids,
      found.map((token) => ({ ...token })),
    );
  }

  async #list(scope: TenantScope, page: PageRequest): Promise<Page<ApiToken>> {
    const query = {
      from: 'api_token',
      where: new Conditions().within('tenant_id', scope),
      id: 'id',
      sort: null,
      direction: 'DESC' as const,
    };
    return loadPage(await keysetPage(this.reader, query, page), (ids) => this.#findMany(scope, ids));
  }
}

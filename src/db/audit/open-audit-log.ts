import type { Tenant } from '../../core/access/tenant-repository';
import type { AuditChains } from '../../core/audit/audit-repository';
import { openRawConnection } from '../database-file';
import { SqliteAuditChains } from './audit-chains';

/** The audit log of a database that may be in use: read, and nothing else. */
export interface AuditLog {
  chains: AuditChains;
  tenants(): Promise<Tenant[]>;
  close(): Promise<void>;
}

/** Makes and migrates nothing. @throws SqliteError when there is no such file, or it was never opened by this version. */
export async function openAuditLog(file: string): Promise<AuditLog> {
  const reader = await openRawConnection(file, 'readonly');
  return {
    chains: new SqliteAuditChains(reader),
    tenants: () =>
      reader.all<Tenant>('SELECT id, parent_id AS parentId, name, created_at AS createdAt FROM tenant'),
    close: () => reader.close(),
  };
}

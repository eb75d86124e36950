import type { AuditRecord, AuditTrail } from '../../src/core/audit/audit-trail';

/** An audit trail that a test reads. */
export class MemoryAudit implements AuditTrail {
  readonly records: AuditRecord[] = [];

  async record(entry: AuditRecord): Promise<void> {
    this.records.push(entry);
  }

  /** `action why` of each. */
  steps(): string[] {
    return this.records.map(({ action, detail }) => `${action} ${String(detail?.['why'])}`);
  }
}

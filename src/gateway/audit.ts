import { join } from 'node:path';
import type { Configuration } from '../config/settings';
import { AuditCheckpoints } from '../core/audit/audit-checkpoints';
import { AuditIntegrity } from '../core/audit/audit-integrity';
import { AuditPublicKeys, loadAuditKeys } from '../core/audit/audit-key';
import { AuditVerifier } from '../core/audit/audit-verifier';
import { CheckpointFile } from '../core/audit/checkpoint-file';
import type { Clock } from '../core/clock';
import type { Logger } from '../core/logger';
import type { Database } from '../db';

type AuditConfiguration = Pick<Configuration, 'auditKey' | 'auditCheckpoints' | 'dataDir'>;

/** Where the key of the checkpoints lies. */
export function auditKeySource({ auditKey, dataDir }: AuditConfiguration) {
  return { value: auditKey ?? undefined, file: join(dataDir, 'audit.key') };
}

/** Where the checkpoints lie outside the database. */
export function checkpointFile({ auditCheckpoints, dataDir }: AuditConfiguration): CheckpointFile {
  return new CheckpointFile(auditCheckpoints ?? join(dataDir, 'audit-checkpoints.jsonl'));
}

/** The room of the audit log: what signs it and what verifies it. @throws KeyFileError */
export function buildAudit(
  configuration: AuditConfiguration,
  { clock, database, log }: { clock: Clock; database: Pick<Database, 'audit'>; log: Logger },
) {
  const keys = loadAuditKeys(auditKeySource(configuration));
  const file = checkpointFile(configuration);
  return {
    checkpoints: new AuditCheckpoints({ store: database.audit, file, key: keys[0], clock, log }),
    integrity: new AuditIntegrity({
      chains: database.audit,
      file,
      verifier: new AuditVerifier(new AuditPublicKeys(keys.map(({ publicKey }) => publicKey))),
      clock,
    }),
  };
}

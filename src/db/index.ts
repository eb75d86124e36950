export { openAuditLog } from './audit/open-audit-log';
export { backupDatabase, BackupDamagedError, BackupExistsError, restoreDatabase } from './backup';
export { checkDatabase, seriesNames } from './check-database';
export { openDatabase, type Database, type DatabaseOptions } from './database';
export { DatabaseFileError } from './database-file';
export { DatabaseStampError } from './stamp';

export { openAuditLog } from './audit/open-audit-log';
export { openDatabase, type Database, type DatabaseOptions } from './database';
export { DatabaseStampError } from './stamp';

export { openDatabase, type Database } from './database';
export { DatabaseStampError } from './stamp';

import { InitialSchema1763942400000 } from './1763942400000-initial-schema';

/** Every migration ever released, the oldest first. One that was released is never changed. */
export const MIGRATIONS = [InitialSchema1763942400000] as const;

/** Where TypeORM notes which of them ran. */
export const MIGRATION_TABLE = 'migration';

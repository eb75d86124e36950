import { METRIC_STORE } from './0001-metric-store';
import type { Migration } from './migration';

/** Every migration ever released, in order; its number is its place. One that was released is never changed. */
export const MIGRATIONS: readonly Migration[] = [METRIC_STORE];

import { METRIC_STORE } from './0001-metric-store';

/** Statements that bring the tables one step on. */
export interface Migration {
  name: string;
  statements: readonly string[];
}

/** Every migration ever released, in order; its number is its place. One that was released is never changed. */
export const MIGRATIONS: readonly Migration[] = [METRIC_STORE];

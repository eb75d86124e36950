import { schedule } from 'node-cron';
import type { Cron } from './core/collection/scheduler';

/** node-cron behind the scheduler's port. In UTC: an interval must not jump with summer time. */
export const nodeCron: Cron = {
  schedule(expression, task) {
    const scheduled = schedule(expression, task, { timezone: 'UTC' });
    return { stop: () => void scheduled.destroy() };
  },
};

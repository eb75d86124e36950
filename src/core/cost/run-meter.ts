import { usd } from './prices';
import type { UsageMeter } from './usage';
import type { Payer } from './usage-book';

/** Takes down what a run uses, and what that costs: the lower bound, as `ApiUsage.costUsd`. */
export function meterOfRun(run: { costUsd: number }, payer: Payer, meter: UsageMeter): UsageMeter {
  return {
    add(usage) {
      run.costUsd += usd(usage, payer.partition).lower;
      meter.add(usage);
    },
  };
}

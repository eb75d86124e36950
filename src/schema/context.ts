import type { Viewer } from '../core/access/viewer';
import { AnswerBudget } from './operation/answer-budget';
import type { OperationLimits } from './operation/limits';
import { Loaders } from './loaders';
import type { SchemaServices } from './services';

/** What every resolver is given: one for each operation, and one for each message of a subscription. */
export interface OperationContext {
  readonly viewer: Viewer;
  readonly services: SchemaServices;
  readonly loaders: Loaders;
  readonly budget: AnswerBudget;
  /** Aborted at the deadline of the operation: nothing more is read for it. */
  readonly signal: AbortSignal;
}

/** A context with empty caches and a full budget. */
export function createContext(
  services: SchemaServices,
  viewer: Viewer,
  limits: OperationLimits,
  signal: AbortSignal,
): OperationContext {
  return {
    viewer,
    services,
    loaders: new Loaders(services, viewer, signal),
    budget: new AnswerBudget(limits),
    signal,
  };
}

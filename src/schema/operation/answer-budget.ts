import { limitExceeded } from '../errors/request-error';
import type { OperationLimits } from './limits';

/** Counts what one operation asks for, so that nested lists cannot multiply without end. */
export class AnswerBudget {
  private nodes = 0;
  private points = 0;
  private rankedPeriods = 0;

  constructor(private readonly limits: Pick<OperationLimits, 'nodes' | 'points' | 'rankedPeriods'>) {}

  /** @throws GraphQLError LIMIT_EXCEEDED */
  takeNodes(count: number): void {
    this.nodes += count;
    if (this.nodes > this.limits.nodes) {
      throw limitExceeded(
        `An answer may hold ${this.limits.nodes} list items`,
        'Ask for smaller pages, or in several operations.',
      );
    }
  }

  /** @throws GraphQLError LIMIT_EXCEEDED */
  takePoints(count: number): void {
    this.points += count;
    if (this.points > this.limits.points) {
      throw limitExceeded(
        `An answer may hold ${this.limits.points} points`,
        'Ask for fewer series, a shorter range, or a lower maxPoints.',
      );
    }
  }

  /** @throws GraphQLError LIMIT_EXCEEDED */
  takeRankedPeriods(count: number): void {
    this.rankedPeriods += count;
    if (this.rankedPeriods > this.limits.rankedPeriods) {
      throw limitExceeded(
        `An operation may rank ${this.limits.rankedPeriods} periods of series`,
        'Narrow the filter, or shorten the range.',
      );
    }
  }
}

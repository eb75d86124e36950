import { limitExceeded } from '../errors/request-error';
import type { OperationLimits } from './limits';

/** Counts what one operation asks for, so that nested lists cannot multiply without end. */
export class AnswerBudget {
  private nodes = 0;
  private points = 0;

  constructor(private readonly limits: Pick<OperationLimits, 'nodes' | 'points'>) {}

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
}

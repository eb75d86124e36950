/** Statements that bring the tables one step on. */
export interface Migration {
  name: string;
  statements: readonly string[];
}

/** Bounds of one operation and of its answer. */
export interface OperationLimits {
  /** Tokens of the document. */
  tokens: number;
  /** Nested fields. Introspection has its own bound in graphql-js. */
  depth: number;
  /** Aliased fields, each use of a fragment counted. */
  aliases: number;
  rootFields: number;
  /** Levels of objects and lists in one variable. */
  variableDepth: number;
  /** Values of all variables, objects and lists counted with what is in them. */
  variableValues: number;
  /** Items of all lists of one answer. */
  nodes: number;
  /** Points of one answer. */
  points: number;
  /** Periods of all series that one operation ranks. */
  rankedPeriods: number;
  /** Milliseconds until the operation is given up. */
  deadlineMs: number;
  /** Open subscriptions of one WebSocket. */
  subscriptions: number;
  /** Milliseconds that a WebSocket may take to send connection_init. */
  connectionInitMs: number;
  /** Milliseconds between two looks at the credentials of the open WebSockets. */
  sessionCheckMs: number;
  /** Milliseconds that the client of a WebSocket which is closed has for its part. */
  closeMs: number;
}

/** Chosen so that a page of 500 accounts with their latest metrics passes, and one operation cannot hold up the others. */
export const DEFAULT_LIMITS: OperationLimits = {
  tokens: 2_000,
  depth: 15,
  aliases: 30,
  rootFields: 30,
  variableDepth: 10,
  variableValues: 10_000,
  nodes: 50_000,
  points: 500_000,
  rankedPeriods: 50_000_000,
  deadlineMs: 30_000,
  subscriptions: 100,
  connectionInitMs: 3_000,
  sessionCheckMs: 250,
  closeMs: 250,
};

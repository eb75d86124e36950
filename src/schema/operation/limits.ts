/** Bounds of one operation and of its answer. */
export interface OperationLimits {
  /** Tokens of the document. */
  tokens: number;
  /** Nested fields. Introspection has its own bound in graphql-js. */
  depth: number;
  /** Aliased fields, each use of a fragment counted. */
  aliases: number;
  rootFields: number;
  /** Items of all lists of one answer. */
  nodes: number;
  /** Points of one answer. */
  points: number;
  /** Milliseconds until the operation is given up. */
  deadlineMs: number;
  /** Open subscriptions of one WebSocket. */
  subscriptions: number;
  /** Milliseconds that a WebSocket may take to send connection_init. */
  connectionInitMs: number;
  /** Milliseconds after which an open WebSocket's token is checked again. */
  reauthenticateMs: number;
}

/** Chosen so that a page of 500 accounts with their latest metrics passes, and one operation cannot hold up the others. */
export const DEFAULT_LIMITS: OperationLimits = {
  tokens: 2_000,
  depth: 15,
  aliases: 30,
  rootFields: 30,
  nodes: 50_000,
  points: 500_000,
  deadlineMs: 30_000,
  subscriptions: 100,
  connectionInitMs: 3_000,
  reauthenticateMs: 60_000,
};

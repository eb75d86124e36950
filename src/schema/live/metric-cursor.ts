import { InvalidInputError } from '../../core/errors';

/**
 * How far a subscriber has come in the sequence of metric events. Everything up to `from` was delivered, and of the events
 * beyond it up to `to` every series up to `accountId` and `seriesId`: those events are delivered merged by account, accounts
 * and series by id. Where nothing beyond `from` was, `to` is the same.
 */
export interface MetricPosition {
  from: number;
  to: number;
  accountId: number;
  seriesId: number;
  /** A replay of stored points that is under way: since when (epoch ms), and up to which series. Events come behind it. */
  replay: { since: number; seriesId: number } | null;
}

/** The place behind everything up to `sequence`. */
export function positionAt(sequence: number): MetricPosition {
  return { from: sequence, to: sequence, accountId: 0, seriesId: 0, replay: null };
}

/** Opaque to callers. */
export function toMetricCursor({ from, to, accountId, seriesId, replay }: MetricPosition): string {
  const parts = [VERSION, from, to, accountId, seriesId, ...(replay ? [replay.since, replay.seriesId] : [])];
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

/** @throws InvalidInputError RC_CURSOR_INVALID for what is no cursor of ours. */
export function parseMetricCursor(cursor: string): MetricPosition {
  const parts = numbersOf(cursor);
  const [version, from, to, accountId, seriesId, since, replayed] = parts ?? [];
  if (version !== VERSION || from! > to! || (parts!.length !== 5 && parts!.length !== 7)) {
    throw invalidCursor('This is not the cursor of a metricUpdates message');
  }
  const replay = parts!.length === 7 ? { since: since!, seriesId: replayed! } : null;
  return { from: from!, to: to!, accountId: accountId!, seriesId: seriesId!, replay };
}

/**
 * @param kept the sequence numbers that the event log keeps
 * @throws InvalidInputError RC_CURSOR_INVALID for a cursor from the future, as after a restore of the database,
 * RC_CURSOR_TOO_OLD when events behind it are kept no more
 */
export function assertKept({ from, to }: MetricPosition, kept: { oldest: number; newest: number }): void {
  if (to > kept.newest) throw invalidCursor('This cursor is ahead of everything that was published');
  if (from >= kept.oldest - 1) return;
  throw new InvalidInputError('RC_CURSOR_TOO_OLD', 'The changes behind this cursor are kept no more', {
    path: ['after'],
  });
}

export function invalidCursor(message: string): InvalidInputError {
  return new InvalidInputError('RC_CURSOR_INVALID', message, { path: ['after'] });
}

/** Of the text's form; another one is another number. */
const VERSION = 1;

/** Null where it is no list of whole numbers. */
function numbersOf(cursor: string): number[] | null {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    const isNumber = (part: unknown) => Number.isSafeInteger(part) && (part as number) >= 0;
    return Array.isArray(parts) && parts.every(isNumber) ? (parts as number[]) : null;
  } catch {
    return null;
  }
}

import type { SimulatorState } from '../simulator-state';

/** A request of the control API, taken apart. */
export interface ControlRequest {
  params: Record<string, string>;
  query: URLSearchParams;
  body: Record<string, unknown>;
}

/** One route; what `handle` returns is the JSON answer. */
export interface Route {
  method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  /** Below the prefix, with `:name` for one part and a final `*` for the rest. */
  path: string;
  handle(state: SimulatorState, request: ControlRequest): unknown;
}

/** A failure with an HTTP status. */
export class ControlError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** The value, or 404 when there is none. */
export function found<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new ControlError(404, `No such ${what}`);
  return value;
}

/** An instant from ISO 8601 text or milliseconds since the epoch. */
export function readInstant(value: unknown, name: string): number {
  const text = String(value);
  const instant = /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : Date.parse(text);
  if (!Number.isFinite(instant))
    throw new ControlError(400, `${name} must be ISO 8601 or milliseconds: ${text}`);
  return instant;
}

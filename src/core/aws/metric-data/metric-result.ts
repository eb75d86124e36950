import type { MetricDataResult, StatusCode } from '@aws-sdk/client-cloudwatch';

/** A result of GetMetricData whose times stay numbers until somebody wants them as the SDK has them. */
class MetricResult implements MetricDataResult {
  Id?: string;
  Label?: string;
  StatusCode?: StatusCode;
  Values?: number[];
  Messages?: [];
  private dates?: Date[];

  /** @param times epoch ms */
  constructor(readonly times: number[] | undefined) {}

  get Timestamps(): Date[] | undefined {
    return (this.dates ??= this.times?.map((time) => new Date(time)));
  }
}

/** The times of a result in epoch ms, in the order of its values, whichever codec read it. They are the caller's to keep. */
export function timesOf(result: MetricDataResult): number[] {
  if (result instanceof MetricResult) return result.times ?? [];
  return (result.Timestamps ?? []).map((date) => date.getTime());
}

/** The members that AWS documents, each null or absent where it has nothing to say. */
type Json = Record<keyof MetricDataResult, unknown>;

/**
 * What AWS wrote, as the SDK's codec reads it.
 * @returns null for what is not as AWS documents it, or is rare, such as a message: the SDK's to read
 */
export function readResult(value: unknown): MetricResult | null {
  if (typeof value !== 'object' || value === null || '__type' in value) return null;
  const { Id, Label, StatusCode, Timestamps, Values, Messages } = value as Json;
  const times = epochMs(Timestamps);
  if (times === null || !areNumbers(Values) || !isEmpty(Messages)) return null;
  if (!isText(Id) || !isText(Label) || !isText(StatusCode)) return null;
  const result = new MetricResult(times);
  if (Id != null) result.Id = Id;
  if (Label != null) result.Label = Label;
  if (StatusCode != null) result.StatusCode = StatusCode as StatusCode;
  if (Values != null) result.Values = Values;
  if (Messages != null) result.Messages = [];
  return result;
}

/** The last instant that a Date can hold. */
const LAST_MS = 8.64e15;

function epochMs(seconds: unknown): number[] | undefined | null {
  if (seconds == null) return undefined;
  if (!Array.isArray(seconds)) return null;
  const times = new Array<number>(seconds.length);
  for (let i = 0; i < times.length; i++) {
    const second: unknown = seconds[i];
    if (typeof second !== 'number') return null;
    // A Date knows no -0.
    const time = Math.round(second * 1000) + 0;
    if (!(Math.abs(time) <= LAST_MS)) return null;
    times[i] = time;
  }
  return times;
}

/** Infinity and NaN come as strings. */
function areNumbers(values: unknown): values is number[] | null | undefined {
  if (values == null) return true;
  if (!Array.isArray(values)) return false;
  for (let i = 0; i < values.length; i++) if (typeof values[i] !== 'number') return false;
  return true;
}

function isEmpty(messages: unknown): boolean {
  return messages == null || (Array.isArray(messages) && messages.length === 0);
}

function isText(value: unknown): value is string | null | undefined {
  return value == null || typeof value === 'string';
}

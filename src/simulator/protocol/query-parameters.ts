import { AwsError } from './aws-error';

/** Inclusive bounds of a whole number. */
interface IntegerRange {
  min: number;
  max: number;
}

/** The form parameters of a Query or EC2 Query request. */
export class QueryParameters {
  private readonly values: URLSearchParams;

  constructor(body: string) {
    this.values = new URLSearchParams(body);
  }

  get(name: string): string | undefined {
    return this.values.get(name) ?? undefined;
  }

  /** A required parameter; AWS answers MissingParameter (EC2) or ValidationError, `code` says which. */
  require(name: string, code = 'ValidationError'): string {
    const value = this.get(name);
    if (value === undefined) throw new AwsError(code, `The request must contain the parameter ${name}`);
    return value;
  }

  /** A whole number within bounds, or undefined when absent. Errors with `code` otherwise. */
  integer(name: string, range: IntegerRange, code: string): number | undefined {
    const text = this.get(name);
    if (text === undefined) return undefined;
    const value = Number(text);
    if (!/^-?\d+$/.test(text) || value < range.min || value > range.max) {
      throw new AwsError(
        code,
        `Value ( ${text} ) for parameter ${name} is invalid. Expecting a number from ${range.min} to ${range.max}.`,
      );
    }
    return value;
  }

  /** The list `name.1, name.2, …`, with whatever member element the API puts between (`.member.`, `.Filter.`). */
  list(name: string): string[] {
    const pattern = new RegExp(`^${name}\\.(?:[A-Za-z]+\\.)?(\\d+)$`);
    const items: Array<[number, string]> = [];
    for (const [key, value] of this.values) {
      const match = pattern.exec(key);
      if (match) items.push([Number(match[1]), value]);
    }
    return items.sort(([a], [b]) => a - b).map(([, value]) => value);
  }
}

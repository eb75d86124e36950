import type { TenantScope } from '../core/access/viewer';
import type { TagFilter } from '../core/accounts/account';
import type { SqlValue } from './sqlite-connection';
import { withinScope } from './tenant-scope';

/** A WHERE clause in the making: terms joined by AND, with their bound values in order. */
export class Conditions {
  readonly #terms: string[] = [];
  readonly parameters: SqlValue[] = [];

  and(term: string, ...parameters: SqlValue[]): this {
    this.#terms.push(`(${term})`);
    this.parameters.push(...parameters);
    return this;
  }

  /** `column` holds a tenant that the caller may see. */
  within(column: string, scope: TenantScope): this {
    return this.and(...withinScope(column, scope));
  }

  /** One of `values`; undefined does not filter, an empty list matches nothing. */
  in(column: string, values: readonly (string | number)[] | undefined): this {
    return values ? this.and(`${column} IN (SELECT value FROM json_each(?))`, JSON.stringify(values)) : this;
  }

  /** None of `values`; undefined does not filter. */
  notIn(column: string, values: readonly (string | number)[] | undefined): this {
    return values
      ? this.and(`${column} NOT IN (SELECT value FROM json_each(?))`, JSON.stringify(values))
      : this;
  }

  /** `text` is a part of one of `columns`; case-insensitive for ASCII letters, as SQLite's LIKE. */
  contains(columns: readonly string[], text: string | undefined): this {
    if (!text) return this;
    const pattern = `%${text.replace(/[\\%_]/g, '\\$&')}%`;
    const terms = columns.map((column) => `${column} LIKE ? ESCAPE '\\'`);
    return this.and(terms.join(' OR '), ...columns.map(() => pattern));
  }

  /** Every filter matches an entry of the JSON object in `column`. No values: the key is there. */
  tags(column: string, filters: readonly TagFilter[] | undefined): this {
    for (const { key, values } of filters ?? []) {
      const entry = `SELECT 1 FROM json_each(${column}) AS tag WHERE tag.key = ?`;
      if (values?.length) {
        const oneOf = 'tag.value IN (SELECT value FROM json_each(?))';
        this.and(`EXISTS (${entry} AND ${oneOf})`, key, JSON.stringify(values));
      } else {
        this.and(`EXISTS (${entry})`, key);
      }
    }
    return this;
  }

  copy(): Conditions {
    const copy = new Conditions();
    copy.#terms.push(...this.#terms);
    copy.parameters.push(...this.parameters);
    return copy;
  }

  /** The expression after WHERE. */
  toString(): string {
    return this.#terms.length > 0 ? this.#terms.join(' AND ') : 'TRUE';
  }
}

import { types } from 'node:util';

/**
 * Makes errors that Node itself makes instances of `Error`. Jest runs a test in a realm of its own, where they are not, and
 * the AWS SDK would wrap a reset connection into an error that says nothing.
 */
export function recogniseErrorsOfNode(): void {
  Object.defineProperty(Error, Symbol.hasInstance, {
    value(this: unknown, error: unknown) {
      return this === Error
        ? types.isNativeError(error)
        : (Function.prototype[Symbol.hasInstance].call(this, error) as boolean);
    },
  });
}

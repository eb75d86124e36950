/** A CloudWatch dimension. */
export interface Dimension {
  Name: string;
  Value: string;
}

/** The dimensions in the order of their names, which is how a series is identified. */
export function sortDimensions(dimensions: readonly Dimension[]): Dimension[] {
  return [...dimensions].sort((a, b) => (a.Name < b.Name ? -1 : 1));
}

/** What a namespace and dimensions, in whatever order, are found by. */
export function sourceKey(namespace: string, dimensions: readonly Dimension[]): string {
  return JSON.stringify([namespace, ...sortDimensions(dimensions).map(({ Name, Value }) => [Name, Value])]);
}

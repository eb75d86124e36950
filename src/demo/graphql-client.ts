/** A document as the code generator writes it. */
export interface TypedDocument<Result, Variables> {
  toString(): string;
  /** Carries the types; never there. */
  __apiType?: (variables: Variables) => Result;
}

interface GraphqlError {
  message: string;
  extensions?: Record<string, unknown>;
}

/** The answer had errors; its message names each. */
export class GraphqlRequestError extends Error {
  constructor(
    /** The status of the HTTP answer. */
    readonly status: number,
    readonly errors: readonly GraphqlError[],
  ) {
    super(errors.map(({ message }) => message).join('; '));
    this.name = 'GraphqlRequestError';
  }
}

/** Where the API is, and who asks: nobody when the token is null. */
export interface GraphqlEndpoint {
  /** http://host:port/graphql */
  url: string;
  token: string | null;
}

/** The variables of a document; they may be left out where it needs none. */
export type VariablesOf<Variables> = Record<never, never> extends Variables ? [Variables?] : [Variables];

/** Executes a typed document over HTTP. @throws GraphqlRequestError when the answer has errors */
export async function execute<Result, Variables>(
  { url, token }: GraphqlEndpoint,
  document: TypedDocument<Result, Variables>,
  ...[variables]: VariablesOf<Variables>
): Promise<Result> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token !== null && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ query: document.toString(), variables }),
  });
  const { data, errors } = (await response.json()) as { data: Result; errors?: GraphqlError[] };
  if (errors) throw new GraphqlRequestError(response.status, errors);
  return data;
}

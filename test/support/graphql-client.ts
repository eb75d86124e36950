import { type Client, createClient } from 'graphql-ws';
import WebSocket from 'ws';
import {
  execute,
  type GraphqlEndpoint,
  type TypedDocument,
  type VariablesOf,
} from '../../src/demo/graphql-client';

/** A typed client over real HTTP and a real WebSocket. */
export class GraphqlClient {
  private readonly socket: Client;

  constructor(private readonly endpoint: GraphqlEndpoint) {
    this.socket = subscriptionClient(endpoint);
  }

  /** @throws GraphqlRequestError when the answer has errors */
  execute<Result, Variables>(
    document: TypedDocument<Result, Variables>,
    ...variables: VariablesOf<Variables>
  ): Promise<Result> {
    return execute(this.endpoint, document, ...variables);
  }

  /** Each message's data, until the loop is left. @throws Error when a message has errors, or the server refuses it */
  async *subscribe<Result, Variables>(
    document: TypedDocument<Result, Variables>,
    ...[variables]: VariablesOf<Variables>
  ): AsyncGenerator<Result> {
    const request = {
      query: document.toString(),
      variables: variables as Record<string, unknown> | undefined,
    };
    for await (const { data, errors } of this.socket.iterate<Result>(request)) {
      if (errors) throw new Error(errors.map(({ message }) => message).join('; '));
      yield data!;
    }
  }

  /** Closes the WebSocket, if one was opened. */
  async close(): Promise<void> {
    await this.socket.dispose();
  }
}

/** graphql-ws's own client, with the token where the server looks for it. */
export function subscriptionClient({ url, token }: GraphqlEndpoint): Client {
  return createClient({
    url: url.replace(/^http/, 'ws'),
    webSocketImpl: WebSocket,
    connectionParams: token === null ? {} : { Authorization: `Bearer ${token}` },
    retryAttempts: 0,
  });
}

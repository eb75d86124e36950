import { ApolloServer, type ApolloServerPlugin, HeaderMap, type HTTPGraphQLHead } from '@apollo/server';
import { ApolloServerPluginCacheControlDisabled } from '@apollo/server/plugin/disabled';
import type { FormattedExecutionResult } from 'graphql';
import type { Viewer } from '../../core/access/viewer';
import { documentRules } from '../operation/document-rules';
import { executeOperation, type Execution, formatError, logRefusal } from '../operation/execute-operation';

/** The HTTP status of an operation that did not run; 400 for the others. */
const STATUS_OF_CODE: Record<string, number> = { FORBIDDEN: 403, TIMED_OUT: 504, INTERNAL: 500 };

/** What the HTTP door knows of a request. */
export interface HttpContext {
  requestId: string;
  viewer: Viewer;
}

/**
 * GraphQL over HTTP. Apollo reads the request, parses and validates it and writes the answer; the operation itself runs
 * in `executeOperation`, as on every other transport.
 */
export function createApollo(execution: Execution): ApolloServer<HttpContext> {
  const { schema, services, limits, hideSuggestions } = execution;
  return new ApolloServer<HttpContext>({
    schema,
    plugins: [ApolloServerPluginCacheControlDisabled(), executeWith(execution)],
    formatError: (_formatted, error) => formatError(services, error),
    includeStacktraceInErrorResponses: false,
    hideSchemaDetailsFromClientErrors: hideSuggestions,
    // Judged by documentRules, as for WebSockets.
    introspection: true,
    csrfPrevention: true,
    persistedQueries: false,
    parseOptions: { maxTokens: limits.tokens },
    validationRules: documentRules(execution),
    stopOnTerminationSignals: false,
    logger: apolloLog(services.logger),
  });
}

function executeWith(execution: Execution): ApolloServerPlugin<HttpContext> {
  return {
    async requestDidStart() {
      return {
        async responseForOperation({ request, document, contextValue }) {
          const { operationName, variables } = request;
          const singleResult = await executeOperation(execution, {
            document,
            operationName,
            variables,
            ...contextValue,
          });
          return { http: httpHead(singleResult), body: { kind: 'single', singleResult } };
        },
        // Only what is refused before responseForOperation comes here.
        async didEncounterErrors({ errors, contextValue, document, request: { operationName } }) {
          await logRefusal(execution, { ...contextValue, document, operationName }, errors);
        },
      };
    },
  };
}

/** An operation that did not run at all is a failed request. */
function httpHead(result: FormattedExecutionResult): HTTPGraphQLHead {
  const code = 'data' in result ? undefined : String(result.errors?.[0].extensions?.code);
  return { status: code === undefined ? undefined : (STATUS_OF_CODE[code] ?? 400), headers: new HeaderMap() };
}

/** Apollo's own lines, which have no fields. */
function apolloLog(logger: Execution['services']['logger']) {
  return {
    debug: (message: string) => logger.debug({}, message),
    info: (message: string) => logger.info({}, message),
    warn: (message: string) => logger.warn({}, message),
    error: (message: string) => logger.error({}, message),
  };
}

import type { ApolloServer } from '@apollo/server';
import { expressMiddleware } from '@as-integrations/express5';
import express, { type ErrorRequestHandler, type Express, type RequestHandler, type Response } from 'express';
import type { Viewer } from '../../core/access/viewer';
import { formatError } from '../operation/execute-operation';
import type { RequestErrorCode } from '../errors/request-error';
import type { SchemaServices } from '../services';
import type { HttpContext } from './apollo';
import { viewerOf } from './bearer-token';

/** Bounds the variables as well as the document. */
const BODY_LIMIT = '256kb';

/** The doors of the gateway: the health probes, and /graphql for who has a token. `isDraining` refuses new operations. */
export function createHttpApp(
  apollo: ApolloServer<HttpContext>,
  services: SchemaServices,
  isDraining: () => boolean,
): Express {
  const app = express();
  app.disable('x-powered-by');
  app.get('/healthz', (_request, response) => {
    response.json({ ok: true });
  });
  app.get('/readyz', async (_request, response) => {
    const health = await services.health();
    const ok = health.ok && !isDraining();
    response.status(ok ? 200 : 503).json({ ...health, ok });
  });
  app.use(
    '/graphql',
    refuseWhile(isDraining),
    authenticate(services),
    express.json({ limit: BODY_LIMIT }),
    expressMiddleware(apollo, {
      context: async ({ res }) => ({ viewer: res.locals.viewer as Viewer }),
    }),
  );
  app.use((_request, response) =>
    refuse(response, 404, 'NOT_FOUND', 'There is nothing here; the API is /graphql'),
  );
  app.use(answerError(services));
  return app;
}

function refuseWhile(isDraining: () => boolean): RequestHandler {
  return (_request, response, next) => {
    if (!isDraining()) return next();
    response.setHeader('Connection', 'close');
    refuse(response, 503, 'SHUTTING_DOWN', 'The gateway is shutting down');
  };
}

/** Before the body is read: who may not ask costs nothing. */
function authenticate(services: SchemaServices): RequestHandler {
  return async (request, response, next) => {
    const viewer = await viewerOf(services, request.headers.authorization);
    if (viewer) {
      response.locals.viewer = viewer;
      return next();
    }
    response.setHeader('WWW-Authenticate', 'Bearer');
    refuse(response, 401, 'UNAUTHENTICATED', 'Send a good token: Authorization: Bearer <token>');
  };
}

/** Express would answer HTML with a stack. */
function answerError(services: SchemaServices): ErrorRequestHandler {
  return (error: { status?: number }, _request, response, _next) => {
    const status = error.status ?? 500;
    if (status === 413) return refuse(response, 413, 'LIMIT_EXCEEDED', `A request may have ${BODY_LIMIT}`);
    if (status < 500) return refuse(response, status, 'BAD_USER_INPUT', 'The body is not JSON');
    response.status(500).json({ errors: [formatError(services, error)] });
  };
}

function refuse(response: Response, status: number, code: RequestErrorCode, message: string): void {
  response.status(status).json({ errors: [{ message, extensions: { code } }] });
}

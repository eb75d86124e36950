import { randomUUID } from 'node:crypto';
import type { ApolloServer } from '@apollo/server';
import { expressMiddleware } from '@as-integrations/express5';
import cors from 'cors';
import express, { type ErrorRequestHandler, type Express, type RequestHandler, type Response } from 'express';
import type { Viewer } from '../../core/access/viewer';
import { formatError } from '../operation/execute-operation';
import type { SchemaServices } from '../services';
import type { HttpContext } from './apollo';
import { clientAddress, type TrustsProxy } from './client-address';
import type { DoorOptions } from './door-options';
import { NOTHING_HERE, type Refusal, refusalBody } from './refusal';
import { securityHeaders } from './security-headers';
import { type RequestOrigin, signIn } from './sign-in';

/** What is known of a request while it is answered: `response.locals`. */
interface RequestFacts extends RequestOrigin {
  viewer: Viewer;
}

const factsOf = (response: Response) => response.locals as RequestFacts;

const SHUTTING_DOWN: Refusal = {
  status: 503,
  code: 'SHUTTING_DOWN',
  message: 'The gateway is shutting down',
  headers: { connection: 'close' },
};
const NO_JSON: Refusal = {
  status: 415,
  code: 'BAD_USER_INPUT',
  message: 'Send the body as application/json in UTF-8',
};

/** The doors of the gateway: the health probes, and /graphql for who has a token. `isDraining` refuses new operations. */
export function createHttpApp(
  apollo: ApolloServer<HttpContext>,
  services: SchemaServices,
  door: DoorOptions,
  isDraining: () => boolean,
): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', false);
  app.set('trust proxy', door.trustedProxies);
  app.use(identify(trustsProxy(app)));
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
    ...allowOrigins(door),
    refuseWhile(isDraining, services),
    authenticate(services),
    requireJson(services),
    express.json({ limit: door.bodyBytes }),
    expressMiddleware(apollo, {
      context: async ({ res }) => {
        const { requestId, viewer } = factsOf(res);
        return { requestId, viewer };
      },
    }),
  );
  app.use((_request, response) => refuse(services, response, NOTHING_HERE));
  app.use(answerError(services, door));
  return app;
}

/** Whom the app trusts to name the client; upgrades to WebSockets do not pass the app, and ask it. */
export function trustsProxy(app: Express): TrustsProxy {
  return app.get('trust proxy fn') as TrustsProxy;
}

/** Names the request and its client, and sets what every answer carries. */
function identify(trusts: TrustsProxy): RequestHandler {
  return (request, response, next) => {
    const facts = factsOf(response);
    facts.requestId = randomUUID();
    facts.address = clientAddress(request, trusts);
    response.set(securityHeaders(request.secure)).set('x-request-id', facts.requestId);
    next();
  };
}

/** Without an allowed origin there is no CORS at all: no browser lets a page of another origin read an answer. */
function allowOrigins({ corsOrigins }: DoorOptions): RequestHandler[] {
  if (corsOrigins.length === 0) return [];
  return [
    cors({
      origin: [...corsOrigins],
      methods: ['GET', 'POST'],
      allowedHeaders: [
        'authorization',
        'content-type',
        'apollo-require-preflight',
        'x-apollo-operation-name',
      ],
      exposedHeaders: ['x-request-id', 'retry-after'],
      maxAge: 600,
    }),
  ];
}

function refuseWhile(isDraining: () => boolean, services: SchemaServices): RequestHandler {
  return (_request, response, next) => {
    if (!isDraining()) return next();
    refuse(services, response, SHUTTING_DOWN);
  };
}

/** Before the body is read: who may not ask costs nothing. */
function authenticate(services: SchemaServices): RequestHandler {
  return async (request, response, next) => {
    const outcome = await signIn(services, request.headers.authorization, factsOf(response));
    if ('refusal' in outcome) return refuse(services, response, outcome.refusal);
    factsOf(response).viewer = outcome.viewer;
    next();
  };
}

/** A body of another type would be left unread, and Apollo would miss it without saying why. */
function requireJson(services: SchemaServices): RequestHandler {
  return (request, response, next) => {
    if (request.method !== 'POST' || request.is('application/json')) return next();
    refuse(services, response, NO_JSON);
  };
}

/** Express would answer HTML with a stack. */
function answerError(services: SchemaServices, { bodyBytes }: DoorOptions): ErrorRequestHandler {
  return (error: { status?: number; type?: string }, request, response, _next) => {
    const { status = 500, type } = error;
    if (status < 500) return refuse(services, response, unreadable(status, type, bodyBytes));
    const masked = formatError(services, error, factsOf(response).requestId);
    // Half an answer cannot be taken back.
    if (response.headersSent) return void request.socket.destroy();
    response.status(500).json({ errors: [masked] });
  };
}

/** What body-parser and Express say of a request, in words of ours: theirs quote it. */
function unreadable(status: number, type: string | undefined, bodyBytes: number): Refusal {
  if (status === 413)
    return { status, code: 'LIMIT_EXCEEDED', message: `A request may have ${bodyBytes} bytes` };
  if (status === 415) return NO_JSON;
  const message = type === 'entity.parse.failed' ? 'The body is not JSON' : 'The request cannot be read';
  return { status, code: 'BAD_USER_INPUT', message };
}

function refuse({ logger }: SchemaServices, response: Response, refusal: Refusal): void {
  const { requestId, address } = factsOf(response);
  const { status, code, headers = {} } = refusal;
  logger.info({ requestId, address, status, code }, 'request refused');
  response.status(status).set(headers).json(refusalBody(refusal, requestId));
}

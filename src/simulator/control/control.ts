import type { ServerResponse } from 'node:http';
import type { SimulatorState } from '../simulator-state';
import { accountRoutes } from './account-routes';
import { callRoutes } from './call-routes';
import { clockRoutes } from './clock-routes';
import { ControlError, type ControlRequest, type Route } from './route';
import { faultRoutes } from './fault-routes';
import { oracleRoutes } from './oracle-routes';
import { quietTimeRoutes } from './quiet-time-routes';
import { resourceRoutes } from './resource-routes';
import { stsRoutes } from './sts-routes';

/** Path prefix of the control API on the simulator's port. */
export const controlPrefix = '/_simulator/';

const routes: Route[] = [
  {
    method: 'GET',
    path: 'health',
    handle: ({ clock }) => ({ status: 'ok', now: new Date(clock.now()).toISOString() }),
  },
  ...accountRoutes,
  ...quietTimeRoutes,
  ...resourceRoutes,
  ...faultRoutes,
  ...clockRoutes,
  ...callRoutes,
  ...oracleRoutes,
  ...stsRoutes,
];

/** An HTTP request of the control API. */
interface ControlHttpRequest {
  method: string;
  url: string;
  body: Buffer;
}

/** Answers a request of the control API in JSON: 404 for unknown things, 400 for bad input. */
export function answerControlRequest(
  state: SimulatorState,
  { method, url, body }: ControlHttpRequest,
  response: ServerResponse,
): void {
  const { pathname, searchParams } = new URL(url, 'http://localhost');
  const path = pathname.slice(controlPrefix.length);
  try {
    for (const route of routes) {
      const params = route.method === method ? matchPath(route.path, path) : undefined;
      if (!params) continue;
      const request: ControlRequest = { params, query: searchParams, body: parseBody(body) };
      send(response, 200, route.handle(state, request));
      return;
    }
    send(response, 404, { error: `No such route: ${method} ${pathname}` });
  } catch (error) {
    // What the world's builders refuse is the client's mistake; there is nothing else to fail here.
    const status = error instanceof ControlError ? error.status : 400;
    send(response, status, { error: error instanceof Error ? error.message : String(error) });
  }
}

/** Matches `accounts/:id/roles/*`; a star takes the rest of the path under the name `rest`. */
function matchPath(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split('/');
  const actual = path.split('/').map(decodeURIComponent);
  const params: Record<string, string> = {};
  for (const [i, part] of wanted.entries()) {
    if (part === '*') {
      params.rest = actual.slice(i).join('/');
      return params.rest ? params : undefined;
    }
    if (actual[i] === undefined) return undefined;
    if (part.startsWith(':')) params[part.slice(1)] = actual[i];
    else if (part !== actual[i]) return undefined;
  }
  return wanted.length === actual.length ? params : undefined;
}

function parseBody(body: Buffer): Record<string, unknown> {
  if (body.length === 0) return {};
  const value: unknown = JSON.parse(body.toString());
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ControlError(400, 'The body must be a JSON object');
  }
  return value as Record<string, unknown>;
}

function send(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(`${JSON.stringify(value, (_key, item) => (item instanceof Set ? [...item] : item))}\n`);
}

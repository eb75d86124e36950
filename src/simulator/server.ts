import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { answerAwsCall } from './aws-call';
import { answerControlRequest, controlPrefix } from './control/control';
import type { SimulatorState } from './simulator-state';

/** No AWS request of the simulated services comes near this size. */
const maxBodyBytes = 8 * 2 ** 20;

/** Longer than any pause of a client: one that reuses a connection just as it is closed sees a reset. */
const keepAliveMs = 120_000;

/** The HTTP server of a simulator: AWS calls, and the control API under its own prefix. */
export function createSimulatorServer(state: SimulatorState): Server {
  const server = createServer((request, response) => {
    answer(state, request, response).catch(() => response.destroy());
  });
  server.keepAliveTimeout = keepAliveMs;
  return server;
}

async function answer(
  state: SimulatorState,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method = 'GET', url = '/', headers } = request;
  const body = await readBody(request);
  if (url.startsWith(controlPrefix)) answerControlRequest(state, { method, url, body }, response);
  else await answerAwsCall(state, { method, url, headers, body }, response);
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBodyBytes) throw new Error('The request body is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

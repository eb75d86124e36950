import { Writable } from 'node:stream';
import WebSocket from 'ws';

/** A stream that keeps what is written to it. */
export class CapturedText extends Writable {
  text = '';

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += String(chunk);
    done();
  }
}

/** What every answer over HTTP that this process gets from now on says: status line, headers, body. */
export function captureAnswers(): CapturedText {
  const captured = new CapturedText();
  const { fetch } = globalThis;
  jest.spyOn(globalThis, 'fetch').mockImplementation(async (...request) => {
    const response = await fetch(...request);
    const body = await response.clone().text();
    captured.write(`${response.status} ${JSON.stringify([...response.headers])}\n${body}\n`);
    return response;
  });
  return captured;
}

/** What every WebSocket that this process opens from now on is sent: its messages, and why it was closed. */
export function captureMessages(): CapturedText {
  const captured = new CapturedText();
  const { emit } = WebSocket.prototype;
  jest.spyOn(WebSocket.prototype, 'emit').mockImplementation(function (this: WebSocket, event, ...args) {
    // The server's sockets are of the same class, and hear what the client says.
    const isClient = (this as unknown as { _isServer: boolean })._isServer === false;
    if (isClient && (event === 'message' || event === 'close'))
      captured.write(`${event} ${args.join(' ')}\n`);
    return emit.call(this, event, ...args);
  });
  return captured;
}

/** What is printed past the log from now on. */
export function capturePrinted(): CapturedText {
  const captured = new CapturedText();
  for (const stream of [process.stdout, process.stderr]) {
    jest.spyOn(stream, 'write').mockImplementation((chunk) => captured.write(String(chunk)));
  }
  for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const) {
    jest.spyOn(console, method).mockImplementation((...args) => void captured.write(`${args.join(' ')}\n`));
  }
  return captured;
}

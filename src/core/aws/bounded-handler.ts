import type { IncomingMessage } from 'node:http';
import type { NodeHttpHandler } from '@smithy/node-http-handler';
import { linkedSignal } from '../abort';
import { AwsTimeoutError } from './aws-timeout-error';

/**
 * The shared handler, with an end to each attempt: the answer must be whole within `timeLimitMs` of real time. The
 * handler's own limits are of the first byte and of silence, so that an answer of a byte a second would last for hours.
 * @param signal cuts the attempts off, beside a signal of the call's own; a body that is still coming as well
 */
export function boundedHandler(handler: NodeHttpHandler, timeLimitMs: number, signal?: AbortSignal) {
  return {
    metadata: handler.metadata,
    handle: async (
      request: Parameters<NodeHttpHandler['handle']>[0],
      options: { abortSignal?: AbortSignal } = {},
    ) => {
      const tooLate = new AwsTimeoutError(
        `${request.hostname} did not answer within ${timeLimitMs / 1000} s`,
      );
      const attempt = linkedSignal(
        [signal, options.abortSignal].filter((one) => one !== undefined),
        { milliseconds: timeLimitMs, reason: tooLate },
      );
      const isTooLate = () => attempt.signal.reason === tooLate;
      let body: IncomingMessage | undefined;
      // Before the handler's own listener, which would end the body without a reason.
      attempt.signal.addEventListener('abort', () => body?.destroy(isTooLate() ? tooLate : abortError()));
      try {
        const { response } = await handler.handle(request, { ...options, abortSignal: attempt.signal });
        body = response.body as IncomingMessage;
        if (body.closed) attempt.release();
        else body.once('close', attempt.release);
        return { response };
      } catch (error) {
        attempt.release();
        throw isTooLate() ? tooLate : error;
      }
    },
    updateHttpClientConfig: handler.updateHttpClientConfig.bind(handler),
    httpHandlerConfigs: handler.httpHandlerConfigs.bind(handler),
    destroy() {},
  };
}

/** By this name the SDK knows not to try again. One each: the SDK writes into the errors that a body ends with. */
function abortError(): Error {
  return Object.assign(new Error('The call was cut off'), { name: 'AbortError' });
}

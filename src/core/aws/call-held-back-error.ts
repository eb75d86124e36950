import type { CalledApi } from './called-api';

/** A request that was not sent, since AWS has answered nothing but throttling for some time. The SDK does not try it again. */
export class CallHeldBackError extends Error {
  constructor({ action, region }: CalledApi) {
    super(`AWS throttles every ${action} in ${region}: not asked for a while`);
    this.name = 'CallHeldBack';
  }
}

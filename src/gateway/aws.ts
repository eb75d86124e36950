import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { Configuration } from '../config/settings';
import { AwsClients } from '../core/aws/aws-clients';
import type { Logger } from '../core/logger';
import type { Limits } from './options';

/** The gateway's AWS clients; `rekey` has its own. */
export function awsClients(configuration: Configuration, limits: Limits, log?: Logger): AwsClients {
  return new AwsClients({
    endpoint: configuration.awsEndpoint,
    configuredEndpoints: configuration.env === 'development',
    // The SDK's own defaults let a call hang for 15 minutes, and only warn of it.
    requestHandler: new NodeHttpHandler({
      connectionTimeout: limits.connectMs,
      requestTimeout: limits.requestMs,
      socketTimeout: limits.requestMs,
      throwOnRequestTimeout: true,
      httpAgent: { keepAlive: true, maxSockets: 200 },
      httpsAgent: { keepAlive: true, maxSockets: 200 },
    }),
    attemptMs: limits.requestMs,
    maxAttempts: limits.attempts,
    metricCodec: configuration.sdkCodec,
    log,
  });
}

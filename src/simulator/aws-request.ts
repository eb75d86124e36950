import type { SignedRequest } from './auth/sigv4';
import { AwsError } from './protocol/aws-error';
import { commonError } from './protocol/common-errors';
import type { Protocol, ResultTree } from './protocol/protocol';
import { queryProtocol } from './protocol/query';
import { QueryParameters } from './protocol/query-parameters';
import { sizeOfMetricDataRequest } from './services/metric-data-request';
import { findJsonService, findQueryService } from './services/registry';
import type { Call, CallPlace, JsonParameters } from './services/service';

/** Everything of a call but its parameters. */
type CallContext = Omit<Call<never>, 'parameters'>;

/** A request whose service, protocol and action are known. */
export interface AwsRequest {
  protocol: Protocol;
  xmlNamespace: string;
  /** IAM prefix of the service, as the call log and faults name it. */
  service: string;
  action: string;
  /** The ARN that policies are asked about, `*` for most actions. */
  resource(place: CallPlace): string;
  /** Whether the action is asked of the caller's policies before it runs. */
  needsAuthorization: boolean;
  /** What the call log keeps of the parameters. */
  details: {
    externalId?: string;
    roleArn?: string;
    sessionPolicy?: string;
    queries?: number;
    points?: number;
  };
  /** Whether a page after the first is asked for. */
  isNextPage: boolean;
  /** Runs the action; throws AwsError. */
  run(context: CallContext): ResultTree;
}

/**
 * Finds out what a request asks for, by `X-Amz-Target` (JSON) or by `Action` and `Version` (Query).
 * `signingName` is the service of the credential scope, undefined when the request is not signed.
 */
export function readAwsRequest(request: SignedRequest, signingName: string | undefined): AwsRequest {
  const target = request.headers['x-amz-target'];
  return typeof target === 'string'
    ? readJsonRequest(request, target)
    : readQueryRequest(request, signingName);
}

function readJsonRequest({ body }: SignedRequest, targetHeader: string): AwsRequest {
  const [target, action = ''] = targetHeader.split('.', 2);
  const service = findJsonService(target);
  if (!service) return unknownService(target, action);
  const parameters = parseJson(body);
  const run = Object.hasOwn(service.actions, action) ? service.actions[action] : undefined;
  return {
    protocol: service.protocol,
    xmlNamespace: service.xmlNamespace,
    service: service.iamPrefix,
    action,
    resource: (place) => service.resource?.(place, parameters ?? {}) ?? '*',
    needsAuthorization: run !== undefined && !service.unauthorizedActions?.includes(action),
    details: action === 'GetMetricData' && parameters ? sizeOfMetricDataRequest(parameters) : {},
    isNextPage: parameters?.NextToken !== undefined,
    run(context) {
      if (!run) throw commonError('unknownAction', 'json');
      if (!parameters) throw new AwsError('SerializationException', 'The request body is not a JSON object');
      return run({ ...context, parameters });
    },
  };
}

function readQueryRequest({ body, url }: SignedRequest, signingName: string | undefined): AwsRequest {
  const parameters = new QueryParameters(body.length > 0 ? body.toString() : (url.split('?', 2)[1] ?? ''));
  const version = parameters.get('Version');
  const action = parameters.get('Action') ?? '';
  const service = findQueryService(signingName, version);
  if (!service) return unknownService(signingName ?? 'unknown', action);
  const { protocol } = service;
  const run = Object.hasOwn(service.actions, action) ? service.actions[action] : undefined;
  return {
    protocol,
    xmlNamespace: service.xmlNamespace,
    service: service.iamPrefix,
    action,
    resource: (place) => service.resource?.(place, parameters) ?? '*',
    needsAuthorization: run !== undefined && !service.unauthorizedActions?.includes(action),
    details: {
      externalId: parameters.get('ExternalId'),
      roleArn: parameters.get('RoleArn'),
      sessionPolicy: parameters.get('Policy'),
    },
    isNextPage: (parameters.get('NextToken') ?? parameters.get('Marker')) !== undefined,
    run(context) {
      if (!run) {
        const message = `Could not find operation ${action} for version ${version}`;
        throw commonError('unknownAction', protocol.name, message);
      }
      return run({ ...context, parameters });
    },
  };
}

/** A service that the simulator does not have is answered like an unknown action. */
function unknownService(service: string, action: string): AwsRequest {
  return {
    protocol: queryProtocol,
    xmlNamespace: '',
    service,
    action,
    resource: () => '*',
    needsAuthorization: false,
    details: {},
    isNextPage: false,
    run() {
      throw commonError('unknownAction', 'query', `The simulator has no service ${service}`);
    },
  };
}

function parseJson(body: Buffer): JsonParameters | undefined {
  try {
    const value: unknown = JSON.parse(body.toString());
    return typeof value === 'object' && value !== null ? (value as JsonParameters) : undefined;
  } catch {
    return undefined;
  }
}

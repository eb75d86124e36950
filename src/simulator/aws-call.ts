import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { authenticate, findCredentials, type Credentials } from './auth/authentication';
import type { Caller } from './auth/caller';
import { parseAuthorization, type SignedAuthorization, type SignedRequest } from './auth/sigv4';
import { readAwsRequest, type AwsRequest } from './aws-request';
import type { CallRecord } from './call-log';
import type { FaultRule } from './faults';
import { refusalOf } from './iam/authorization';
import { requestContext } from './iam/request-context';
import { AwsError } from './protocol/aws-error';
import { commonError } from './protocol/common-errors';
import type { ResultTree, WireResponse } from './protocol/protocol';
import type { CallPlace } from './services/service';
import { isStsActive, regionDisabled } from './services/sts-regions';
import type { SimulatorState } from './simulator-state';

const signatureLifeMs = 15 * 60_000;

/** One AWS call on its way through the simulator. */
interface CallInProgress {
  request: SignedRequest;
  authorization: SignedAuthorization | undefined;
  awsRequest: AwsRequest;
  credentials: Credentials | undefined;
  region: string;
  faults: FaultRule[];
}

/** Answers one AWS request: faults first, then signature, Region, policies, and the action itself. */
export async function answerAwsCall(
  state: SimulatorState,
  request: SignedRequest,
  response: ServerResponse,
): Promise<void> {
  const startedAt = performance.now();
  const at = state.clock.now();
  const call = beginCall(state, request);
  const log = (status: number, errorCode: string | null, issuedAccessKeyId?: string) =>
    state.calls.add({
      at,
      ...describeCall(call),
      issuedAccessKeyId,
      status,
      errorCode,
      durationMs: Math.round(performance.now() - startedAt),
    });

  for (const fault of call.faults) {
    if (fault.kind === 'delay') await sleep(fault.delayMs, undefined, { ref: false });
  }
  if (call.faults.some(({ kind }) => kind === 'hang')) return log(0, 'Hang');
  const cut = call.faults.find((fault) => fault.kind === 'drop' || fault.kind === 'reset');
  const breakOff = () => (cut?.kind === 'reset' ? response.socket?.resetAndDestroy() : response.destroy());
  if (cut && cut.afterBytes === undefined) {
    log(0, cut.kind === 'reset' ? 'Reset' : 'Drop');
    breakOff();
    return;
  }

  const { answer, errorCode, issuedAccessKeyId } = answerOf(state, call);
  const body = Buffer.from(answer.body);
  // A client that reads the log right after its call must find the call in it.
  log(answer.status, errorCode, issuedAccessKeyId);
  response.writeHead(answer.status, {
    ...answer.headers,
    date: new Date(state.clock.now()).toUTCString(),
    'content-length': body.length,
  });
  const drip = call.faults.find((fault) => fault.kind === 'drip');
  if (cut) response.write(body.subarray(0, cut.afterBytes), breakOff);
  else if (drip) await writeByBytes(response, body, drip.everyMs);
  else response.end(body);
}

async function writeByBytes(response: ServerResponse, body: Buffer, everyMs: number): Promise<void> {
  for (let at = 0; at < body.length && !response.destroyed; at++) {
    response.write(body.subarray(at, at + 1));
    await sleep(everyMs, undefined, { ref: false });
  }
  response.end();
}

function beginCall(state: SimulatorState, request: SignedRequest): CallInProgress {
  const authorization = parseAuthorization(request.headers.authorization ?? '');
  const awsRequest = readAwsRequest(request, authorization?.service);
  const credentials = authorization && findCredentials(state.world, state.sessions, authorization);
  const region = authorization?.region ?? 'us-east-1';
  const { service, action, details } = awsRequest;
  const targetAccountId = details.roleArn?.split(':')[4];
  const accountId = targetAccountId ?? credentials?.caller.account.id ?? null;
  return {
    request,
    authorization,
    awsRequest,
    credentials,
    region,
    faults: state.faults.hitting({
      ...{ service, action, region, accountId, isNextPage: awsRequest.isNextPage },
      points: details.points ?? 0,
    }),
  };
}

function describeCall({
  authorization,
  awsRequest,
  credentials,
  region,
}: CallInProgress): Omit<CallRecord, 'sequence' | 'at' | 'status' | 'errorCode' | 'durationMs'> {
  const { service, action, details } = awsRequest;
  const session = credentials?.caller.session;
  return {
    service,
    action,
    region,
    accountId: credentials?.caller.account.id ?? null,
    accessKeyId: authorization?.accessKeyId ?? null,
    sessionName: session?.sessionName ?? null,
    ...details,
    ...(awsRequest.isNextPage && { isNextPage: true as const }),
    roleArn: details.roleArn ?? (session?.kind === 'assumedRole' ? session.issuerArn : undefined),
  };
}

/** An answer as it is written, and what the call log keeps of it. */
interface Answer {
  answer: WireResponse;
  errorCode: string | null;
  issuedAccessKeyId?: string;
}

function answerOf(state: SimulatorState, call: CallInProgress): Answer {
  const { protocol, action, xmlNamespace } = call.awsRequest;
  const requestId = randomUUID();
  try {
    const result = runCall(state, call);
    const answer = protocol.success({ action, xmlNamespace, requestId, result });
    return { answer, errorCode: null, issuedAccessKeyId: issuedKeyOf(result) };
  } catch (error) {
    const awsError =
      error instanceof AwsError ? error : commonError('internalFailure', protocol.name, String(error));
    const errorCode = awsError.queryCode ?? awsError.code;
    return { answer: protocol.error(awsError, requestId), errorCode };
  }
}

/** The access key of the session that STS has handed out. */
function issuedKeyOf({ Credentials: issued }: ResultTree): string | undefined {
  return issued && typeof issued === 'object' && 'AccessKeyId' in issued
    ? String(issued.AccessKeyId)
    : undefined;
}

function runCall(state: SimulatorState, call: CallInProgress): ResultTree {
  const { request, authorization, awsRequest, credentials, region, faults } = call;
  const protocol = awsRequest.protocol.name;
  const { world, sessions, sts, random } = state;
  const now = state.clock.now();

  throwInjectedError(call);
  if (request.headers.authorization === undefined) throw commonError('missingCredentials', protocol);
  if (!authorization) throw commonError('incompleteSignature', protocol);
  const caller = authenticate({ request, authorization, credentials, protocol, now });
  checkDate(call, now);
  checkRegion(caller, call);
  const resources = world.resources(caller.account.id, region);
  authorize({ caller, region, resources }, call, now);
  return awsRequest.run({ region, caller, resources, world, sessions, sts, now, faults, random });
}

/** The first fault that is an error of its own is the answer. */
function throwInjectedError({ faults, awsRequest }: CallInProgress): void {
  const protocol = awsRequest.protocol.name;
  for (const fault of faults) {
    if (fault.kind === 'throttle' || fault.kind === 'quota') throw commonError('throttled', protocol);
    if (fault.kind === 'error') {
      const { code, status, message } = commonError('internalFailure', protocol);
      throw new AwsError(fault.code ?? code, fault.message ?? message, fault.status ?? status);
    }
  }
}

/** A signature is good for 15 minutes before and after AWS's time. */
function checkDate({ faults, request, awsRequest }: CallInProgress, now: number): void {
  if (!faults.some(({ kind }) => kind === 'checkDate')) return;
  const [date, time] = String(request.headers['x-amz-date']).split('T');
  const iso = `${date.replace(/(\d{4})(\d\d)(\d\d)/, '$1-$2-$3')}T${time.replace(/(\d\d)(\d\d)(\d\d)/, '$1:$2:$3')}`;
  const age = now - Date.parse(iso);
  if (Math.abs(age) <= signatureLifeMs) return;
  const message = age > 0 ? 'Signature expired' : 'Signature not yet current';
  throw commonError('signatureOutOfDate', awsRequest.protocol.name, `${message}: ${date}T${time}`);
}

/**
 * A Region that the account has not enabled knows nothing of its credentials; STS says so in words. IAM has no Regions,
 * and knows no federated users.
 */
function checkRegion({ account, session }: Caller, { awsRequest, region }: CallInProgress): void {
  if (awsRequest.service === 'sts') {
    if (!isStsActive(account, region)) throw regionDisabled(account.id);
  } else if (awsRequest.service === 'iam') {
    if (session?.kind === 'federatedUser') throw commonError('unknownAccessKey', 'query');
  } else if (!account.enabledRegions.has(region)) {
    throw commonError('unknownAccessKey', awsRequest.protocol.name);
  }
}

function authorize(place: CallPlace, { awsRequest, faults }: CallInProgress, now: number): void {
  const { caller, region } = place;
  const action = `${awsRequest.service}:${awsRequest.action}`;
  let refusal: string | null = null;
  if (faults.some(({ kind }) => kind === 'denyAction')) {
    refusal = `because no identity-based policy allows the ${action} action`;
  } else if (awsRequest.needsAuthorization) {
    const resource = awsRequest.resource(place);
    refusal = refusalOf(caller, { action, resource, context: requestContext(caller, { region, now }) });
  }
  if (refusal === null) return;
  const protocol = awsRequest.protocol.name;
  const prefix = protocol === 'ec2' ? 'You are not authorized to perform this operation. ' : '';
  const message = `${prefix}User: ${caller.arn} is not authorized to perform: ${action} ${refusal}`;
  throw commonError('accessDenied', protocol, message);
}

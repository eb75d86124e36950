import { linkedSignal, untilAborted } from '../abort';
import { noteAnswerTime } from './answer-time';
import { describeAwsError, forgetSkewOfOthers, noteAction, noteServedBefore } from './aws-error';
import type { CallCounter } from './call-counter';
import type { CallLimits, LimitedCall } from './call-limits';
import type { CalledApi } from './called-api';
import { requestedPoints } from './requested-points';

/** What calls of a client may do, and who hears of them. */
export interface CallScope {
  region: string;
  /** IAM actions that may be called; anything else is refused before it is sent. */
  allowedActions: ReadonlySet<string>;
  signal?: AbortSignal;
  calls?: CallCounter;
  /** Every attempt waits for its turn. */
  limits?: CallLimits;
  /** Of Rolecall: whose turns they are. No limit without it. */
  accountId?: number;
  /** Remembers each call that AWS has served these credentials, as Region and action: one that fails later is told from others. */
  served?: Set<string>;
}

/** A call outside the declared actions: a fault of the plugin, found before AWS is asked. */
class ActionNotAllowedError extends Error {
  readonly Code = 'ActionNotAllowed';
  constructor(action: string) {
    super(`not authorized to perform: ${action}: the session's purpose does not include it`);
    this.name = 'ActionNotAllowed';
  }
}

/** Signing names that differ from the prefix of their IAM actions. */
const IAM_PREFIX: Record<string, string> = { monitoring: 'cloudwatch' };

interface MiddlewareContext {
  commandName?: string;
  /** The SDK's own: there is the signal that a call was sent with. */
  __smithy_context?: { abortSignal?: AbortSignal };
}

/** What the guard needs of a client of the SDK. */
export interface SdkClient {
  config: { defaultSigningName?: string };
  send(command: object, ...rest: unknown[]): Promise<unknown>;
  middlewareStack: {
    add(middleware: (next: Handler, context: MiddlewareContext) => Handler, options: object): void;
    addRelativeTo(middleware: (next: Handler) => Handler, options: object): void;
  };
}
type Handler = (args: { input?: object }) => Promise<unknown>;

interface SdkAnswer {
  output: object;
  response: { headers?: Record<string, string> };
}

/** The IAM action that a command needs, by the client's service and the command's name. */
export function actionOf({ config }: SdkClient, commandName = ''): string {
  const service = config.defaultSigningName ?? '';
  return `${IAM_PREFIX[service] ?? service}:${commandName.replace(/Command$/, '')}`;
}

/** Every call of the client keeps to the scope from now on. */
export function guard(client: SdkClient, scope: CallScope): void {
  keepToScope(client, scope);
  takeTurns(client, scope);
  forgetSkews(client);
  noteAnswerTimes(client);
}

/** Refuses what the scope does not allow, and ends with it. */
function keepToScope(client: SdkClient, scope: CallScope): void {
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const action = actionOf(client, context.commandName);
      if (!scope.allowedActions.has(action)) throw new ActionNotAllowedError(action);
      const place = `${scope.region} ${action}`;
      try {
        const call = next(args);
        scope.calls?.watch?.(call);
        // Between its attempts the SDK waits, and does not listen.
        const answer = await (scope.signal ? untilAborted(call, scope.signal) : call);
        scope.served?.add(place);
        return answer;
      } catch (error) {
        noteAction(error, action);
        if (scope.served?.has(place)) noteServedBefore(error);
        throw error;
      }
    },
    { step: 'initialize', name: 'rolecallScope' },
  );
}

function takeTurns(client: SdkClient, scope: CallScope): void {
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const call = { action: actionOf(client, context.commandName), region: scope.region };
      const answered = await turnOf(call, args.input, scope, context);
      scope.calls?.count(call);
      try {
        const answer = await next(args);
        answered(false);
        return answer;
      } catch (error) {
        const { fault } = describeAwsError(error);
        // No answer says nothing of AWS's limits.
        if (fault !== 'unavailable') answered(fault === 'throttled');
        if (fault === 'throttled') scope.calls?.throttled?.(call);
        throw error;
      }
    },
    // Low priority within the step stands inside the retry loop: every attempt waits for its turn, and is counted.
    { step: 'finalizeRequest', priority: 'low', name: 'rolecallCount' },
  );
}

function forgetSkews({ middlewareStack }: SdkClient): void {
  middlewareStack.addRelativeTo(
    (next) => async (args) => {
      try {
        return await next(args);
      } catch (error) {
        forgetSkewOfOthers(error);
        throw error;
      }
    },
    // Between the retry loop and the signature, where the SDK corrects its clock.
    { relation: 'after', toMiddleware: 'retryMiddleware', name: 'rolecallSkew' },
  );
}

function noteAnswerTimes({ middlewareStack }: SdkClient): void {
  middlewareStack.add(
    (next) => async (args) => {
      const answer = (await next(args)) as SdkAnswer;
      noteAnswerTime(answer.output, answer.response.headers?.date);
      return answer;
    },
    // High priority within the step stands outside of the SDK's own reading of the answer.
    { step: 'deserialize', priority: 'high', name: 'rolecallAnswerTime' },
  );
}

/** Waits until the request may be sent. @returns what takes AWS's answer */
async function turnOf(
  api: CalledApi,
  input: object | undefined,
  { accountId, limits, signal }: CallScope,
  { __smithy_context: own }: MiddlewareContext,
): Promise<(isThrottled: boolean) => void> {
  if (!limits || accountId === undefined) return () => undefined;
  const call: LimitedCall = { ...api, accountId, ...requestedPoints(api.action, input) };
  const stop = linkedSignal([signal, own?.abortSignal].filter((one) => one !== undefined));
  try {
    await limits.take(call, stop.signal);
  } finally {
    stop.release();
  }
  return (throttled) => limits.answered(call, { throttled });
}

import type { GetMetricDataInput, MetricDataResult } from '@aws-sdk/client-cloudwatch';
import { readResult } from './metric-result';
import { queryText } from './query-text';

/** What the SDK writes a command into and reads its answer with: a client has one of its own. */
interface Protocol {
  getShapeId(): string;
  serializeRequest(operation: Operation, input: object, context: object): Promise<Request>;
  deserializeResponse(operation: Operation, context: Context, response: Response): Promise<object>;
}
interface Operation {
  name: string;
}
interface Request {
  body?: unknown;
}
interface Response {
  statusCode: number;
  body?: unknown;
}
interface Context {
  streamCollector?: (body: unknown) => Promise<Uint8Array>;
}

const OPERATION = 'GetMetricData';
/** The protocol whose bodies are written and read here. */
const AWS_JSON = 'aws.protocols#awsJson1_0';
const OPENING = '{'.charCodeAt(0);

/**
 * Has a CloudWatch client write the queries of GetMetricData and read its results without the SDK's codec, which costs
 * more than all the rest of a call. All else stays the SDK's: the other members, other commands, errors, and whatever
 * is not as it is expected here.
 * @returns false when the SDK is not as this knows it; the client is untouched then
 */
export function speedUpMetricData(client: { config: { protocol?: unknown } }): boolean {
  const { protocol } = client.config;
  if (!isKnown(protocol)) return false;
  const serialize = protocol.serializeRequest.bind(protocol);
  const deserialize = protocol.deserializeResponse.bind(protocol);
  protocol.serializeRequest = async (operation, input, context) => {
    const fast =
      operation.name === OPERATION ? await writeRequest(serialize, operation, input, context) : null;
    return fast ?? serialize(operation, input, context);
  };
  protocol.deserializeResponse = async (operation, context, response) => {
    if (operation.name !== OPERATION || response.statusCode >= 300 || !response.body) {
      return deserialize(operation, context, response);
    }
    const bytes = await collect(response.body, context);
    const answer = readAnswer(bytes);
    response.body = answer?.rest ?? bytes;
    const output = await deserialize(operation, context, response);
    return answer ? Object.assign(output, { MetricDataResults: answer.results }) : output;
  };
  return true;
}

function isKnown(protocol: unknown): protocol is Protocol {
  const known = protocol as Partial<Protocol> | undefined;
  return (
    typeof known?.serializeRequest === 'function' &&
    typeof known.deserializeResponse === 'function' &&
    typeof known.getShapeId === 'function' &&
    known.getShapeId() === AWS_JSON
  );
}

/** The SDK writes all but the queries; they go in front of it. */
async function writeRequest(
  serialize: Protocol['serializeRequest'],
  operation: Operation,
  input: object,
  context: object,
): Promise<Request | null> {
  const { MetricDataQueries: queries, ...others } = input as GetMetricDataInput;
  const text = Array.isArray(queries) ? queryText(queries) : null;
  if (text === null) return null;
  const request = await serialize(operation, others, context);
  const { body } = request;
  if (!(body instanceof Uint8Array) || body.length < 2 || body[0] !== OPENING) return null;
  const separator = body.length === 2 ? '' : ',';
  request.body = Buffer.concat([Buffer.from(`{"MetricDataQueries":${text}${separator}`), body.subarray(1)]);
  return request;
}

async function collect(body: unknown, { streamCollector }: Context): Promise<Uint8Array> {
  return body instanceof Uint8Array ? body : streamCollector!(body);
}

/** The results, and the rest as JSON for the SDK. Null when there is anything that only the SDK reads. */
function readAnswer(bytes: Uint8Array): { results: MetricDataResult[]; rest: Uint8Array } | null {
  const answer = parsed(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString());
  if (typeof answer !== 'object' || answer === null || '__type' in answer) return null;
  const { MetricDataResults: found, ...rest } = answer as { MetricDataResults?: unknown };
  if (!Array.isArray(found)) return null;
  const results: MetricDataResult[] = [];
  for (const value of found) {
    const result = readResult(value);
    if (!result) return null;
    results.push(result);
  }
  return { results, rest: Buffer.from(JSON.stringify(rest)) };
}

/** @returns undefined for what is no JSON: the SDK says so in its own words */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

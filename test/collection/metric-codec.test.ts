import { Readable } from 'node:stream';
import {
  CloudWatchClient,
  GetMetricDataCommand,
  ListMetricsCommand,
  type GetMetricDataInput,
} from '@aws-sdk/client-cloudwatch';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import fc from 'fast-check';
import { AwsClients, type MetricCodec } from '../../src/core/aws/aws-clients';
import { describeAwsError } from '../../src/core/aws/aws-error';
import { speedUpMetricData } from '../../src/core/aws/metric-data/fast-metric-data';
import { queryText } from '../../src/core/aws/metric-data/query-text';
import { readResult, timesOf } from '../../src/core/aws/metric-data/metric-result';
import { emptyWorld, startSimulator, type NewFault } from '../../src/simulator';

const REGION = 'eu-central-1';
const USER = {
  accountId: '123456789012',
  name: 'codec',
  accessKeyId: 'AKIASIMULATORCODEC00',
  secretAccessKey: 'simulated-secret-of-the-codec-user',
};

interface Answer {
  status?: number;
  headers?: Record<string, string>;
  body: string | Buffer;
}

type Handle = NodeHttpHandler['handle'];

/** The SDK warns of its own bodies where they are taken for text. */
const textOf = ({ buffer, byteOffset, byteLength }: Uint8Array) =>
  Buffer.from(buffer, byteOffset, byteLength).toString();

/** A client that sends into `handle`. */
function clientOf(metricCodec: MetricCodec, handle: Handle, endpoint = 'http://127.0.0.1:1') {
  const requestHandler = new NodeHttpHandler();
  requestHandler.handle = handle;
  const clients = new AwsClients({ endpoint, requestHandler, maxAttempts: 1, metricCodec });
  const allowedActions = new Set(['cloudwatch:GetMetricData', 'cloudwatch:ListMetrics']);
  return clients.create(CloudWatchClient, { credentials: USER, region: REGION, allowedActions });
}

/** One of each codec, for all the answers and inputs that are compared. */
const { handler, codecs } = (() => {
  const shared: { handle: Handle } = { handle: () => Promise.reject(new Error('Nothing is expected')) };
  const make = (codec: MetricCodec) => clientOf(codec, (...call) => shared.handle(...call));
  return { handler: shared, codecs: { fast: make('fast'), stock: make('stock') } };
})();

const INPUT: GetMetricDataInput = {
  MetricDataQueries: [],
  StartTime: new Date(0),
  EndTime: new Date(300_000),
};

/** What comes of an answer, as far as anybody can tell. */
async function outcomeOf(metricCodec: MetricCodec, { status = 200, headers = {}, body }: Answer) {
  handler.handle = (async () => ({
    response: { statusCode: status, headers: { ...headers }, body: Readable.from([Buffer.from(body)]) },
  })) as unknown as Handle;
  try {
    const output = await codecs[metricCodec].send(new GetMetricDataCommand(INPUT));
    const results = output.MetricDataResults?.map((result) => {
      // The fast codec makes the dates when they are asked for.
      const { Timestamps, Id, Label, StatusCode, Values, Messages, ...others } = result ?? {};
      const own = Object.keys(others).filter((key) => !['times', 'dates'].includes(key));
      const read = { Id, Label, StatusCode, Values, Messages, Timestamps: Timestamps?.map(Number) };
      return result && { ...read, times: timesOf(result), own };
    });
    return { output: { ...output, MetricDataResults: results } };
  } catch (error) {
    const { constructor, name, message, $fault, $metadata, Code } = error as Record<string, unknown>;
    return { error: { constructor, name, message, $fault, $metadata, Code }, facts: describeAwsError(error) };
  }
}

async function expectSame(answer: Answer) {
  const stock = await outcomeOf('stock', answer);
  expect(await outcomeOf('fast', answer)).toEqual(stock);
  return stock;
}

/** The body that goes out for an input. */
async function requestOf(metricCodec: MetricCodec, input: object) {
  let sent: { body: string; headers: Record<string, string> } | undefined;
  handler.handle = async ({ body, headers }) => {
    const { 'x-amz-target': target, 'content-type': type, 'content-length': length } = headers;
    sent = { body: textOf(body as Uint8Array), headers: { target, type } as never };
    expect(length).toBe(String(Buffer.byteLength(sent.body)));
    throw Object.assign(new Error('noted'), { name: 'Noted' });
  };
  const error: unknown = await codecs[metricCodec]
    .send(new GetMetricDataCommand(input as GetMetricDataInput))
    .catch((caught: unknown) => caught);
  return sent ? { body: JSON.parse(sent.body) as unknown, headers: sent.headers } : String(error);
}

describe('the fast codec of GetMetricData', () => {
  describe('reads as the SDK does', () => {
    it.each<[string, Answer]>([
      ['nothing at all', { body: '' }],
      ['an empty object', { body: '{}' }],
      ['no results', { body: '{"MetricDataResults":[],"Messages":[]}' }],
      ['a token', { body: '{"MetricDataResults":[],"NextToken":"more"}' }],
      ['results that are null', { body: '{"MetricDataResults":null}' }],
      ['a result that is null', { body: '{"MetricDataResults":[null]}' }],
      ['a list', { body: '[]' }],
      ['a number', { body: '7' }],
      [
        'messages',
        { body: '{"MetricDataResults":[],"Messages":[{"Code":"MaxMetricsExceeded","Value":"x"}]}' },
      ],
      [
        'messages of a result',
        {
          body: '{"MetricDataResults":[{"Id":"a","Messages":[{"Code":"ArithmeticError","Value":"x","New":1}]}]}',
        },
      ],
      ['half a body', { body: '{"MetricDataResults":[{"Id":"q0","Timest' }],
      [
        'the page of a proxy',
        { body: '<html><body>Sign in</body></html>', headers: { 'content-type': 'text/html' } },
      ],
      ['a mark of the byte order', { body: '\ufeff{"MetricDataResults":[]}' }],
      ['no UTF-8', { body: Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]) }],
      [
        'infinity',
        {
          body: '{"MetricDataResults":[{"Id":"a","Timestamps":[1,2,3],"Values":["Infinity","NaN","-Infinity"]}]}',
        },
      ],
      [
        'a value that is null',
        { body: '{"MetricDataResults":[{"Id":"a","Timestamps":[1],"Values":[null]}]}' },
      ],
      [
        'a time that is text',
        { body: '{"MetricDataResults":[{"Id":"a","Timestamps":["12.5"],"Values":[1]}]}' },
      ],
      [
        'a time that is none',
        { body: '{"MetricDataResults":[{"Id":"a","Timestamps":["soon"],"Values":[1]}]}' },
      ],
      [
        'a time beyond all dates',
        { body: '{"MetricDataResults":[{"Id":"a","Timestamps":[1e99],"Values":[1]}]}' },
      ],
      [
        'a time of half a second',
        { body: '{"MetricDataResults":[{"Id":"a","Timestamps":[1.4996,-0.0004]}]}' },
      ],
      ['what it does not know', { body: '{"MetricDataResults":[{"Id":"a","New":[1]}],"Newer":{"a":1}}' }],
      ['a type', { body: '{"__type":"x","MetricDataResults":[{"Id":"a","__type":"y","New":1}],"New":1}' }],
      [
        '-0 and 5e-324',
        { body: '{"MetricDataResults":[{"Values":[-0,5e-324,1.7976931348623157e308,1e999]}]}' },
      ],
      [
        'its names twice',
        { body: '{"MetricDataResults":[{"Id":"a","Id":"b"}],"MetricDataResults":[{"Id":"c"}]}' },
      ],
      [
        '__proto__',
        { body: '{"__proto__":{"MetricDataResults":[]},"MetricDataResults":[{"__proto__":{"Id":"a"}}]}' },
      ],
      [
        '400 with a code',
        { status: 400, body: '{"__type":"com.amazonaws.cloudwatch#InvalidNextToken","message":"no"}' },
      ],
      [
        '400 of before JSON',
        {
          status: 400,
          headers: { 'x-amzn-query-error': 'Throttling;Sender', 'x-amzn-requestid': 'r1' },
          body: '{"__type":"com.amazonaws.cloudwatch#ThrottlingException","message":"Rate exceeded"}',
        },
      ],
      ['400 without a word', { status: 400, body: '' }],
      ['403 of a proxy', { status: 403, body: '<html>no</html>' }],
      ['500 with results', { status: 500, body: '{"__type":"InternalServiceFault","MetricDataResults":[]}' }],
      ['503 of a balancer', { status: 503, body: 'Service Unavailable' }],
      ['204', { status: 204, body: '' }],
      ['302', { status: 302, headers: { location: 'https://elsewhere.example' }, body: '' }],
    ])('%s', async (_, answer) => {
      await expectSame(answer);
    });

    it('any answer, in whole and in part', async () => {
      const rare = fc.oneof(
        fc.constant(null),
        fc.jsonValue({ maxDepth: 1 }),
        fc.constantFrom('NaN', 'Infinity', ''),
      );
      const usual = <T>(value: fc.Arbitrary<T>) =>
        fc.oneof({ weight: 60, arbitrary: value }, { weight: 1, arbitrary: rare });
      const text = usual(fc.string({ unit: 'binary' }));
      const seconds = fc.oneof(fc.integer({ min: 0, max: 2 ** 32 }), fc.double({ noNaN: true }));
      const result = fc.record(
        {
          Id: text,
          Label: text,
          StatusCode: usual(fc.constantFrom('Complete', 'PartialData', 'InternalError', 'Forbidden')),
          Timestamps: usual(fc.array(usual(seconds), { maxLength: 4 })),
          Values: usual(fc.array(usual(fc.double()), { maxLength: 4 })),
          Messages: usual(fc.constant([])),
          Unknown: rare,
        },
        { requiredKeys: [] },
      );
      const answer = fc.record(
        {
          MetricDataResults: usual(fc.array(usual(result), { maxLength: 5 })),
          Messages: usual(fc.array(fc.record({ Code: text, Value: text }), { maxLength: 2 })),
          NextToken: text,
          Unknown: rare,
        },
        { requiredKeys: [] },
      );
      let read = 0;
      const cut = fc.oneof(
        { weight: 9, arbitrary: fc.constant(1) },
        fc.double({ min: 0, max: 1, noNaN: true }),
      );
      await fc.assert(
        fc.asyncProperty(answer, cut, async (value, share) => {
          const body = JSON.stringify(value);
          const { output } = await expectSame({ body: body.slice(0, Math.round(body.length * share)) });
          if (output?.MetricDataResults?.some((one) => one && one.times.length > 0)) read++;
        }),
        { numRuns: 200 },
      );
      expect(read).toBeGreaterThan(20);
    });

    it('what the simulator answers, whole, in part and with errors', async () => {
      const world = emptyWorld();
      world.addAccount({ id: USER.accountId, enabledRegions: [REGION] });
      const statement = { Effect: 'Allow', Action: 'cloudwatch:*', Resource: '*' };
      world.addUser({ ...USER, permissionPolicy: { Version: '2012-10-17', Statement: [statement] } });
      const [instance] = world.addInstances({ accountId: USER.accountId, region: REGION, count: 1 });
      const simulator = await startSimulator({ world });
      const recorded: Answer[] = [];
      try {
        const http = new NodeHttpHandler();
        const client = clientOf(
          'stock',
          async (request, options) => {
            const { response } = await http.handle(request, options);
            const body = Buffer.concat(await (response.body as Readable).toArray());
            recorded.push({ status: response.statusCode, headers: { ...response.headers }, body });
            return { response: Object.assign(response, { body: Readable.from([body]) }) };
          },
          simulator.url,
        );
        const ask = async (fault: NewFault | null, input: Partial<GetMetricDataInput> = {}) => {
          simulator.faults.clear();
          if (fault) simulator.faults.add(fault);
          const dimensions = [{ Name: 'InstanceId', Value: instance!.InstanceId }];
          const queries = ['CPUUtilization', 'NetworkIn', 'Nothing'].map((MetricName, index) => ({
            Id: `q${index}`,
            MetricStat: {
              Metric: { Namespace: 'AWS/EC2', MetricName, Dimensions: dimensions },
              Period: 300,
              Stat: 'Average',
            },
          }));
          const range = { StartTime: new Date(Date.now() - 3_600_000), EndTime: new Date() };
          await client
            .send(new GetMetricDataCommand({ MetricDataQueries: queries, ...range, ...input }))
            .catch(() => undefined);
        };
        await ask(null);
        await ask(null, { MaxDatapoints: 12 });
        await ask({ kind: 'partialData', statusCode: 'PartialData' });
        await ask({ kind: 'partialData', statusCode: 'Forbidden' });
        await ask({ kind: 'partialData', statusCode: 'InternalError' });
        await ask({ kind: 'throttle' });
        await ask({ kind: 'denyAction' });
        await ask({ kind: 'error' });
        await ask({ kind: 'error', status: 400, code: 'ValidationError', message: 'no' });
        await ask(null, { NextToken: 'unknown' });
        await http.destroy();
      } finally {
        await simulator.close();
      }
      const outcomes = [];
      for (const answer of recorded) outcomes.push(await expectSame(answer));
      const statuses = outcomes.flatMap(
        ({ output }) => output?.MetricDataResults?.map((one) => one!.StatusCode) ?? [],
      );
      expect(new Set(statuses)).toEqual(new Set(['Complete', 'PartialData', 'Forbidden', 'InternalError']));
      expect(outcomes.map(({ facts }) => facts?.fault ?? 'none')).toEqual(
        expect.arrayContaining(['none', 'throttled', 'denied', 'unavailable', 'rejected']),
      );
    });
  });

  describe('writes as the SDK does', () => {
    it('any queries', async () => {
      const rare = fc.constantFrom<unknown>(null, undefined, 1, -0, '', NaN, Infinity, 1e21, {}, [], 'x');
      const usual = <T>(value: fc.Arbitrary<T>) =>
        fc.oneof({ weight: 60, arbitrary: value }, { weight: 1, arbitrary: rare });
      const text = usual(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.constantFrom('i-0abc', '"', '\\', '\u0000\u001f\u007f', '\ud800', '😀', '\u2028'),
        ),
      );
      const dimensions = fc.array(usual(fc.record({ Name: text, Value: text }, { requiredKeys: [] })), {
        maxLength: 3,
      });
      const stat = fc.record(
        {
          Metric: usual(
            fc.record(
              { Namespace: text, MetricName: text, Dimensions: usual(dimensions) },
              { requiredKeys: ['Namespace'] },
            ),
          ),
          Period: usual(fc.constantFrom(60, 300, 3_600)),
          Stat: text,
        },
        { requiredKeys: ['Metric', 'Period', 'Stat'] },
      );
      const extra = {
        Expression: text,
        Label: text,
        ReturnData: fc.boolean(),
        Period: fc.nat(),
        AccountId: text,
        New: text,
      };
      const query = fc.oneof(
        { weight: 20, arbitrary: fc.record({ Id: text, MetricStat: usual(stat) }) },
        fc.record({ Id: text, MetricStat: usual(stat), ...extra }, { requiredKeys: [] }),
      );
      const time = fc.date({ noInvalidDate: true });
      const input = fc.record(
        {
          MetricDataQueries: usual(fc.array(usual(query), { maxLength: 4 })),
          StartTime: time,
          EndTime: time,
          ScanBy: text,
          NextToken: text,
          MaxDatapoints: usual(fc.nat()),
          LabelOptions: fc.record({ Timezone: text }),
        },
        { requiredKeys: [] },
      );
      await fc.assert(
        fc.asyncProperty(input, async (value) => {
          expect(await requestOf('fast', value)).toEqual(await requestOf('stock', value));
        }),
        { numRuns: 200 },
      );
    });

    it('other commands are the SDK’s', async () => {
      const bodies: unknown[] = [];
      for (const codec of ['stock', 'fast'] as const) {
        const client = clientOf(codec, (async ({ body }: { body: Uint8Array }) => {
          bodies.push(JSON.parse(textOf(body)));
          return {
            response: {
              statusCode: 200,
              headers: {},
              body: Readable.from([Buffer.from('{"Metrics":[{"MetricName":"a"}]}')]),
            },
          };
        }) as unknown as Handle);
        const { Metrics } = await client.send(new ListMetricsCommand({ Namespace: 'AWS/EC2' }));
        expect(Metrics).toEqual([{ MetricName: 'a' }]);
      }
      expect(bodies[1]).toEqual(bodies[0]);
    });
  });

  it('does itself what a collection asks and is answered', async () => {
    const metric = { Namespace: 'AWS/EC2', MetricName: 'CPUUtilization', Dimensions: [] };
    const query = { Id: 'q0', MetricStat: { Metric: metric, Period: 300, Stat: 'Average' } };
    expect(queryText([query])).toBe(JSON.stringify([query]));
    const result = { Id: 'q0', Label: 'x', StatusCode: 'Complete', Timestamps: [300], Values: [1.5] };
    expect(readResult(result)).toMatchObject({ times: [300_000], Values: [1.5] });
    const body = JSON.stringify({ MetricDataResults: [{ ...result, Messages: [] }], Messages: [] });
    handler.handle = (async () => ({
      response: { statusCode: 200, headers: {}, body: Readable.from([Buffer.from(body)]) },
    })) as unknown as Handle;
    const { MetricDataResults: [read] = [] } = await codecs.fast.send(new GetMetricDataCommand(INPUT));
    expect(read).toHaveProperty('times', [300_000]);
    expect(read!.Timestamps).toEqual([new Date(300_000)]);
  });

  it('leaves an SDK alone that it does not know, and says so once', async () => {
    const unknown = {
      getShapeId: () => 'smithy.protocols#rpcv2Cbor',
      serializeRequest() {},
      deserializeResponse() {},
    };
    for (const protocol of [undefined, {}, unknown]) {
      const before = { ...protocol };
      expect(speedUpMetricData({ config: { protocol } })).toBe(false);
      expect({ ...protocol }).toEqual(before);
    }
    const warnings: string[] = [];
    class OtherClient extends CloudWatchClient {
      constructor(configuration: object) {
        super({ region: REGION, ...configuration });
        Object.assign(this.config.protocol!, { getShapeId: unknown.getShapeId });
      }
    }
    const clients = new AwsClients({
      ...{ endpoint: null, requestHandler: new NodeHttpHandler(), maxAttempts: 1 },
      log: { warn: (_, message) => warnings.push(message) },
    });
    const scope = { credentials: USER, region: REGION, allowedActions: new Set<string>() };
    clients.create(OtherClient, scope);
    clients.create(OtherClient, scope);
    clients.create(CloudWatchClient, scope);
    expect(warnings).toEqual([expect.stringContaining('fast codec')]);
  });
});

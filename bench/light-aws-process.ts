import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AskedOfLightAws } from './light-aws';

/**
 * As much of AWS as a collection needs, far quicker than the simulator: AssumeRole, GetMetricData and ListMetrics, without
 * a look at signatures. What it answers is plausible and the same at each run.
 */
const server = createServer((request, response) => {
  void read(request).then((body) => {
    const [type, text] = answerTo(request, body);
    response.writeHead(200, { 'content-type': type, 'x-amzn-requestid': 'light' });
    response.end(text);
  });
});

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function answerTo({ headers }: IncomingMessage, body: string): [type: string, text: string] {
  const target = String(headers['x-amz-target'] ?? '').split('.')[1];
  const [, key = '', region = ''] =
    /Credential=(\w+)\/\d+\/([\w-]+)\//.exec(headers.authorization ?? '') ?? [];
  if (target === 'GetMetricData')
    return [JSON_TYPE, metricData(JSON.parse(body) as Asked, `${key} ${region}`)];
  if (target === 'ListMetrics') return [JSON_TYPE, '{"Metrics":[]}'];
  if (body.includes('Action=AssumeRole')) return ['text/xml', assumedRole(body)];
  throw new Error(`The light AWS knows no ${target ?? body.slice(0, 80)}`);
}

const JSON_TYPE = 'application/x-amz-json-1.0';

/** One key an account, so that the account of a call is known by it. */
function assumedRole(body: string): string {
  const [, account] = /iam%3A%3A(\d{12})%3A/.exec(body) ?? [];
  const session = new Date(Date.now() + 24 * 3_600_000).toISOString();
  return (
    '<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>' +
    `<AccessKeyId>ASIALIGHT${account}</AccessKeyId><SecretAccessKey>light</SecretAccessKey>` +
    `<SessionToken>light</SessionToken><Expiration>${session}</Expiration></Credentials><AssumedRoleUser>` +
    `<Arn>arn:aws:sts::${account}:assumed-role/rolecall/light</Arn><AssumedRoleId>AROALIGHT:light</AssumedRoleId>` +
    '</AssumedRoleUser></AssumeRoleResult></AssumeRoleResponse>'
  );
}

interface Asked {
  MetricDataQueries: { Id: string; MetricStat: { Metric: { MetricName: string }; Period: number } }[];
  StartTime: number;
  EndTime: number;
}

/** Points of a first look, which goes back for hours: as if all had begun to publish only now. */
const MAX_POINTS = 6;

let calls = 0;
let points = 0;
const queriesOf = new Map<string, number>();

function metricData({ MetricDataQueries: queries, StartTime, EndTime }: Asked, place: string): string {
  calls++;
  queriesOf.set(place, (queriesOf.get(place) ?? 0) + queries.length);
  const results = queries.map(({ Id, MetricStat }, index) => {
    const { Period, Metric } = MetricStat;
    const times: number[] = [];
    for (let time = Math.ceil(StartTime / Period) * Period; time < EndTime; time += Period) times.push(time);
    const answered = times.slice(-MAX_POINTS);
    points += answered.length;
    const values = answered.map((time) => valueOf(time, index));
    return `{"Id":"${Id}","Label":"${Metric.MetricName}","Timestamps":[${answered.join()}],"Values":[${values.join()}],"StatusCode":"Complete","Messages":[]}`;
  });
  return `{"MetricDataResults":[${results.join()}],"Messages":[]}`;
}

/** A third almost always zero, a third counts, a third with a full mantissa. */
function valueOf(time: number, index: number): number {
  const noise = ((time / 60) * 7_919 + index * 104_729) % 1_000;
  if (index % 3 === 0) return noise < 20 ? 1 : 0;
  return index % 3 === 1 ? noise : 50 + 30 * Math.sin(time / 14_000 + noise);
}

function asked(): AskedOfLightAws {
  const optimum = [...queriesOf.values()].reduce((sum, queries) => sum + Math.ceil(queries / 500), 0);
  const total = { calls, optimum, points };
  calls = points = 0;
  queriesOf.clear();
  return total;
}

server.listen(0, '127.0.0.1', () => {
  process.on('message', () => process.send!(asked()));
  process.on('disconnect', () => process.exit(0));
  process.send!({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
});

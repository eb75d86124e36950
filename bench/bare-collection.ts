import { createHash, createHmac } from 'node:crypto';
import { Agent, request } from 'node:http';
import type { AwsCredentials } from '../src/core/aws/aws-clients';
import type { Fence } from '../src/core/collection/leases';
import type { PlannedCall } from '../src/core/collection/planner';
import type { MetricStore, SeriesPoints } from '../src/core/metrics/metric-store';

interface Target {
  url: string;
  credentials: AwsCredentials;
}

interface Answer {
  MetricDataResults: { Id: string; Timestamps: number[]; Values: number[] }[];
  NextToken?: string;
}

/**
 * The least that any collector must do, as the reference of a ratio: for each planned call a signed
 * request, JSON.parse, and the same store. Nothing is retried, limited, recorded or told of.
 */
export async function collectBare(
  calls: readonly PlannedCall[],
  target: Target,
  store: MetricStore,
  fence: Fence,
): Promise<number> {
  const stored = await Promise.all(
    calls.map(async (call) => (await store.append(fence, await fetchCall(call, target))).added),
  );
  return stored.reduce((sum, added) => sum + added, 0);
}

async function fetchCall(call: PlannedCall, target: Target): Promise<SeriesPoints[]> {
  const points = call.series.map((series): SeriesPoints => ({
    series,
    timestamps: [],
    values: [],
    watermark: call.to,
  }));
  let nextToken: string | undefined;
  do {
    const answer = await signedFetch(JSON.stringify(requestOf(call, nextToken)), call.region, target);
    for (const { Id, Timestamps, Values } of answer.MetricDataResults) {
      const { timestamps, values } = points[Number(Id.slice(1))];
      for (const seconds of Timestamps) timestamps.push(seconds * 1000);
      values.push(...Values);
    }
    nextToken = answer.NextToken;
  } while (nextToken);
  return points;
}

function requestOf({ from, to, series }: PlannedCall, nextToken: string | undefined): object {
  return {
    MetricDataQueries: series.map(({ namespace, name, dimensions, period, statistic }, index) => ({
      Id: `q${index}`,
      MetricStat: {
        Metric: {
          Namespace: namespace,
          MetricName: name,
          Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
        },
        Period: period,
        Stat: statistic,
      },
    })),
    StartTime: from / 1000,
    EndTime: to / 1000,
    ScanBy: 'TimestampAscending',
    NextToken: nextToken,
  };
}

/** One POST with AWS Signature Version 4 (AWS General Reference, Signing AWS API requests). */
async function signedFetch(body: string, region: string, { url, credentials }: Target): Promise<Answer> {
  const date = new Date().toISOString().replace(/[-:]|\.\d{3}/g, '');
  const scope = `${date.slice(0, 8)}/${region}/monitoring/aws4_request`;
  const headers = {
    'content-type': 'application/x-amz-json-1.0',
    host: new URL(url).host,
    'x-amz-date': date,
    'x-amz-target': 'GraniteServiceVersion20100801.GetMetricData',
  };
  const names = Object.keys(headers).join(';');
  const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`);
  const canonical = ['POST', '/', '', lines.join(''), names, sha256(body)].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', date, scope, sha256(canonical)].join('\n');
  const key = scope.split('/').reduce<string | Buffer>(hmac, `AWS4${credentials.secretAccessKey}`);
  const signature = hmac(key, toSign).toString('hex');
  const authorization =
    `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/${scope}, ` +
    `SignedHeaders=${names}, Signature=${signature}`;
  const { status, text } = await post(url, { ...headers, authorization }, body);
  if (status !== 200) throw new Error(`GetMetricData was answered ${status}: ${text}`);
  return JSON.parse(text) as Answer;
}

/** `fetch` costs twice as much. */
const agent = new Agent({ keepAlive: true, maxSockets: 200 });

function post(
  url: string,
  headers: Record<string, string>,
  body: string,
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', headers, agent }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        resolve({ status: response.statusCode!, text: Buffer.concat(chunks).toString() });
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DescribeInstancesCommand,
  DescribeRegionsCommand,
  DescribeVolumesCommand,
  EC2Client,
  paginateDescribeVolumes,
} from '@aws-sdk/client-ec2';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { untilAborted } from '../abort';
import { Readable } from 'node:stream';
import { answerTimeOf } from './answer-time';
import { AwsClients } from './aws-clients';
import { describeAwsError } from './aws-error';
import { CallHeldBackError } from './call-held-back-error';
import type { CallLimits, LimitedCall } from './call-limits';

interface Sent {
  hostname: string;
  accessKeyId: string;
  action: string;
}

/** A handler that takes notes, and has every call fail in a way that is not retried. */
function noting(): { handler: NodeHttpHandler; sent: Sent[] } {
  const sent: Sent[] = [];
  const handler = new NodeHttpHandler();
  handler.handle = async (request, { abortSignal } = {}) => {
    if (abortSignal?.aborted) throw Object.assign(new Error('aborted'), { name: 'AbortError' });
    sent.push({
      hostname: request.hostname,
      accessKeyId: /Credential=(\w+)\//.exec(request.headers['authorization'] ?? '')?.[1] ?? '',
      action: /Action=(\w+)/.exec(String(request.body))?.[1] ?? '',
    });
    throw Object.assign(new Error('noted'), { name: 'Noted' });
  };
  return { handler, sent };
}

const part = (accessKeyId: string, ...actions: string[]) => ({
  credentials: { accessKeyId, secretAccessKey: 's', sessionToken: 't' },
  allowedActions: new Set(actions),
});

describe('AwsClients', () => {
  it('signs each call by the session that allows its action, and sends none that none allows', async () => {
    const { handler, sent } = noting();
    const clients = new AwsClients({ endpoint: null, requestHandler: handler, maxAttempts: 1 });
    const parts = [
      part('FIRST', 'ec2:DescribeInstances'),
      part('SECOND', 'ec2:DescribeVolumes', 'ec2:DescribeInstances'),
    ];
    const client = clients.createSplit(EC2Client, parts, { region: 'eu-west-1' });
    expect(client).toBeInstanceOf(EC2Client);
    await expect(client.send(new DescribeInstancesCommand({}))).rejects.toThrow('noted');
    await expect(client.send(new DescribeVolumesCommand({}))).rejects.toThrow('noted');
    await expect(paginateDescribeVolumes({ client }, {}).next()).rejects.toThrow('noted');
    await expect(client.send(new DescribeRegionsCommand({}))).rejects.toThrow('ec2:DescribeRegions');
    expect(sent.map(({ accessKeyId, action }) => `${accessKeyId} ${action}`)).toEqual([
      'FIRST DescribeInstances',
      'SECOND DescribeVolumes',
      'SECOND DescribeVolumes',
    ]);
  });

  it('sends nothing once its signal is aborted', async () => {
    const { handler, sent } = noting();
    const clients = new AwsClients({ endpoint: null, requestHandler: handler, maxAttempts: 3 });
    const stop = new AbortController();
    const scope = { ...part('KEY', 'ec2:DescribeInstances'), region: 'eu-west-1', signal: stop.signal };
    const client = clients.create(EC2Client, scope);
    stop.abort();
    await expect(client.send(new DescribeInstancesCommand({}))).rejects.toMatchObject({ name: 'AbortError' });
    expect(sent).toEqual([]);
  });

  it('goes where AWS is, whatever the environment and the shared AWS config say', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'rolecall-aws-')), 'config');
    writeFileSync(file, '[default]\nendpoint_url = http://elsewhere.example\n');
    const before = { ...process.env };
    Object.assign(process.env, { AWS_CONFIG_FILE: file, AWS_ENDPOINT_URL_STS: 'http://other.example' });
    try {
      const hosts = async (configuredEndpoints: boolean) => {
        const { handler, sent } = noting();
        const options = { endpoint: null, requestHandler: handler, maxAttempts: 1, configuredEndpoints };
        const scope = { ...part('KEY', 'sts:GetCallerIdentity', 'ec2:DescribeRegions'), region: 'eu-west-1' };
        const clients = new AwsClients(options);
        await clients
          .create(STSClient, scope)
          .send(new GetCallerIdentityCommand({}))
          .catch(() => undefined);
        await clients
          .create(EC2Client, scope)
          .send(new DescribeRegionsCommand({}))
          .catch(() => undefined);
        return sent.map(({ hostname }) => hostname);
      };
      expect(await hosts(false)).toEqual(['sts.eu-west-1.amazonaws.com', 'ec2.eu-west-1.amazonaws.com']);
      expect(await hosts(true)).toEqual(['other.example', 'elsewhere.example']);
    } finally {
      process.env = before;
    }
  });

  describe('limits', () => {
    const scope = { ...part('KEY', 'ec2:DescribeInstances'), region: 'eu-west-1', accountId: 7 };

    /** What is throttled the first times, and what the limits are told. */
    function limited(throttledTimes: number, take: CallLimits['take'] = () => Promise.resolve()) {
      const log: string[] = [];
      const handler = new NodeHttpHandler();
      handler.handle = () => {
        log.push('sent');
        const isThrottled = log.filter((one) => one === 'sent').length <= throttledTimes;
        const name = isThrottled ? 'RequestLimitExceeded' : 'Noted';
        const answer = { name, $fault: 'client', $metadata: { httpStatusCode: 400 } };
        return Promise.reject(Object.assign(new Error(name), answer));
      };
      const calls: LimitedCall[] = [];
      const limits: CallLimits = {
        async take(call, signal) {
          await take(call, signal);
          calls.push(call);
          log.push('taken');
        },
        answered: (_call, { throttled }) => void log.push(throttled ? 'throttled' : 'answered'),
      };
      const clients = new AwsClients({ endpoint: null, requestHandler: handler, maxAttempts: 3 });
      const client = clients.create(EC2Client, { ...scope, limits });
      return { client, calls, log };
    }

    it('every attempt waits for its turn, and its answer is told', async () => {
      const { client, calls, log } = limited(2);
      await expect(client.send(new DescribeInstancesCommand({}))).rejects.toThrow('Noted');
      const throttled = ['taken', 'sent', 'throttled'];
      expect(log).toEqual([...throttled, ...throttled, 'taken', 'sent', 'answered']);
      const api = { action: 'ec2:DescribeInstances', region: 'eu-west-1' };
      expect(calls[0]).toEqual({ ...api, accountId: 7, points: 0, startTime: null });
    });

    it('a call that is held back is neither sent nor tried again, and counts as throttled', async () => {
      const held = (call: LimitedCall) => Promise.reject(new CallHeldBackError(call));
      const { client, log } = limited(0, held);
      const error: unknown = await client
        .send(new DescribeInstancesCommand({}))
        .catch((caught: unknown) => caught);
      expect(describeAwsError(error)).toMatchObject({
        ...{ code: 'CallHeldBack', fault: 'throttled', retryable: true },
        message: expect.stringContaining('ec2:DescribeInstances in eu-west-1'),
      });
      expect(log).toEqual([]);
    });

    it('a call that waits ends with the signal that it was sent with', async () => {
      const reasons: unknown[] = [];
      const forEver = (_call: LimitedCall, signal?: AbortSignal) =>
        untilAborted(new Promise<void>(() => undefined), signal!).catch((reason: unknown) => {
          reasons.push(reason);
          throw reason;
        });
      const { client, log } = limited(0, forEver);
      const stop = new AbortController();
      const call = client.send(new DescribeInstancesCommand({}), { abortSignal: stop.signal });
      const own = new Error('own');
      setImmediate(() => stop.abort(own));
      await expect(call).rejects.toMatchObject({ name: 'AbortError' });
      expect(reasons).toEqual([own]);
      expect(log).toEqual([]);
    });
  });

  it.each([
    ['Tue, 24 Nov 2026 09:20:10 GMT', Date.UTC(2026, 10, 24, 9, 20, 10)],
    ['no date', null],
  ])('knows when AWS answered by its own clock: %s', async (date, expected) => {
    const handler = new NodeHttpHandler();
    const body = '<GetCallerIdentityResponse><GetCallerIdentityResult/></GetCallerIdentityResponse>';
    const response = { statusCode: 200, headers: { date }, body: Readable.from([Buffer.from(body)]) };
    handler.handle = (async () => ({ response })) as unknown as NodeHttpHandler['handle'];
    const clients = new AwsClients({ endpoint: null, requestHandler: handler, maxAttempts: 1 });
    const scope = { region: 'eu-west-1', ...part('KEY', 'sts:GetCallerIdentity') };
    const answer = await clients.create(STSClient, scope).send(new GetCallerIdentityCommand({}));
    expect(answerTimeOf(answer)).toBe(expected);
  });

  it.each([
    ['AccessDenied', 1],
    ['RequestExpired', 2],
  ])('with a clock that is an hour off asks again after %s: %i attempts', async (code, attempts) => {
    const handler = new NodeHttpHandler();
    let sent = 0;
    handler.handle = (async () => {
      sent += 1;
      const date = new Date(Date.now() - 3_600_000).toUTCString();
      const body = sent < 2 ? errorBody(code) : '<GetCallerIdentityResponse/>';
      const statusCode = sent < 2 ? 403 : 200;
      return { response: { statusCode, headers: { date }, body: Readable.from([Buffer.from(body)]) } };
    }) as unknown as NodeHttpHandler['handle'];
    const clients = new AwsClients({ endpoint: null, requestHandler: handler, maxAttempts: 3 });
    const scope = { region: 'eu-west-1', ...part('KEY', 'sts:GetCallerIdentity') };
    await clients
      .create(STSClient, scope)
      .send(new GetCallerIdentityCommand({}))
      .catch(() => undefined);
    expect(sent).toBe(attempts);
  });
});

function errorBody(code: string): string {
  return `<ErrorResponse><Error><Code>${code}</Code><Message>no</Message></Error></ErrorResponse>`;
}

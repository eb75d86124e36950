import { z } from 'zod';
import { definePlugin, resourceType } from '../../src/plugins/contract';

const queue = resourceType({
  graphqlType: 'Queue',
  description: 'A queue.',
  attributes: z.object({ queueName: z.string(), fifo: z.boolean() }),
  metrics: [
    {
      namespace: 'AWS/SQS',
      dimensions: ({ attributes }) => [{ QueueName: attributes.queueName }],
      settleSeconds: 240,
      definitions: [],
    },
    {
      namespace: 'AWS/SQS',
      // @ts-expect-error The schema has no such attribute.
      dimensions: ({ attributes }) => [{ QueueName: attributes.queue }],
      // @ts-expect-error CloudWatch has points of 60 or 300 s here.
      period: () => 120,
      settleSeconds: 240,
      definitions: [],
    },
    {
      namespace: 'AWS/SQS',
      // @ts-expect-error A dimension's value is text.
      dimensions: ({ attributes }) => [{ QueueName: attributes.fifo }],
      settleSeconds: 240,
      definitions: [],
    },
  ],
});

const declaration = {
  name: 'sqs',
  version: '1.0.0',
  apiVersion: 1,
  displayName: 'Amazon SQS',
  description: 'Queues.',
  iamActions: ['sqs:ListQueues'],
  resources: { 'sqs:queue': queue },
} as const;

const found = { arn: 'arn:aws:sqs:eu-central-1:111122223333:orders', name: 'orders', tags: {} };

/** Each of these is judged by `npm run typecheck`: an expected error that does not come is an error. */
const plugins = {
  right: definePlugin({
    ...declaration,
    async *discover() {
      yield { ...found, type: 'sqs:queue' as const, attributes: { queueName: 'orders', fifo: false } };
    },
  }),
  wrongAttributeType: definePlugin({
    ...declaration,
    // @ts-expect-error `fifo` is a boolean.
    async *discover() {
      yield { ...found, type: 'sqs:queue' as const, attributes: { queueName: 'orders', fifo: 'no' } };
    },
  }),
  missingAttribute: definePlugin({
    ...declaration,
    // @ts-expect-error `fifo` is missing.
    async *discover() {
      yield { ...found, type: 'sqs:queue' as const, attributes: { queueName: 'orders' } };
    },
  }),
  undeclaredType: definePlugin({
    ...declaration,
    // @ts-expect-error The type is not declared.
    async *discover() {
      yield { ...found, type: 'sqs:topic' as const, attributes: { queueName: 'orders', fifo: false } };
    },
  }),
  otherApiVersion: definePlugin({
    ...declaration,
    // @ts-expect-error This gateway knows version 1.
    apiVersion: 2,
    async *discover() {},
  }),
};

describe('definePlugin', () => {
  it('hands the plugin back as it is', async () => {
    expect(plugins.right).toMatchObject({ name: 'sqs', resources: { 'sqs:queue': queue } });
  });
});

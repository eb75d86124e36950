import type { GraphQLSchema } from 'graphql';
import type { LiveEvent } from '../../../src/core/live/bus';
import { positionAt, toMetricCursor } from '../../../src/schema/live/metric-cursor';
import { NODE_TYPES } from '../../../src/schema/relay/global-id';
import { subscriptionClient } from '../../support/graphql-client';
import { until } from '../../support/until';
import { nameOf, type Asker } from './matrix';
import { probesOf, variablesOf, type Probe } from './schema-walk';
import { BEFORE_ALL, type Inhabitant } from './world';

/** Between two rounds of events. */
const LOOKS_A_ROUND = 20;
/** Messages that a replay tells of what was stored, at most. */
const REPLAYED = 2;

/** Beyond every metric event that the world has. */
const AFTER_THE_LOG = 1_000;

/** One subscription, and what it was told. */
interface Ear {
  name: string;
  query: string;
  variables: Record<string, unknown>;
  /** It asks for everything that the caller may hear. */
  hearsAll: boolean;
  messages: string[];
}

/**
 * Subscriptions, to everything or to a foreign id beside an own one, that tell of what happens to somebody else.
 * @param below whose rows `own` sees too, of whom nothing happens now
 * @param publishOnce goes to the bus of the gateway that is asked
 * @throws Error when what happens to `own` is not told of: then nothing was shown
 */
export async function leaksLive(
  schema: GraphQLSchema,
  asker: Asker,
  publishOnce: (event: LiveEvent) => void,
  own: Inhabitant,
  foreign: Inhabitant,
  ...below: Inhabitant[]
): Promise<string[]> {
  const client = subscriptionClient(asker);
  let sequence = AFTER_THE_LOG;
  const publish = (event: LiveEvent) => {
    const place = { sequence: ++sequence, after: sequence - 1 };
    publishOnce(event.kind === 'metricsStored' ? { ...event, ...place } : event);
  };
  const ears = probesOf(schema)
    .filter(({ kind }) => kind === 'subscription')
    .flatMap((probe) => earsOf(probe, own, foreign));
  const ended = ears.map(async ({ query, variables, messages }) => {
    for await (const message of client.iterate({ query, variables })) messages.push(JSON.stringify(message));
  });
  const whole = ears.filter(({ hearsAll }) => hearsAll);
  let rounds = 0;
  /** Lets things happen to `own`, not faster than they can be told of, until every ear has heard so much of it. */
  const happen = async (heard: number) => {
    let looks = 0;
    await until(() => {
      if (looks++ % LOOKS_A_ROUND === 0) {
        rounds++;
        own.events.forEach(publish);
      }
      return whole.every(({ messages }) => messages.filter(isOf(own)).length >= heard);
    });
  };
  await happen(1);
  foreign.events.forEach(publish);
  // More than there was before: by then what is somebody else's has had its turn, for events keep their order.
  await happen(rounds + REPLAYED + 1);
  await client.dispose();
  await Promise.all(ended);
  // An id of another type than is wanted.
  const isRefusal = (message: string) => message.includes('RC_FILTER_INVALID');
  // A message that failed for want of something that `own` may see tells of somebody else all the same.
  const isLeak = (message: string) =>
    isOf(foreign)(message) || !(isRefusal(message) || [own, ...below].some((one) => isOf(one)(message)));
  return ears.filter(({ messages }) => messages.some(isLeak)).map(({ name }) => name);
}

function earsOf(probe: Probe, own: Inhabitant, foreign: Inhabitant): Ear[] {
  const ear = (name: string, hearsAll: boolean, variables: object): Ear => ({
    ...{ name, hearsAll, query: probe.document, messages: [] },
    variables: { ...variables },
  });
  if (probe.place) {
    return NODE_TYPES.map((type) => {
      const ids = [foreign.ids[type].at(-1)!, own.ids[type].at(-1)!];
      const variables = variablesOf(probe, probe.takesList ? ids : ids[0], own.ids);
      return ear(nameOf(probe, type), false, variables);
    });
  }
  const everything = variablesOf(probe, null, own.ids);
  const takes = (argument: string) => probe.arguments.some(({ name }) => name === argument);
  const fromTheFirst = toMetricCursor(positionAt(0));
  return [
    ear(probe.field, true, everything),
    ...(takes('since') ? [ear(`${probe.field} replayed`, true, { ...everything, since: BEFORE_ALL })] : []),
    ...(takes('after') ? [ear(`${probe.field} resumed`, true, { ...everything, after: fromTheFirst })] : []),
  ];
}

function isOf({ name }: Inhabitant): (message: string) => boolean {
  return (message) => message.includes(`canary ${name}`);
}

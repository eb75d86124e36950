import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GraphQLSchema } from 'graphql';
import { readConfiguration } from '../../src/config/configuration';
import type { LiveEvent } from '../../src/core/live/bus';
import { InProcessBus } from '../../src/core/live/in-process-bus';
import { openDatabase, type Database } from '../../src/db';
import { startGateway, type Gateway } from '../../src/gateway';
import { builtInPlugins } from '../../src/plugins/built-in';
import { PluginRegistry } from '../../src/plugins/registry';
import { buildSchema, coreTypeNames } from '../../src/schema/build-schema';
import { NODE_TYPES } from '../../src/schema/relay/global-id';
import { startSimulator, type Simulator } from '../../src/simulator';
import { ManualClock } from '../support/manual-clock';
import { ADMIN_TOKEN, gatewayCredentials, MORNING } from '../support/rolecall';
import { silentLog } from '../support/silent-log';
import { leaksLive } from './isolation/live';
import {
  blindPlaces,
  cursorsOf,
  leaksById,
  leaksInLists,
  lists,
  mutationPlaces,
  type Asker,
} from './isolation/matrix';
import { scopedRepositories, withoutScope, withoutTree } from './isolation/scope-removed';
import { idsOf, makeWorld, someIdsOf, type Inhabitant, type World } from './isolation/world';

jest.setTimeout(60_000);

/** Every repository that is read for a caller. The test below finds them; these are the names for the checks. */
const SCOPED = ['accounts', 'audit', 'resources', 'runs', 'series', 'tenants', 'tokens', 'usage'];
/** Of those, what is read by no id. */
const WITHOUT_IDS = ['usage'];

let folder: string;
let simulator: Simulator;
let schema: GraphQLSchema;
let world: World;
const gateways: Gateway[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rolecall-isolation-'));
  simulator = await startSimulator({ now: () => MORNING });
  const plugins = new PluginRegistry(builtInPlugins, coreTypeNames());
  schema = buildSchema(plugins.graphqlTypes());
  world = await makeWorld(folder, simulator.url);
});
afterEach(async () => {
  jest.restoreAllMocks();
  for (const gateway of gateways.splice(0)) await gateway.stop();
});
afterAll(async () => {
  await simulator.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A gateway on a copy of a data folder, which goes through `change` on its way. */
async function start(
  dataDir: string,
  change: (database: Database) => Database = (database) => database,
): Promise<(who: Inhabitant, ...below: Inhabitant[]) => Asker> {
  const copy = mkdtempSync(join(folder, 'copy-'));
  cpSync(dataDir, copy, { recursive: true });
  const gateway = await startGateway(
    readConfiguration({
      ROLECALL_ENV: 'development',
      ROLECALL_AWS_ENDPOINT: simulator.url,
      ROLECALL_PORT: '0',
      ROLECALL_DATA_DIR: copy,
      ROLECALL_ADMIN_TOKEN: ADMIN_TOKEN,
    }),
    {
      clock: new ManualClock(MORNING),
      cron: { schedule: () => ({ stop: () => undefined }) },
      logger: silentLog,
      gatewayCredentials,
      startPaused: true,
      openDatabase: async (options) => change(await openDatabase(options)),
    },
  );
  gateways.push(gateway);
  return (who, ...below) => ({ url: gateway.url, token: who.token, own: idsOf(who, ...below) });
}

/** Publishes on the bus of the gateway that was subscribed to last. */
function busOfTheGateway(): (event: LiveEvent) => void {
  const subscribe = jest.spyOn(InProcessBus.prototype, 'subscribe');
  return (event) => (subscribe.mock.contexts.at(-1) as InProcessBus | undefined)?.publish(event);
}

describe('an id of somebody else', () => {
  it.each(['child', 'parent', 'sibling'] as const)('is answered to the %s as one of nobody', async (name) => {
    const asker = await start(world.folders.all);
    const { child, parent, sibling, root } = world;
    const own = { child: [child], parent: [parent, child], sibling: [sibling] }[name];
    const foreign = [child, parent, sibling, root].filter((one) => !own.includes(one));
    const ids = someIdsOf(...foreign);
    for (const type of NODE_TYPES) expect(ids[type].filter(Boolean)).toHaveLength(foreign.length);
    expect(await leaksById(schema, asker(own[0], ...own.slice(1)), ids)).toEqual([]);
  });

  it('is looked for where the caller’s own are seen, and those of the tenants below', async () => {
    const asker = await start(world.folders.all);
    expect(await blindPlaces(schema, asker(world.parent, world.child))).toEqual([]);
  });
});

describe('a list', () => {
  it('says to each what it says when nobody else is there: items, counts, pages, cursors', async () => {
    const { child, parent, sibling, root, folders } = world;
    const all = await start(folders.all);
    const cursors = await cursorsOf(schema, all(root));
    for (const [who, folderOfItsOwn, foreign] of [
      [child, folders.child, [parent, sibling, root]],
      [parent, folders.parent, [sibling, root]],
    ] as const) {
      const alone = await start(folderOfItsOwn);
      const before = await lists(schema, alone(who), cursors);
      const now = await lists(schema, all(who), cursors);
      expect(Object.keys(now).filter((name) => name.endsWith("another's"))).toHaveLength(
        Object.keys(cursors).length,
      );
      const names = foreign.map(({ name }) => `canary ${name}`);
      expect(leaksInLists(now, before, names)).toEqual([]);
      expect(JSON.stringify(now)).toContain(`canary ${who.name}`);
    }
    const seenByRoot = JSON.stringify(await lists(schema, all(root)));
    for (const { name } of [child, parent, sibling]) expect(seenByRoot).toContain(`canary ${name} 1`);
  });
});

describe('a subscription', () => {
  it.each([
    ['child', 'parent'],
    ['child', 'sibling'],
    ['parent', 'sibling'],
    ['sibling', 'child'],
  ] as const)('tells the %s nothing of the %s', async (name, other) => {
    const publish = busOfTheGateway();
    const asker = await start(world.folders.all);
    const [own, foreign] = [world[name], world[other]];
    const below = name === 'parent' ? [world.child] : [];
    expect(await leaksLive(schema, asker(own), publish, own, foreign, ...below)).toEqual([]);
  });

  it('tells the parent of its child', async () => {
    const publish = busOfTheGateway();
    const asker = await start(world.folders.all);
    const { parent, child } = world;
    const told = await leaksLive(schema, asker(parent), publish, parent, child);
    const fields = Object.keys(schema.getSubscriptionType()!.getFields());
    for (const field of fields) expect(told.some((name) => name.startsWith(field))).toBe(true);
  });
});

describe('the matrix goes red', () => {
  let aloneOfChild: Record<string, string>;
  const foreignNames = ['canary parent', 'canary sibling', 'canary root'];

  it('over every repository that is read for a caller', async () => {
    const database = await openDatabase({ file: join(folder, 'empty.sqlite'), awsEndpoint: null });
    expect(scopedRepositories(database).sort()).toEqual(SCOPED);
    await database.close();
  });

  it.each(SCOPED)('when the scope of %s is removed', async (name) => {
    const { child, parent, sibling, root, folders } = world;
    const whole = await start(folders.child);
    aloneOfChild ??= await lists(schema, whole(child));
    const asker = await start(folders.all, (database) => withoutScope(database, name, root.tenantId));
    const inLists = leaksInLists(await lists(schema, asker(child)), aloneOfChild, foreignNames);
    const byId = await leaksById(schema, asker(child), someIdsOf(parent, sibling, root), {
      firstOnly: true,
    });
    expect({ inLists, byId }).toEqual({
      inLists: expect.arrayContaining([expect.any(String)]),
      byId: WITHOUT_IDS.includes(name) ? [] : [expect.any(String)],
    });
  });

  it('in every mutation that takes an id', async () => {
    const { child, parent, sibling, root, folders } = world;
    const red: string[] = [];
    for (const name of ['accounts', 'tenants', 'tokens']) {
      const asker = await start(folders.all, (database) => withoutScope(database, name, root.tenantId));
      const foreign = someIdsOf(sibling);
      red.push(...(await leaksById(schema, asker(parent, child), foreign, { kind: 'mutation' })));
    }
    expect(red.sort()).toEqual(mutationPlaces(schema).sort());
  });

  it('when the bus is told a wrong tree', async () => {
    const { child, sibling } = world;
    const publish = busOfTheGateway();
    const asker = await start(world.folders.all, (database) => withoutTree(database, child.tenantId));
    const told = await leaksLive(schema, asker(child), publish, child, sibling);
    const fields = ['accountChanges', 'accountStatusChanges', 'collectionProgress', 'resourceChanges'];
    expect(told).toEqual(expect.arrayContaining([...fields, 'verificationProgress(accountId: Account)']));
  });
});

import { audit } from './audit';
import { collectStore } from './collect-store';
import { formatFigure, type Figure } from './figure';
import { fleetCost } from './fleet-cost';
import { gatewayMemory } from './gateway-memory';
import { largeFleet } from './large-fleet';
import { metricData } from './metric-data';
import { postgresStore } from './postgres-store';
import { metricStore } from './metric-store';
import { stsCalls } from './sts';
import { tokenCheck } from './token-check';

// As in src/main.ts: the pinned AWS SDK runs on Node 20.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

/** Each measures one thing and gives figures whose names begin with its own. */
const BENCHES: Record<string, () => Promise<Figure[]>> = {
  'metric-data': metricData,
  'collect-store': collectStore,
  'gateway-memory': gatewayMemory,
  store: metricStore,
  'large-fleet': largeFleet,
  token: tokenCheck,
  audit,
  sts: stsCalls,
  'fleet-cost': fleetCost,
  'pg-store': postgresStore,
};

/** `npm run bench [NAME]`: all of them, or one by its own name or by that of a figure. */
async function main(wanted: string | undefined): Promise<void> {
  const names = Object.keys(BENCHES).filter((name) => wanted === undefined || wanted.startsWith(name));
  if (names.length === 0) {
    throw new Error(`There is no bench ${wanted}; there are ${Object.keys(BENCHES).join(', ')}`);
  }
  for (const name of names) {
    for (const figure of await BENCHES[name]()) console.log(formatFigure(figure));
  }
}

main(process.argv[2]).catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});

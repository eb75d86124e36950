// A gateway in a process that can be killed. Its clock stands still at the instant that the parent
// tells (first argument, then messages { at }), and only messages start collections once it has started. A message
// { blockMs } holds the event loop for so long.
const { readConfiguration } = require('../../dist/config/configuration.js');
const { systemClock } = require('../../dist/core/clock.js');
const { startGateway } = require('../../dist/gateway.js');
const { demoGatewayUser } = require('../../dist/simulator/index.js');

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

let now = Number(process.argv[2]);
const { accessKeyId, secretAccessKey } = demoGatewayUser;

startGateway(readConfiguration(process.env), {
  clock: { now: () => now, sleep: systemClock.sleep },
  cron: { schedule: () => ({ stop: () => undefined }) },
  gatewayCredentials: async () => ({ accessKeyId, secretAccessKey }),
  limits: { leaseTtlMs: Number(process.argv[3]) },
}).then((gateway) => {
  process.on('message', ({ at, blockMs }) => {
    if (blockMs) return block(blockMs);
    now = at;
    gateway.idle().then(() => process.send({ idleAt: at }));
  });
  // Without its parent it has nothing to do.
  process.on('disconnect', () => process.exit(1));
  process.stdout.write(`GraphQL API: ${gateway.url}\n`);
});

function block(milliseconds) {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

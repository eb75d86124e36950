// The one door of every npm script: installs from the lockfile and builds when that is needed, then goes on.
// Plain Node without dependencies, since it runs on a fresh clone. With nothing to do it costs a few stats.
import { spawn } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
process.chdir(root);

const bin = (name) => join('node_modules', name);
const TSC = bin('typescript/bin/tsc');

/** What each script does once everything is installed and, where it runs built code, built. */
const TASKS = {
  demo: { built: true, run: () => gateway('demo') },
  start: { built: true, run: () => gateway('start') },
  simulator: { built: true, run: () => gateway('simulator') },
  token: { built: true, run: () => gateway('token') },
  audit: { built: true, run: () => gateway('audit') },
  rekey: { built: true, run: () => gateway('rekey') },
  backup: { built: true, run: () => gateway('backup') },
  restore: { built: true, run: () => gateway('restore') },
  check: { built: true, run: () => gateway('check') },
  test: { built: true, run: (args) => node([bin('jest/bin/jest.js'), ...args]) },
  trial: {
    built: true,
    run: (args) =>
      node([bin('jest/bin/jest.js'), '--config', 'jest.trial.config.js', '--runInBand', ...args]),
  },
  bench: {
    built: true,
    run: async (args) => {
      await node([TSC, '-p', 'tsconfig.bench.json']);
      // Where the built gateway looks for its version.
      copyFileSync('package.json', 'dist-bench/package.json');
      await node(['dist-bench/bench/run.js', ...args]);
    },
  },
  build: { built: true, run: () => undefined },
  lint: {
    built: false,
    run: async () => {
      await node([
        bin('dependency-cruiser/bin/dependency-cruise.mjs'),
        'src',
        '--config',
        '.dependency-cruiser.cjs',
      ]);
      await node([bin('knip/bin/knip.js')]);
      await node([bin('prettier/bin/prettier.cjs'), '--check', '.']);
    },
  },
  codegen: {
    built: true,
    run: () => node([bin('@graphql-codegen/cli/cjs/bin.js'), '--config', 'codegen.yml', '--silent']),
  },
};

const [name, ...args] = process.argv.slice(2);
const task = TASKS[name];
if (!task) fail(`There is no script ${name}; there are ${Object.keys(TASKS).join(', ')}`);
try {
  await install();
  if (task.built) await build();
  await task.run(args);
} catch (error) {
  fail(error.message, error.exitCode);
}

/** In this process, so that a signal reaches the gateway itself and not a parent of it. */
async function gateway(command) {
  process.argv = [process.argv[0], join(root, 'dist/main.js'), command, ...args];
  await import(pathToFileURL(join(root, 'dist/main.js')));
}

/** `npm ci`, when node_modules is missing or older than the lockfile. */
async function install() {
  const installed = 'node_modules/.package-lock.json';
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync('package-lock.json').mtimeMs) return;
  say('Installing from the lockfile. SQLite is compiled on the way, which takes a minute or two.');
  const since = Date.now();
  const ticker = setInterval(
    () => say(`… still installing after ${Math.round((Date.now() - since) / 1000)} s`),
    15_000,
  );
  const npm = process.env.npm_execpath;
  const flags = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  try {
    if (npm) await node([npm, ...flags]);
    else await run(process.platform === 'win32' ? 'npm.cmd' : 'npm', flags);
  } finally {
    clearInterval(ticker);
  }
  say(`Installed in ${Math.round((Date.now() - since) / 1000)} s.`);
}

/** TypeScript → dist, when a source is newer than the last build, was added or was taken away. */
async function build() {
  const stamp = 'dist/.sources';
  const sources = listing();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === sources) return;
  say('Building.');
  rmSync('dist', { recursive: true, force: true });
  await node([TSC, '-p', 'tsconfig.build.json']);
  await node(['dist/schema/print-schema.js']);
  mkdirSync('dist', { recursive: true });
  writeFileSync(stamp, sources);
}

/** Every source file with its time of change: what the build depends on. */
function listing() {
  const files = readdirSync('src', { recursive: true })
    .map((file) => join('src', file))
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .concat('tsconfig.json', 'tsconfig.build.json', 'package-lock.json');
  return files
    .sort()
    .map((file) => `${file} ${statSync(file).mtimeMs}`)
    .join('\n');
}

function node(args) {
  return run(process.execPath, args);
}

function run(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'inherit' });
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      if (code === 0) return resolve();
      reject(Object.assign(new Error(`${args[0]} ended with ${signal ?? code}`), { exitCode: code ?? 1 }));
    });
  });
}

function say(message) {
  console.error(`rolecall: ${message}`);
}

function fail(message, exitCode = 1) {
  say(message);
  process.exit(exitCode);
}

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../src/core/clock';
import { openDatabase } from '../src/db';
import { SqliteConnection } from '../src/db/sqlite-connection';
import { buildAccess } from '../src/gateway/access';
import { cpuMsOf, median, type Figure } from './figure';

const TOKENS = 10_000;
const CHECKS = 2_000;
const ROUNDS = 9;
const WARM_UP_ROUNDS = 2;
const FROM = { address: '192.0.2.1' };

/**
 * CPU of telling who presents a token, as every request does, with ten thousand tokens stored: against the bare read of
 * the row on a connection of its own in the same round, and in microseconds. And of refusing a mistyped one.
 */
export async function tokenCheck(): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'rolecall-bench-'));
  const file = join(folder, 'rolecall.sqlite');
  const database = await openDatabase({ file, awsEndpoint: null });
  const reader = await SqliteConnection.open(file, 'readonly');
  try {
    const limits = { failuresPerAddress: 1e9, failuresPerToken: 1e9 };
    const silent = () => undefined;
    const log = { debug: silent, info: silent, warn: silent, error: silent, child: () => log };
    const { access, authenticator } = buildAccess(
      { env: 'production', oidc: null, ...limits },
      { clock: systemClock, database, log },
    );
    const root = await access.ensureRootTenant('root');
    const made = await Promise.all(
      Array.from({ length: TOKENS }, (_, index) =>
        access.createToken({ tenantId: root.id, name: `token ${index}`, role: 'VIEWER' }),
      ),
    );
    const asked = made.slice(0, CHECKS);
    const mistyped = asked.map(({ secret }) => secret.slice(0, -1) + (secret.endsWith('0') ? '1' : '0'));
    const check = async (credentials: readonly string[], isGood: boolean) => {
      for (const credential of credentials) {
        const signIn = await authenticator.authenticate(credential, FROM);
        if ('viewer' in signIn !== isGood) throw new Error('The bench measures the wrong answer');
      }
    };
    const read = async () => {
      for (const { token } of asked) {
        await reader.get('SELECT * FROM api_token WHERE lookup_id = ?', [token.lookupId]);
      }
    };
    const good = asked.map(({ secret }) => secret);
    // The first use of each is noted in the database: that is not measured.
    await check(good, true);
    const ratios: number[] = [];
    const [goodMs, mistypedMs]: number[][] = [[], []];
    for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
      const reference = await cpuMsOf(read);
      const measured = await cpuMsOf(() => check(good, true));
      const refused = await cpuMsOf(() => check(mistyped, false));
      if (round < 0) continue;
      ratios.push(measured / reference);
      goodMs.push(measured);
      mistypedMs.push(refused);
    }
    return [
      { name: 'token-check-ratio', value: median(ratios), goal: '<= 3.00' },
      { name: 'token-check-microseconds', value: (median(goodMs) / CHECKS) * 1000, goal: '-' },
      { name: 'token-mistyped-microseconds', value: (median(mistypedMs) / CHECKS) * 1000, goal: '-' },
    ];
  } finally {
    await reader.close();
    await database.close();
    await rm(folder, { recursive: true });
  }
}

import { openDataSource } from '../../src/db/data-sources';
import { MIGRATIONS } from '../../src/db/migrations';
import { SqliteConnection } from '../../src/db/sqlite-connection';
import { TemporaryDatabase } from './temporary-database';

/** What a database of the first release holds is there after an upgrade, and means the same. */

const VERIFICATION = {
  ...{ at: 5_000, complete: true, ok: true },
  checks: [
    {
      ...{ name: 'ACCOUNT_MATCHES', outcome: 'PASSED', code: 'MATCHES', message: 'It says "ok"' },
      ...{ expected: null, found: null, missingActions: ['a:B'] },
    },
  ],
};
const PROFILES = [
  { plugin: 'rds', level: 'CUSTOM', metrics: ['CPUUtilization:Average'] },
  { plugin: 'ec2', level: 'EXTENDED', metrics: [] },
];
const SETTINGS = `'[]', '[]', '[]', '[]', '{}'`;
const DAY = 20_000 * 86_400_000;
const FIRST_RELEASE = [
  `INSERT INTO tenant (id, name, created_at) VALUES (1, 'root', 1), (2, 'Acme', 2)`,
  `INSERT INTO api_token (tenant_id, name, role, lookup_id, secret_hash, created_at)
    VALUES (2, 'ops', 'OPERATOR', 'lookup000000', 'ff', 3)`,
  `INSERT INTO account (id, tenant_id, name, aws_account_id, partition, status, connection, role_arn, sealed_access_key,
      verification, regions, plugins, tag_filter, metric_profiles, labels, created_at) VALUES
    (1, 1, 'By role', '111111111111', 'AWS', 'CONNECTED', 'ROLE', 'arn:aws:iam::111111111111:role/r', NULL,
      '${JSON.stringify(VERIFICATION)}', ${SETTINGS}, 10),
    (2, 2, 'By key', '222222222222', 'AWS', 'PAUSED', 'ACCESS_KEY', NULL, 'v1.key.iv.text.tag',
      NULL, '[]', '[]', '[]', '${JSON.stringify(PROFILES)}', '{}', 20),
    (3, 2, 'Waiting', NULL, 'AWS', 'AWAITING_ROLE', 'ROLE', NULL, NULL, NULL, ${SETTINGS}, 30)`,
  `INSERT INTO external_id (value, account_id, state, created_at, activated_at, retired_at) VALUES
    ('old', 1, 'RETIRED', 10, 11, 15), ('cancelled', 1, 'RETIRED', 11, NULL, 12), ('now', 1, 'ACTIVE', 14, 15, NULL),
    ('next', 1, 'PENDING', 16, NULL, NULL), ('two', 2, 'ACTIVE', 20, NULL, NULL), ('three', 3, 'ACTIVE', 30, NULL, NULL)`,
  `INSERT INTO resource (id, tenant_id, account_id, plugin, type, region, key, tags, attributes, first_seen_at, last_seen_at)
    VALUES (1, 1, 1, 'ec2', 'ec2:instance', 'eu-central-1', 'i-1', '{}', '{}', 1, 1)`,
  `INSERT INTO block (id, account_id, region, period, slots) VALUES (7, 1, 'eu-central-1', 300, 2)`,
  `INSERT INTO series (id, tenant_id, account_id, resource_id, region, plugin, namespace, name, statistic, period, dimensions,
      settle_seconds, block, slot) VALUES
    (1, 1, 1, 1, 'eu-central-1', 'ec2', 'AWS/EC2', 'CPUUtilization', 'Average', 300, '{}', 900, 7, 0),
    (2, 1, 1, 1, 'eu-central-1', 'ec2', 'AWS/EC2', 'CPUUtilization', 'Maximum', 300, '{}', 900, 7, 1)`,
  `INSERT INTO watermark (series_id, at) VALUES (2, ${DAY + 600_000})`,
  // Rows without a checksum: NaN and 2.5 at the last period of a day, 1 and NaN at the first of the next.
  `INSERT INTO head (id, data) VALUES
    (${(DAY / 60_000 - 5) * 2 ** 20 + 7}, X'000000000000F87F0000000000000440'),
    (${(DAY / 60_000) * 2 ** 20 + 7}, X'000000000000F03F000000000000F87F')`,
];

let temporary: TemporaryDatabase;
beforeAll(async () => {
  temporary = await TemporaryDatabase.open();
  await temporary.database.close();
  const source = await openDataSource(temporary.file, 'readwrite');
  for (let later = MIGRATIONS.length - 1; later > 0; later--) await source.undoLastMigration();
  await source.destroy();
  const raw = await SqliteConnection.open(temporary.file, 'readwrite');
  for (const statement of FIRST_RELEASE) await raw.exec(statement);
  await raw.close();
  await temporary.reopen();
});
afterAll(() => temporary.close());

test('accounts are proved at once, and their proofs are read as before', async () => {
  const { accounts } = temporary.database;
  const [byRole, byKey, waiting] = await Promise.all([1, 2, 3].map((id) => accounts.load(id)));
  expect(byRole).toMatchObject({ status: 'CONNECTED', nextVerificationAt: 0, waiver: null, accessKey: null });
  expect(byRole!.verification).toEqual({
    ...VERIFICATION,
    checks: [{ ...VERIFICATION.checks[0], waived: false }],
  });
  expect(byKey).toMatchObject({ connection: 'ACCESS_KEY', accessKey: { idEnding: '', storedAt: 20 } });
  expect(await accounts.sealedAccessKey(2)).toBe('v1.key.iv.text.tag');
  expect(waiting).toMatchObject({ status: 'AWAITING_ROLE', nextVerificationAt: null });
  expect(await accounts.dueForVerification(0, 10)).toEqual([{ accountId: 1, tenantId: 1 }]);
});

test('metric profiles ask for a point every five minutes, as before', async () => {
  const [byRole, byKey] = await Promise.all([1, 2].map((id) => temporary.database.accounts.load(id)));
  expect(byRole!.metricProfiles).toEqual([]);
  expect(byKey!.metricProfiles).toEqual(PROFILES.map((profile) => ({ ...profile, periodSeconds: 300 })));
});

test('a rotation under way goes on, and the refusal of what was replaced is still to be proved', async () => {
  const { externalIds } = (await temporary.database.accounts.load(1))!;
  expect(externalIds.map(({ value, state, refusedAt }) => [value, state, refusedAt])).toEqual([
    ['next', 'PENDING', null],
    ['now', 'ACTIVE', null],
    ['cancelled', 'RETIRED', null],
    ['old', 'RETIRED', null],
  ]);
  expect(await temporary.database.externalIds.due(0, 10)).toEqual([{ accountId: 1, tenantId: 1 }]);
});

test('tenants are below the root, which sees them, and they see themselves', async () => {
  const namesIn = async (tenantId: number) => {
    const { items } = await temporary.database.accounts
      .within({ tenantId })
      .list({}, { field: 'NAME', direction: 'ASC' }, { first: 10, after: null });
    return items.map(({ item }) => item.name);
  };
  expect(await namesIn(1)).toEqual(['By key', 'By role', 'Waiting']);
  expect(await namesIn(2)).toEqual(['By key', 'Waiting']);
});

test('points and watermarks are where they were, and their days can be sealed', async () => {
  const { metrics, metricMaintenance, series, seriesStates } = temporary.database;
  const both = (await series.within({ tenantId: 1 }).findMany([1, 2])).map((one) => one!);
  const states = await seriesStates.statesOf(both);
  expect(states.map(({ watermark }) => watermark)).toEqual([null, DAY + 600_000]);
  const points = [
    { timestamps: [DAY], values: [1] },
    { timestamps: [DAY - 300_000], values: [2.5] },
  ];
  expect(await metrics.read(both, 0, DAY + 600_000)).toEqual(points);
  expect(await metricMaintenance.seal(DAY + 86_400_000, new AbortController().signal)).toBe(2);
  expect(await metrics.read(both, 0, DAY + 600_000)).toEqual(points);
});

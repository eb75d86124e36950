/**
 * The import arrows of the house (docs/architecture.md): schema → core ← db, plugins/<service> → plugins/contract,
 * the simulator imports nothing of the gateway, and only the composition root imports everything.
 */
const rooms = '^src/';
/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycle',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'core-knows-no-graphql-and-no-sql',
      severity: 'error',
      from: { path: '^src/core' },
      to: {
        path: `${rooms}(db|schema|simulator|demo|config|commands|gateway|main)|node_modules/(graphql|type-graphql|@apollo|typeorm|sqlite3)/`,
      },
    },
    {
      name: 'core-knows-plugins-by-their-contract',
      severity: 'error',
      from: { path: '^src/core' },
      to: { path: '^src/plugins', pathNot: '^src/plugins/contract\\.ts$' },
    },
    {
      name: 'aws-knows-no-room-that-calls-it',
      severity: 'error',
      from: { path: '^src/core/aws/' },
      to: { path: '^src/core/(audit|collection|credentials|trust)/' },
    },
    {
      name: 'audit-knows-no-room-that-is-audited',
      severity: 'error',
      from: { path: '^src/core/audit/' },
      to: { path: '^src/core/(collection|credentials|trust)/' },
    },
    {
      name: 'trust-and-credentials-know-no-collection',
      severity: 'error',
      from: { path: '^src/core/(credentials|trust)/' },
      to: { path: '^src/core/collection/' },
    },
    {
      name: 'db-imports-core-alone',
      severity: 'error',
      from: { path: '^src/db' },
      to: { path: rooms, pathNot: '^src/(db|core)/' },
    },
    {
      name: 'schema-imports-core-and-plugin-declarations',
      severity: 'error',
      from: { path: '^src/schema', pathNot: '^src/schema/print-schema\\.ts$' },
      to: {
        path: rooms,
        pathNot: '^src/(schema|core)/|^src/plugins/(contract|registry|attribute-types)\\.ts$',
      },
    },
    {
      name: 'schema-knows-no-sql',
      severity: 'error',
      from: { path: '^src/schema' },
      to: { path: 'node_modules/(typeorm|sqlite3)/' },
    },
    {
      name: 'postgresql-is-spoken-in-db-alone',
      severity: 'error',
      from: { path: '^src', pathNot: '^src/db/' },
      to: { path: 'node_modules/pg/' },
    },
    {
      name: 'db-knows-no-graphql',
      severity: 'error',
      from: { path: '^src/db' },
      to: { path: 'node_modules/(graphql|type-graphql|@apollo)/' },
    },
    {
      name: 'a-service-imports-the-contract-alone',
      severity: 'error',
      from: { path: '^src/plugins/([^/]+)/' },
      to: { path: rooms, pathNot: '^src/plugins/($1/|contract\\.ts$)' },
    },
    {
      name: 'plugins-import-no-room',
      severity: 'error',
      from: { path: '^src/plugins' },
      to: { path: rooms, pathNot: '^src/plugins' },
    },
    {
      name: 'the-simulator-imports-nothing-of-the-gateway',
      severity: 'error',
      from: { path: '^src/simulator' },
      to: { path: rooms, pathNot: '^src/simulator' },
    },
    {
      name: 'the-demo-is-a-client',
      severity: 'error',
      from: { path: '^src/demo', pathNot: '^src/demo/(demo|demo\\.test)\\.ts$' },
      to: { path: rooms, pathNot: '^src/(demo|simulator)' },
    },
    {
      name: 'tests-are-not-shipped',
      severity: 'error',
      from: { path: '^src', pathNot: '\\.test\\.ts$' },
      to: { path: '^(test|bench)/|\\.test\\.ts$' },
    },
    {
      name: 'no-orphan',
      severity: 'error',
      from: { orphan: true, path: '^src', pathNot: '\\.(test|d)\\.ts$|^src/main\\.ts$' },
      to: {},
    },
  ],
  options: {
    // With TypeScript 7 alone it would cruise no module and report success: swc parses, type imports included.
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { extensions: ['.ts', '.js'] },
  },
};

// As in src/main.ts: the pinned AWS SDK runs on Node 20.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/src', '<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  transform: {
    '/node_modules/jose/.+\\.js$': ['@swc/jest', { jsc: { target: 'es2022' }, module: { type: 'commonjs' } }],
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          parser: { syntax: 'typescript', decorators: true },
          target: 'es2022',
          keepClassNames: true,
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
        },
        module: { type: 'commonjs' },
        sourceMaps: 'inline',
      },
    ],
  },
  // jose is ESM alone. Node requires it as it is; Jest's own require needs it as CommonJS.
  transformIgnorePatterns: ['/node_modules/(?!jose/)'],
  // Jest would leave a core idle, which on two of them doubles the time.
  maxWorkers: '100%',
  // A guard against a hang, not a measure: on a busy machine the long ones take twenty seconds and more.
  testTimeout: 60_000,
  reporters: ['default', '<rootDir>/scripts/jest-summary.js'],
};

/** `npm run trial`: what is too long for every change. Run by hand. */
module.exports = {
  ...require('./jest.config.js'),
  roots: ['<rootDir>/test/trials'],
  testMatch: ['**/*.trial.ts'],
  testTimeout: 900_000,
};

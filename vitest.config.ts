import { defineConfig } from 'vitest/config';

const results = process.env.IRQBYPASS_SPEC_RESULTS;

export default defineConfig({
  test: {
    include: [
      'spec/**/*.test.ts',
      'reference/**/*.test.ts',
      'conformance/**/*.test.ts',
      'dev/**/*.test.ts',
      'src/**/*.test.ts',
    ],
    globalSetup: ['dev/tests/build.setup.ts'],
    testTimeout: 120_000,
    // The gate counts the tests one by one.
    reporters: results === undefined ? ['default'] : ['default', ['json', { outputFile: results }]],
    pool: 'threads',
  },
});

import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['spec/**/*.test.ts', 'reference/**/*.test.ts', 'conformance/**/*.test.ts', 'src/**/*.test.ts'],
    globalSetup: ['conformance/build.setup.ts'],
    testTimeout: 120_000,
    pool: 'threads',
  },
});

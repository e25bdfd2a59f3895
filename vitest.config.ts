import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const results = process.env.IRQBYPASS_SPEC_RESULTS;

/** `--mode gate` goes all the way where a plain run takes a part; see dev/tests/extent.ts. */
export default defineConfig(({ mode }) => ({
  test: {
    include: [
      'spec/**/*.test.ts',
      'reference/**/*.test.ts',
      'conformance/**/*.test.ts',
      'dev/**/*.test.ts',
      'src/**/*.test.ts',
    ],
    globalSetup: ['dev/tests/build.setup.ts'],
    env: { IRQBYPASS_SPEC_EXTENT: mode === 'gate' ? 'all' : 'part' },
    testTimeout: 120_000,
    // The gate counts the tests one by one.
    reporters: results === undefined ? ['default'] : ['default', ['json', { outputFile: results }]],
    pool: 'threads',
    // All cores: by default one is left to the main thread, which has next to nothing to do.
    maxWorkers: availableParallelism(),
  },
}));

import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const results = process.env.IRQBYPASS_SPEC_RESULTS;

/**
 * A plain run needs Node and nothing else, and skips nothing. With `--mode gate`, tests go all the way where a plain run
 * takes a part (dev/tests/extent.ts), and the files `*.gate.test.ts` run, too: they need gcc, QEMU, SPIN, z3 or the
 * kernels of Debian, and fail where these are missing.
 */
export default defineConfig(({ mode }) => ({
  test: {
    include: ['{spec,reference,conformance,src,dev}/**/*.test.ts'],
    exclude: mode === 'gate' ? [] : ['**/*.gate.test.ts'],
    globalSetup: ['dev/tests/build.setup.ts'],
    // The engine is tuned as the tool tunes it: what judges much in a test takes up to a third less time.
    setupFiles: ['src/cli/tune.ts'],
    env: { IRQBYPASS_SPEC_EXTENT: mode === 'gate' ? 'all' : 'part' },
    testTimeout: 120_000,
    // The gate counts the tests one by one.
    reporters: results === undefined ? ['default'] : ['default', ['json', { outputFile: results }]],
    // What a test of the gate starts and ends must be its own: threads would share their children with one another.
    pool: mode === 'gate' ? 'forks' : 'threads',
    // A worker keeps what it has loaded, which takes a fifth less time.
    isolate: false,
    // All cores, and one more for tests that wait; in the gate, something else runs beside them.
    maxWorkers: availableParallelism() + (mode === 'gate' ? 0 : 1),
    // Tests that run beside one another in their file wait for commands.
    maxConcurrency: availableParallelism(),
  },
}));

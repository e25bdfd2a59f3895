import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { defineConfig, type Plugin } from 'vitest/config';

const results = process.env.IRQBYPASS_SPEC_RESULTS;

/** Whether it is the run that everybody makes before a commit. */
const isPlain = (mode: string) => mode !== 'gate' && mode !== 'night';

/** A module as it was built. */
const BUILT = /\/dist\/(?:spec|reference|conformance|src|dev)\/.*\.js$/;

/**
 * What tests import is what was built of it (dev/tests/build.setup.ts), as people run it. Node loads it as it is: to transform
 * every source for every worker took a tenth of the time of all tests.
 */
const built: Plugin = {
  name: 'built',
  enforce: 'pre',
  resolveId(source, importer) {
    if (importer === undefined || !source.startsWith('.')) return undefined;
    const module = relative(import.meta.dirname, join(dirname(importer), source));
    const file = join(import.meta.dirname, 'dist', module);
    return BUILT.test(file) && existsSync(file) ? file : undefined;
  },
};

/**
 * A plain run needs Node and nothing else, and skips nothing. With `--mode gate`, tests go further than in a plain run
 * (dev/tests/extent.ts), and the files `*.gate.test.ts` run, too: they need gcc, QEMU, SPIN, z3 or the kernels of Debian,
 * and fail where these are missing. `--mode night` is the same, all the way.
 */
export default defineConfig(({ mode }) => ({
  plugins: [built],
  test: {
    server: { deps: { external: [BUILT] } },
    include: ['{spec,reference,conformance,src,dev}/**/*.test.ts'],
    exclude: isPlain(mode) ? ['**/*.gate.test.ts'] : [],
    globalSetup: ['dev/tests/build.setup.ts'],
    // The engine is tuned as the tool tunes it: what judges much in a test takes up to a third less time.
    setupFiles: ['src/cli/tune.ts'],
    // Tests run side by side, and so do the commands that they start (src/cli/tune.ts).
    env: { IRQBYPASS_SPEC_EXTENT: isPlain(mode) ? 'part' : mode, IRQBYPASS_SPEC_CROWDED: '1' },
    testTimeout: 120_000,
    // The gate counts the tests one by one.
    reporters: results === undefined ? ['default'] : ['default', ['json', { outputFile: results }]],
    // What a test of the gate starts and ends must be its own: threads would share their children with one another.
    pool: isPlain(mode) ? 'threads' : 'forks',
    // A worker keeps what it has loaded, which takes a fifth less time.
    isolate: false,
    // All cores, and one more for tests that wait.
    maxWorkers: availableParallelism() + 1,
    // Tests that run beside one another in their file wait for commands.
    maxConcurrency: availableParallelism() + 1,
  },
}));

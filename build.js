/**
 * `npm run build`: this script compiles, and bundles the command line from the compiler's output. Node spends most of its
 * start on finding and reading files. So everything that `run` always needs goes into one file, and what it needs besides
 * for a manager into another. The code that only some runs or other commands need stays in files of its own, which are
 * loaded on demand. The first finding comes a sixth of its time earlier for that. The validators of what targets say are
 * compiled here as well.
 *
 * It does nothing when what was built is of the same content: of every source, of what is installed, and of this script.
 *
 * With IRQBYPASS_SPEC_BUILT=1 it does nothing either: the gate has built, and what runs beside it must not lose its files.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const MAIN = resolve('dist/src/cli/main.js');
const RUN = resolve('dist/src/cli/commands/run.js');
/** What a run of a manager in this process needs besides, up to its report. */
const JUDGING = ['manager/manager.js', 'targets/in-process.js', 'reports/pretty.js'].map((name) =>
  resolve('dist/src', name),
);
/** Says of what the last build was made. */
const STAMP = 'dist/.built';
const COMPILED = 'dist/.tsbuildinfo';
const ROOMS = ['spec', 'reference', 'conformance', 'src', 'dev'];
const SETTINGS = ['build.js', 'package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json'];
const known = new Map();

if (process.env.IRQBYPASS_SPEC_BUILT !== '1') {
  const made = madeOf();
  if (!isBuiltOf(made)) {
    rmSync(STAMP, { force: true });
    compile();
    await bundle();
    await import('./dist/dev/validators.js');
    // npm sets the run bit when it installs the package; every build after that writes the file anew, without it.
    chmodSync('dist/cli/main.js', 0o755);
    writeFileSync(STAMP, stampOf(made));
  }
}

/** A digest of everything that a build is made of. */
function madeOf() {
  const digest = createHash('sha256');
  const sources = ROOMS.flatMap((room) => readdirSync(room, { recursive: true }).map((name) => join(room, name)));
  for (const file of [...SETTINGS, ...sources.filter((name) => /\.(ts|json)$/.test(name)).sort()]) {
    const content = readFileSync(file);
    digest.update(`${file} ${content.length}\n`).update(content);
  }
  return digest.digest('hex');
}

function isBuiltOf(made) {
  const files = [STAMP, COMPILED, 'dist/cli/main.js', 'dist/cli/player.js', 'dist/validators'];
  return files.every((file) => existsSync(file)) && readFileSync(STAMP, 'utf8') === stampOf(made);
}

/** Whoever compiles by another way than this script leaves another time. */
function stampOf(made) {
  return `${made} ${statSync(COMPILED).mtimeMs}\n`;
}

function compile() {
  const { status } = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], {
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(status ?? 1);
}

async function bundle() {
  const { build } = await import('rolldown');
  await build({
    input: MAIN,
    platform: 'node',
    // A module that is asked for in one place and needed in another is loaded with the other: that is well.
    checks: { ineffectiveDynamicImport: false },
    // Packages stay where npm has put them.
    external: (id) => !/^[./]/.test(id),
    output: {
      dir: 'dist/cli',
      cleanDir: true,
      codeSplitting: {
        groups: [
          group('start', 3, (id, graph) => id !== MAIN && needs(MAIN, graph).has(id)),
          group('run', 2, (id, graph) => needs(RUN, graph).has(id)),
          group('judging', 1, (id, graph) => JUDGING.some((one) => needs(one, graph).has(id))),
        ],
      },
    },
  });
  // What plays programs against a module is one script: it runs in a realm of its own, in which nothing can be imported.
  await build({
    input: resolve('dist/src/targets/module/player.js'),
    output: { file: 'dist/cli/player.js', format: 'iife', name: 'player' },
  });
}

/** A file for the modules that belong to it. Where two files could take one, the higher priority gets it. */
function group(name, priority, takes) {
  return { debugName: name, priority, name: (id, graph) => (takes(id, graph) ? name : null) };
}

/** The modules that a module cannot be loaded without, itself among them. */
function needs(root, graph) {
  let found = known.get(root);
  if (found === undefined) {
    found = new Set([root]);
    for (const id of found) for (const needed of graph.getModuleInfo(id)?.importedIds ?? []) found.add(needed);
    known.set(root, found);
  }
  return found;
}

/**
 * Build an instrumented program, and find out which of its mutants would build by themselves.
 *
 * The instrumented program is compiled without a look at its types, since a place with ten mutants in it has no type to
 * speak of. Whether a mutant could ever have been written is asked apart: each is a file of its own, the changed one beside
 * the unchanged others, and the compiler looks at all of them in one go. What it refuses is void.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { packageRoot } from '../../src/files/root.js';
import { CannotRun } from './cannot-run.js';
import type { Instrumented, Source } from './instrument.js';
import { mutated } from './instrument.js';
import { placesOfLoading } from './switch.js';

/** A program that was built and loaded. */
export interface Built {
  /** What its entry exports. */
  readonly exports: Readonly<Record<string, unknown>>;
  /** The mutants that the compiler refuses, each with the first of its complaints. */
  readonly refused: ReadonlyMap<string, string>;
  /** The mutants in code that runs while the program is loaded, before a switch can be thrown. */
  readonly early: ReadonlySet<string>;
}

/**
 * Compile, check and load.
 *
 * @param entry the name of the source that is loaded; it imports the others

 * @throws {CannotRun} when the unchanged sources do not build, or nothing comes of the instrumented ones
 */
export async function build(instrumented: Instrumented, entry: string): Promise<Built> {
  const folder = await mkdtemp(join(tmpdir(), 'irqbypass-spec-mutants-'));
  try {
    await writeFile(join(folder, 'package.json'), '{ "type": "module" }\n');
    const [program, refused] = await Promise.all([
      compile(instrumented.sources, entry, join(folder, 'program')),
      check(instrumented, join(folder, 'check')),
    ]);
    const { loaded, places } = await placesOfLoading(() => import(pathToFileURL(program).href));
    return { exports: loaded as Built['exports'], refused, early: places };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Compile sources, whatever their types; returns the path of the entry's program. */
async function compile(sources: readonly Source[], entry: string, folder: string): Promise<string> {
  await layOut(sources, folder, join(packageRoot, 'dist', 'spec'));
  await writeTsconfig(folder, { noCheck: true, noResolve: true, noEmit: false });
  const said = await tsc(folder);
  const program = join(folder, entry.replace(/\.ts$/, '.js'));
  if (!existsSync(program)) throw new CannotRun(`the instrumented sources could not be compiled:\n${said}`);
  return program;
}

/** Have the compiler look at each mutant by itself. */
async function check(instrumented: Instrumented, folder: string): Promise<ReadonlyMap<string, string>> {
  const { originals, mutants } = instrumented;
  const copies = mutants.map((mutant): Source => {
    const name = join(dirname(mutant.file), `${COPY}${mutant.id}.ts`);
    return { name, text: mutated(instrumented, mutant) };
  });
  await layOut([...originals, ...copies], folder, join(packageRoot, 'spec'));
  // A function that loses its body does not use its parameters any more; that is a matter of taste and not of types.
  await writeTsconfig(folder, { noUnusedLocals: false, noUnusedParameters: false });
  const said = await tsc(folder);
  const refused = new Map<string, string>();
  for (const line of said.split('\n')) {
    const [, file, complaint] = /([^/\\(]+)\.ts\(\d+,\d+\): error (TS\d+: .*)$/.exec(line) ?? [];
    if (file === undefined || complaint === undefined) continue;
    if (!file.startsWith(COPY)) throw new CannotRun(`the sources do not build without any mutant:\n${line}`);
    const id = file.slice(COPY.length);
    if (!refused.has(id)) refused.set(id, complaint);
  }
  if (refused.size === 0 && said.trim() !== '') throw new CannotRun(`the mutants could not be checked:\n${said}`);
  return refused;
}

const COPY = 'mutant-';

/** Write sources into a folder, beside the spec that they import. */
async function layOut(sources: readonly Source[], folder: string, spec: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await symlink(spec, join(folder, 'spec'), 'junction');
  for (const { name, text } of sources) {
    await mkdir(join(folder, dirname(name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
}

async function writeTsconfig(folder: string, compilerOptions: Readonly<Record<string, boolean>>): Promise<void> {
  const config = {
    extends: join(packageRoot, 'tsconfig.json'),
    compilerOptions: { types: [], ...compilerOptions, rootDir: '/' },
    include: ['**/*.ts'],
    exclude: ['spec'],
  };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config));
}

/** Run the compiler of this project on a folder; returns what it complains of. */
async function tsc(folder: string): Promise<string> {
  const compiler = createRequire(import.meta.url).resolve('typescript/package.json');
  const command = [join(dirname(compiler), 'bin', 'tsc'), '-p', folder, '--pretty', 'false'];
  try {
    const { stdout } = await promisify(execFile)(process.execPath, command, { maxBuffer: 1 << 26 });
    return stdout;
  } catch (error) {
    const { stdout, stderr, code } = error as { stdout?: string; stderr?: string; code?: unknown };
    if (typeof code !== 'number') throw new CannotRun(`the compiler could not be run: ${String(error)}`);
    return `${stdout ?? ''}${stderr ?? ''}`;
  }
}

/**
 * Makes a project with an adapter around a stub.
 *
 *     conformance/init/all, conformance/init/LANGUAGE ──> templates, filled in ─┐
 *     conformance/harnesses/LANGUAGE ──> the adapter library, as it is ─────────┴──> DIR
 */
import { cpSync, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import type { Baseline } from '../../spec/formats/results.js';
import { packageRoot } from '../files/root.js';
import { writeJsonFile, writeTextFile } from '../formats/write.js';
import { shellWord } from '../text/text.js';
import type { Language } from './languages.js';

const TEMPLATES = join(packageRoot, 'conformance', 'init');
const SUFFIX = '.template';

const NPX = 'npx irqbypass-spec';

/** Whether this package came from a registry or a tarball, and is no checkout. */
const isInstalled = dirname(packageRoot).split(sep).includes('node_modules');

/** Where a template goes that does not go where its name says. */
const PLACES: Readonly<Record<string, string>> = {
  gitignore: '.gitignore',
  'conformance.yml': '.github/workflows/conformance.yml',
};

/** What was made. */
export interface Project {
  /** The files, by their paths in the project. */
  readonly files: readonly string[];
  /** The three commands that lead to the first verdict. */
  readonly commands: readonly string[];
}

/**
 * Make a project in a folder that is empty, or not there.
 *
 * @throws {NotWritten} when a file cannot be written
 */
export function makeProject(name: string, language: Language, folder: string, version: string): Project {
  const spec = language.bringsTool === true ? NPX : invocation(folder);
  const values: Readonly<Record<string, string>> = {
    NAME: nameOf(folder),
    TARGET: language.target,
    BUILD: language.build ?? '# Nothing is to be built.',
    SPEC: spec,
    VERSION: version,
    IGNORED: language.ignored.join('\n'),
    SETUP: language.setup.map((line) => `      ${line}`).join('\n'),
    PACKAGE: isInstalled ? `^${version}` : `file:${relative(resolve(folder), packageRoot)}`,
    TYPESCRIPT: ownVersionOf('typescript'),
  };
  const files: string[] = [];
  for (const from of ['all', name]) {
    for (const path of filesBelow(join(TEMPLATES, from))) {
      const to = path.slice(0, -SUFFIX.length);
      const text = readFileSync(join(TEMPLATES, from, path), 'utf8');
      const place = PLACES[to] ?? to;
      writeTextFile(join(folder, place), fill(text, values));
      files.push(place);
    }
  }
  for (const [from, to] of language.copies) {
    cpSync(join(packageRoot, from), join(folder, to), { recursive: true });
    files.push(to);
  }
  const baseline: Baseline = {
    format: 'irqbypass-spec/baseline/1',
    target: language.target,
    profile: 'core',
    entries: [],
  };
  writeJsonFile(join(folder, 'known.json'), baseline);
  files.push('known.json');
  const target = shellWord(language.target);
  return {
    files: files.sort(),
    commands: [
      `cd ${shellWord(folder)}${language.build === undefined ? '' : ` && ${language.build}`}`,
      `${spec} smoke ${target}`,
      `${spec} run ${target} --tier smoke`,
    ],
  };
}

/** Whether a project can be made there: nothing is, or an empty folder. */
export function isFree(folder: string): boolean {
  return !existsSync(folder) || (statSync(folder).isDirectory() && readdirSync(folder).length === 0);
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith(SUFFIX));
}

function fill(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/@([A-Z]+)@/g, (whole, name: string) => values[name] ?? whole);
}

/** A name that every language takes: of a folder such as `My Adapter`, `my-adapter`. */
function nameOf(folder: string): string {
  const name = basename(resolve(folder))
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '');
  return name === '' ? 'adapter' : name;
}

/** How the tool is called from a folder: by `npx` where that finds this package, else by its path. */
function invocation(folder: string): string {
  for (let at = resolve(folder); ; at = dirname(at)) {
    if (at === packageRoot || existsSync(join(at, 'node_modules', '.bin', 'irqbypass-spec')))
      return 'npx irqbypass-spec';
    if (dirname(at) === at) break;
  }
  return `node ${shellWord(relative(resolve(folder), join(packageRoot, 'dist', 'cli', 'main.js')))}`;
}

/** The version of a package that this one is built with. */
function ownVersionOf(name: string): string {
  const { devDependencies = {} } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as {
    readonly devDependencies?: Readonly<Record<string, string>>;
  };
  return devDependencies[name] ?? 'latest';
}

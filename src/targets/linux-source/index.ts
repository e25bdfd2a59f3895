/**
 * The target `linux-source`: the manager of a kernel tree, compiled unchanged for user space with sanitizers.
 *
 *     PATH or debian:VERSION ──> two files ──> generation and profile ──> program ──> command line
 */
import { readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { ProfileName } from '../../../spec/index.js';
import { TargetUnavailable } from '../unavailable.js';
import { buildManager } from './build.js';
import { type Detected, detectManager } from './detect.js';
import { fetchDebian, type ManagerFiles } from './fetch.js';

export { TargetUnavailable } from '../unavailable.js';

/** How to prepare. */
export interface PrepareOptions {
  /** Told what is being done, in a short phrase, when it takes time. */
  readonly onProgress?: (text: string) => void;
  /** Whether a crash says where in the source it was, which takes tenths of a second each. */
  readonly symbolize?: boolean;
}

/** A program that speaks the stdio protocol, ready to be started, and what its hello will say. */
export interface PreparedTarget {
  readonly command: string;
  readonly args: readonly string[];
  /** To be added to the environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly name: 'linux-source';
  readonly version: string;
  readonly profile: ProfileName;
  readonly facts: Readonly<Record<string, string>>;
}

/** A manager of a tree, found and recognised. */
export interface FoundManager {
  /** What was asked for. */
  readonly where: string;
  readonly version: string;
  /** The text of virt/lib/irqbypass.c and of include/linux/irqbypass.h. */
  readonly source: string;
  readonly header: string;
  readonly detected: Detected;
}

/**
 * Prepares the manager of `where`: the path of a kernel tree, the path of an `irqbypass.c` in one, or `debian:VERSION`.
 * @throws {TargetUnavailable} when it cannot be found, fetched, recognised or compiled.
 */
export async function prepareLinuxSource(where: string, options: PrepareOptions = {}): Promise<PreparedTarget> {
  const manager = await findManager(where, options);
  const { source, header, detected } = manager;
  const command = await buildManager({ source, header, generation: detected.generation }, options.onProgress);
  return {
    ...describeTarget(manager, command),
    env: options.symbolize
      ? { ASAN_OPTIONS: 'handle_segv=1:symbolize=1', UBSAN_OPTIONS: 'symbolize=1', IRQBYPASS_ADAPTER_VERBOSE: '1' }
      : {},
  };
}

/**
 * Finds the manager of `where` and reads what it is.
 * @throws {TargetUnavailable} when it cannot be found, fetched or recognised.
 */
export async function findManager(where: string, options: PrepareOptions = {}): Promise<FoundManager> {
  const files = where.startsWith('debian:')
    ? await fetchDebian(where.slice('debian:'.length), options.onProgress)
    : await findInTree(where);
  const source = await readFile(files.source, 'utf8');
  const header = await readFile(files.header, 'utf8');
  return { where, version: files.version, source, header, detected: detectManager(source, header) };
}

/** How to start a compiled manager, so that its hello says what it was made of. */
export function describeTarget({ where, version, detected }: FoundManager, command: string): PreparedTarget {
  const facts = {
    origin: where.startsWith('debian:') ? where : 'tree',
    generation: detected.generation,
    reasons: detected.reasons.join(', '),
  };
  return {
    command,
    args: [version, detected.profile, ...Object.entries(facts).map(([name, value]) => `${name}=${value}`)],
    env: {},
    name: 'linux-source',
    version,
    profile: detected.profile,
    facts,
  };
}

async function findInTree(where: string): Promise<ManagerFiles> {
  const path = resolve(where);
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) {
    throw new TargetUnavailable(`There is no ${where}. Give the path of a kernel tree, or debian:6.12.`);
  }
  const source = found.isDirectory() ? join(path, 'virt', 'lib', 'irqbypass.c') : path;
  const root = found.isDirectory() ? path : resolve(dirname(path), '..', '..');
  const header = join(root, 'include', 'linux', 'irqbypass.h');
  for (const file of [source, header]) {
    if (!(await stat(file).catch(() => undefined))?.isFile()) {
      throw new TargetUnavailable(
        `${where} is not a kernel tree with an IRQ bypass manager: ${file} is missing. Linux has it from 4.4 on.`,
      );
    }
  }
  return { source, header, version: (await treeVersion(root)) ?? 'unknown' };
}

/** The version that the tree's Makefile gives. */
async function treeVersion(root: string): Promise<string | undefined> {
  const makefile = await readFile(join(root, 'Makefile'), 'utf8').catch(() => '');
  const part = (name: string) => new RegExp(`^${name}[ \\t]*=[ \\t]*(\\S*)`, 'm').exec(makefile)?.[1];
  const numbers = [part('VERSION'), part('PATCHLEVEL'), part('SUBLEVEL')].filter((number) => number);
  return numbers.length < 2 ? undefined : `${numbers.join('.')}${part('EXTRAVERSION') ?? ''}`;
}

/**
 * The target `linux-source`: the manager of a kernel tree, compiled unchanged for user space with sanitizers.
 *
 *     PATH, debian:VERSION or git:DIR@REF ──> tree (tree.ts) ──> program and answers (build.ts) ──> profile (detect.ts) ──> command line
 */
import type { ProfileName } from '../../../spec/index.js';
import { type BuildInput, buildManager, buildWatched } from './build.js';
import { type Detected, detectManager } from './detect.js';
import { findTree, type Tree } from './tree.js';

export { TargetUnavailable } from '../unavailable.js';

/** How to prepare. */
export interface PrepareOptions {
  /** Told what is being done, in a short phrase, when it takes time. */
  readonly onProgress?: (text: string) => void;
  /** Folders of headers beside the tree's own. */
  readonly includes?: readonly string[];
  /** Whether a crash says where in the source it was, which takes tenths of a second each. */
  readonly symbolize?: boolean;
  /** Compile it with ThreadSanitizer, in place of the sanitizers of addresses and of undefined behaviour. */
  readonly tsan?: boolean;
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

/**
 * Prepares the manager of `where`: the path of a kernel tree, the path of an `irqbypass.c` in one, `debian:VERSION`, or
 * `git:DIR@REF`.
 * @throws {TargetUnavailable} when it cannot be found, fetched or compiled.
 */
export async function prepareLinuxSource(
  where: string,
  options: PrepareOptions = {},
): Promise<PreparedTarget & { readonly manager: FoundManager }> {
  const manager = await findManager(where, options);
  const { tree, detected } = manager;
  const program = options.tsan ? await buildWatched(manager.build, options.onProgress) : manager.program;
  return {
    manager,
    ...describeTarget(tree, detected, program),
    env: options.symbolize
      ? { ASAN_OPTIONS: 'handle_segv=1:symbolize=1', UBSAN_OPTIONS: 'symbolize=1', IRQBYPASS_ADAPTER_VERBOSE: '1' }
      : {},
  };
}

/** A manager of a tree, found, compiled and recognised. */
export interface FoundManager {
  readonly tree: Tree;
  readonly detected: Detected;
  /** The path of the program. */
  readonly program: string;
  /** For other programs that are made of it. */
  readonly build: BuildInput;
}

/**
 * Finds the manager of `where` and asks it what it is.
 * @throws {TargetUnavailable} when it cannot be found, fetched or compiled.
 */
export async function findManager(where: string, options: PrepareOptions = {}): Promise<FoundManager> {
  const tree = await findTree(where, options.includes, options.onProgress);
  const { program, parts, answers } = await buildManager(tree, options.onProgress);
  const detected = detectManager(parts.caller, answers);
  return { tree, detected, program, build: { source: tree.source, parts, allocates: detected.allocates } };
}

/** How to start a compiled manager, so that its hello says what it was made of. */
export function describeTarget(
  { where, version }: Pick<Tree, 'where' | 'version'>,
  { profile, allocates, facts: decided }: Detected,
  command: string,
): PreparedTarget {
  const facts = { origin: originOfTree(where, version), ...decided };
  return {
    command,
    args: [
      version,
      profile,
      allocates ? 'allocates' : '-',
      ...Object.entries(facts).map(([name, value]) => `${name}=${value}`),
    ],
    env: {},
    name: 'linux-source',
    version,
    profile,
    facts,
  };
}

/** Where a manager comes from, without the user's paths. */
function originOfTree(where: string, version: string): string {
  if (where.startsWith('debian:')) return where;
  return where.startsWith('git:') ? `git:${version}` : 'tree';
}

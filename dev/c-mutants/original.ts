/**
 * The original that mutants are made of, and what the kit says of it: without that nothing can be said of a mutant.
 */

import { join } from 'node:path';
import { generateProgram } from '../../conformance/generators/program.js';
import { bitsFrom } from '../../conformance/generators/random.js';
import type { Baseline, Report } from '../../spec/formats/results.js';
import type { Profile } from '../../spec/profile.js';
import { rules } from '../../spec/rules/index.js';
import type { Program } from '../../spec/vocabulary.js';
import { run } from '../../src/engine/run.js';
import { packageRoot } from '../../src/files/root.js';
import { readBaselineFile } from '../../src/formats/read.js';
import { Judge } from '../../src/judge/judge.js';
import { manager } from '../../src/manager/manager.js';
import { askManager } from '../../src/targets/linux-source/ask.js';
import { buildParts, compileManager, type Parts } from '../../src/targets/linux-source/build.js';
import { type Detected, detectManager } from '../../src/targets/linux-source/detect.js';
import { describeTarget } from '../../src/targets/linux-source/index.js';
import { findTree, type Tree } from '../../src/targets/linux-source/tree.js';
import { profileNamed } from '../../src/targets/resolve.js';
import { startStdioTarget } from '../../src/targets/stdio.js';
import { type Target, TargetError } from '../../src/targets/target.js';
import { look } from './look.js';
import type { Version } from './table/index.js';

/** The seed of all random programs. */
const SEED = 1;
/** How many programs are drawn for the first look, and how many of them, the plainest, are taken. */
const DRAWN = 2_500;
const TAKEN = 256;
/** How many random programs the kit's own run has. */
const PROGRAMS = 1_000;

/** Milliseconds without progress after which an operation hangs. A lock that is taken twice is told at once. */
const PATIENCE = 1_000;

/** A version, ready for mutants of it to be examined. */
export interface Original {
  readonly tree: Tree;
  /** What it is; its mutants are judged as what they were made of. */
  readonly detected: Detected;
  readonly parts: Parts;
  readonly profile: Profile;
  readonly baseline: Baseline;
  /** What mutants are first looked at with, the plainest first. */
  readonly programs: readonly Program[];
  /** The forms of the known failure that the original shows in each program; undefined where it shows none. */
  readonly forms: readonly (readonly string[] | undefined)[];
}

/**
 * Prepares a version and judges it, which must end well.
 *
 * @param folder where programs are compiled
 * @throws {TargetUnavailable} when it cannot be had or compiled
 * @throws {TargetError} when it does not do what its baseline says
 */
export async function prepareOriginal(
  version: Version,
  folder: string,
  onProgress: (text: string) => void,
): Promise<Original> {
  const tree = await findTree(`debian:${version}`, [], onProgress);
  const parts = await buildParts(tree, onProgress);
  const program = await compileManager(parts, tree.source, folder);
  const detected = detectManager(parts.caller, await askManager(program));
  const profile = profileNamed(detected.profile);
  const baseline = await readBaselineFile(join(packageRoot, 'conformance', 'baselines', `linux-${version}.json`));
  const target = await startManager({ tree, detected }, program, version);
  try {
    const programs = programsFor(profile, target);
    const judge = new Judge(profile, rules, true);
    const forms = (await look(target, programs, judge)).map((seen) => seen?.forms);
    const report = await runKit(target, profile, baseline);
    const listed = new Set(baseline.entries.flatMap((entry) => entry.forms.map(({ key }) => key)));
    const unlisted = forms.flatMap((some) => some ?? []).find((form) => !listed.has(form));
    if (report.exit !== 0 || unlisted !== undefined) {
      throw new TargetError(
        `Linux ${version} itself does something that its baseline does not say (${unlisted ?? report.summary}), so that nothing can be said of its mutants. Put conformance/baselines/linux-${version}.json right first.`,
      );
    }
    return { tree, detected, parts, profile, baseline, programs, forms };
  } finally {
    await target.close();
  }
}

/** Start a compiled manager as a target. */
export function startManager(
  { tree, detected }: Pick<Original, 'tree' | 'detected'>,
  command: string,
  version: string,
): Promise<Target> {
  const { args, facts } = describeTarget(tree, detected, command);
  return startStdioTarget({
    address: `Linux ${version}`,
    command,
    args,
    facts,
    env: { IRQBYPASS_ADAPTER_WATCHDOG_MS: `${PATIENCE}` },
  });
}

/** The kit's own run against the baseline: what a user would see. */
export function runKit(target: Target, profile: Profile, baseline: Baseline): Promise<Report> {
  return run(manager, {
    target,
    profile,
    baseline,
    rules,
    allRules: true,
    seed: SEED,
    programs: PROGRAMS,
    tier: null,
    now: () => 0,
  });
}

/** Of the random programs the shortest, and of those the plainest, so that what is seen first tells most. */
function programsFor(profile: Profile, target: Target): readonly Program[] {
  const bits = bitsFrom(SEED);
  const options = { profile, capabilities: new Set(target.hello.capabilities) };
  const all = Array.from({ length: DRAWN }, () => generateProgram(bits, options));
  return all
    .map((program) => ({ program, weight: weightOf(program) }))
    .sort((a, b) => a.weight - b.weight)
    .slice(0, TAKEN)
    .map(({ program }) => program);
}

/** Operations, and everything that is out of the ordinary. */
function weightOf({ lanes, objects }: Program): number {
  const operations = lanes.flat();
  const odd = operations.filter(
    (one) => ('token' in one && one.token === null) || ('memory' in one && one.memory !== undefined),
  );
  const refusals = objects.flatMap(({ results }) => results ?? []).filter((result) => result !== 0);
  return operations.length + odd.length + refusals.length;
}

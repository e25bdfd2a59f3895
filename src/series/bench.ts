/** Judges the managers of commits, compiled one by one. */

import type { Report } from '../../spec/formats/results.js';
import { core } from '../../spec/profiles/core.js';
import { findProfile } from '../../spec/profiles/index.js';
import { diffByPrograms } from '../diff/by-programs.js';
import { run } from '../engine/run.js';
import { manager } from '../manager/manager.js';
import { managerTiers } from '../manager/tiers.js';
import { codeOf } from '../targets/linux-source/build.js';
import { findTree } from '../targets/linux-source/tree.js';
import { openTarget } from '../targets/resolve.js';
import { type Target, TargetError } from '../targets/target.js';
import { TargetUnavailable } from '../targets/unavailable.js';
import type { Bench, SeriesOptions } from './series.js';

/** How many random programs are run on a commit and its parent, beside the suites, to find where they part. */
const PROGRAMS_APART = 2_500;

/** Where the managers of commits come from. */
export interface Shelf {
  /** The address of a commit as a target. */
  readonly address: (commit: string) => string;
  /** What the compiler sees of it, as one text. */
  readonly code: (commit: string) => Promise<string>;
  readonly open: (commit: string) => Promise<Target>;
}

/** The managers of the commits of a repository; `includes` are folders of headers beside its own. */
export function shelfOf(folder: string, includes: readonly string[], onProgress: (text: string) => void): Shelf {
  const where = (commit: string) => `git:${folder}@${commit}`;
  const address = (commit: string) => `linux-source:${where(commit)}`;
  return {
    address,
    code: async (commit) => codeOf(await findTree(where(commit), includes)),
    open: (commit) => openTarget(address(commit), { onProgress, includes }),
  };
}

/** How the commits of a series are judged. */
export interface BenchOptions extends Pick<SeriesOptions, 'tier' | 'seed'> {
  /** The profile to judge all of them under; each under its own where none is named. */
  readonly profile?: Report['profile'] | undefined;
  /** How many random programs are run on each; as many as the tier has where nothing is said. */
  readonly programs?: number;
  readonly onNote: (text: string) => void;
  readonly now: () => number;
}

/** A bench that runs the managers of a shelf. */
export function benchOf({ address, code, open }: Shelf, options: BenchOptions): Bench {
  const { tier, seed, programs = managerTiers[tier].programs, onNote, now } = options;
  const setting = { rules: manager.rules, allRules: true, seed };
  return {
    address,
    code,
    judge: async (commit) => {
      const target = await open(commit);
      const profile = profileNamed(options.profile ?? target.hello.profile);
      const coverage = manager.coverage(tier, {});
      return closing(target, () =>
        run(manager, { target, profile, ...setting, programs, coverage, tier, onNote, now }),
      );
    },
    apart: async (parent, commit, judgedUnder) => {
      const left = await open(parent);
      return closing(left, async () => {
        const right = await open(commit);
        return closing(right, async () => {
          const profile = profileNamed(judgedUnder);
          const asked = {
            profile,
            ...setting,
            programs: Math.min(programs, PROGRAMS_APART),
          };
          const parting = await diffByPrograms(manager, left, right, asked);
          return parting.map((one) => ({ program: one.program, parent: one.left.trace, commit: one.right.trace }));
        });
      });
    },
    isProblem: (error): error is Error => error instanceof TargetError || error instanceof TargetUnavailable,
  };
}

function profileNamed(name: string | undefined) {
  return findProfile(name ?? 'core') ?? core;
}

async function closing<R>(target: Target, work: () => Promise<R>): Promise<R> {
  try {
    return await work();
  } finally {
    await target.close();
  }
}

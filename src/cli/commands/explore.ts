import type { Command } from 'commander';
import { profiles } from '../../../spec/profiles/index.js';
import { rules } from '../../../spec/rules/index.js';
import type { ExploreProgress } from '../../explore/explore.js';
import { explore, unproved } from '../../explore/explore.js';
import { describe } from '../../explore/render.js';
import type { Progress } from '../../reports/progress.js';
import { profileNamed } from '../../targets/resolve.js';
import { EXIT, UsageError } from '../exit.js';
import { leftOut, scopeFor } from '../options.js';

interface Flags {
  readonly scope: string;
  readonly profile: string;
  readonly symmetry?: boolean;
  readonly without?: string;
  readonly role?: string;
}

/** `explore`: the model, exhaustively, and the rules proved on it. */
export function addExplore(program: Command): void {
  program
    .command('explore')
    .summary('explore the model exhaustively and prove the rules on it')
    .description(
      'Reach every state of the model on a scope, take every transition (failures, null tokens, missing callbacks, no memory and misuse included), and hold every rule against every pair of transitions. Also prove what is stated of sets of runs. Exit status 1 if something does not hold: then the spec contradicts itself. Exit status 2 if the scope is too small for a rule to be met, or too large.',
    )
    .option('--scope <PxCxT>', 'producers x consumers x tokens, each from 1 to 9; the null token comes on top', '2x2x2')
    .option('--profile <name>', 'the profile, or all', 'core')
    .option('--symmetry', 'take one state of all that only differ in the names of objects and tokens')
    .option(
      '--without <list>',
      'leave out: null-token, memory (registering without), failures (of callbacks), misuse, subsets (of callbacks), proofs',
    )
    .option('--role <role>', 'host: prove that who is paired follows from the calls that user space makes anyway')
    .action(async (flags: Flags) => {
      if (flags.role !== undefined) return exploreRole(flags.role, flags.profile);
      const { without, proofs: withoutProofs } = leftOut(flags.without);
      const scope = { ...scopeFor(flags.scope), without };
      const chosen = flags.profile === 'all' ? profiles : [profileNamed(flags.profile)];
      const { createProgress } = await import('../../reports/progress.js');
      const progress = createProgress();
      for (const profile of chosen) {
        const onProgress = showOn(progress, profile.name);
        const exploration = (() => {
          try {
            return explore(profile, scope, rules, { symmetry: flags.symmetry === true, withoutProofs, onProgress });
          } finally {
            progress.stop();
          }
        })();
        const missing = unproved(exploration, rules);
        process.stdout.write(describe(exploration, missing));
        if (missing.broken.length > 0) process.exitCode = EXIT.doesNotConform;
        else if (missing.unexposed.length > 0) process.exitCode ??= EXIT.notJudged;
      }
    });
}

/** `explore --role host`: the pairing follows from the calls of user space. */
async function exploreRole(role: string, name: string): Promise<void> {
  if (role !== 'host') throw new UsageError(`--role takes host; came ${JSON.stringify(role)}.`);
  const { exploreHost, isBroken, renderHost } = await import('../../explore/host.js');
  for (const profile of name === 'all' ? profiles : [profileNamed(name)]) {
    const started = performance.now();
    const proofs = exploreHost(profile);
    process.stdout.write(renderHost(profile, proofs, (performance.now() - started) / 1000));
    if (proofs.some(isBroken)) process.exitCode = EXIT.doesNotConform;
  }
}

/** Shows one exploration on a bar, one phase after the other. */
function showOn(progress: Progress, name: string): (now: ExploreProgress) => void {
  let phase: ExploreProgress['phase'] | undefined;
  let [before, shown] = [0, 0];
  return (now) => {
    if (phase !== now.phase) {
      phase = now.phase;
      // The bar goes on counting from one phase to the next.
      before = shown;
      progress.start(now.total, `${now.phase} ${name}`, now.unit);
    }
    shown = before + now.units;
    progress.update(now.done, shown, 0);
  };
}

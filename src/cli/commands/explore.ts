import type { Command } from 'commander';
import { profiles } from '../../../spec/profiles/index.js';
import { rules } from '../../../spec/rules/index.js';
import { type Exploration, explore, unproved } from '../../explore/explore.js';
import { grouped } from '../../reports/text.js';
import { operationText } from '../../reports/words.js';
import { profileNamed } from '../../targets/resolve.js';
import { EXIT } from '../exit.js';
import { scopeFor } from '../options.js';

interface Flags {
  readonly scope: string;
  readonly profile: string;
}

/** `explore`: the model, exhaustively, and the rules proved on it. */
export function addExplore(program: Command): void {
  program
    .command('explore')
    .summary('explore the model exhaustively and prove the rules on it')
    .description(
      'Reach every state of the model on a scope, take every transition (failures, null tokens, missing callbacks, no memory and misuse included), and hold every rule against every pair of transitions. Also prove what is stated of sets of runs. Exit status 1 if something does not hold: then the spec contradicts itself.',
    )
    .option('--scope <PxCxT>', 'producers x consumers x tokens, each from 1 to 9; the null token comes on top', '2x2x2')
    .option('--profile <name>', 'the profile, or all', 'core')
    .action(async (flags: Flags) => {
      const scope = scopeFor(flags.scope);
      const chosen = flags.profile === 'all' ? profiles : [profileNamed(flags.profile)];
      const { createProgress } = await import('../../reports/progress.js');
      const progress = createProgress();
      for (const profile of chosen) {
        const started = performance.now();
        let begun = false;
        const exploration = explore(profile, scope, rules, (done, total) => {
          if (!begun) progress.start(total, `exploring ${profile.name}`);
          begun = true;
          progress.update(done, 0, 0);
        });
        progress.stop();
        const missing = unproved(exploration, rules);
        process.stdout.write(describe(exploration, missing, (performance.now() - started) / 1000));
        if (missing.length > 0) process.exitCode = EXIT.doesNotConform;
      }
    });
}

function describe(exploration: Exploration, missing: readonly string[], seconds: number): string {
  const { profile, scope, states, transitions, pairs, subsets, exposures, statements, contradictions } = exploration;
  const exposed = [...exposures.values()].filter((count) => count > 0).length;
  const lines = [
    `${profile.name}, ${scope.producers} producers, ${scope.consumers} consumers, ${scope.tokens} tokens and the null token`,
    `  states       ${grouped(states)}`,
    `  transitions  ${grouped(transitions)}`,
    `  judged       ${grouped(pairs)} pairs of transitions, ${grouped(subsets)} transitions with other sets of callbacks`,
    `  rules        ${exposed} exposed, ${exposed - contradictions.length} proved`,
    ...statements.map(
      ({ statement, cases, counterexample }) =>
        `  ${counterexample === undefined ? 'proved' : 'BROKEN'}       ${statement} (${grouped(cases)} cases)`,
    ),
    `  time         ${seconds.toFixed(1)} s`,
  ];
  for (const { rule, program } of contradictions) {
    lines.push(`  the shortest program that breaks ${rule}:`);
    for (const operation of program.lanes[0] ?? []) lines.push(`    ${operationText(operation)}`);
  }
  for (const text of missing) lines.push(`  NOT PROVED: ${text}`);
  return `${lines.join('\n')}\n`;
}

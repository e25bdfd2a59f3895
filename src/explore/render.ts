/** What `explore` prints of one profile. */

import { operationText } from '../text/format.js';
import { grouped } from '../text/text.js';
import type { Exploration, Unproved } from './explore.js';
import type { Scope } from './scope.js';
import { STATEMENTS } from './statements.js';

/** An exploration in lines. */
export function describe(exploration: Exploration, missing: Unproved): string {
  const { profile, scope, states, transitions, orbits, proofs, seconds } = exploration;
  const lines = [
    `${profile.name}, ${scopeText(scope)}`,
    `  states       ${grouped(states)}${orbits === undefined ? '' : `, in ${grouped(orbits)} orbits`}`,
    `  transitions  ${grouped(transitions)}`,
  ];
  if (proofs === undefined) {
    lines.push('  proved       nothing, as asked', `  time         ${seconds.reaching.toFixed(1)} s`);
    return `${lines.join('\n')}\n`;
  }
  const { pairs, subsets, exposures, statements, contradictions } = proofs;
  const exposed = Object.values(exposures).filter((count) => count > 0).length;
  lines.push(
    `  judged       ${grouped(pairs)} pairs of transitions, ${grouped(subsets)} transitions with other sets of callbacks`,
    `  rules        ${exposed} exposed, ${exposed - contradictions.length} proved`,
  );
  let supposing = false;
  for (const { statement, cases, counterexample } of statements) {
    const supposed = orbits !== undefined && (statement === STATEMENTS.tokens || statement === STATEMENTS.objects);
    const word = counterexample !== undefined ? 'BROKEN' : cases === 0 ? 'no case' : supposed ? 'supposed' : 'proved';
    supposing ||= word === 'supposed';
    lines.push(`  ${word.padEnd(13)}${statement} (${grouped(cases)} ${cases === 1 ? 'case' : 'cases'})`);
  }
  if (supposing) {
    lines.push(
      '  What is supposed was seen on one state of each orbit. It is what makes one enough; without --symmetry it is proved.',
    );
  }
  const { reaching, proving } = seconds;
  lines.push(`  time         ${reaching.toFixed(1)} s to reach every state, ${proving.toFixed(1)} s to prove`);
  for (const { rule, program } of contradictions) {
    lines.push(`  the shortest program that breaks ${rule}:`);
    for (const operation of program.lanes[0] ?? []) lines.push(`    ${operationText(operation)}`);
  }
  for (const text of [...missing.broken, ...missing.unexposed]) lines.push(`  NOT PROVED: ${text}`);
  return `${lines.join('\n')}\n`;
}

function scopeText({ producers, consumers, tokens, without = {} }: Scope): string {
  const { nullToken, memoryFailure, failures, misuse, subsets } = without;
  const left = [
    memoryFailure === true ? ['registering without memory'] : [],
    failures === true ? ['failing callbacks'] : [],
    misuse === true ? ['misuse'] : [],
    subsets === true ? ['other sets of callbacks'] : [],
  ].flat();
  const count = (number: number, what: string) => `${number} ${what}${number === 1 ? '' : 's'}`;
  const text = `${count(producers, 'producer')}, ${count(consumers, 'consumer')}, ${count(tokens, 'token')}${nullToken === true ? '' : ' and the null token'}`;
  return left.length === 0 ? text : `${text}; without ${left.join(', ')}`;
}

/**
 * How fast a manager's own states are walked, and the interleavings of lanes on it are explored; and how long it takes
 * until the first finding of each mutant of its locking. All of it is compiled before.
 */

import { closeOver } from '../../src/closure/index.js';
import { exploreSchedules } from '../../src/scheduler/index.js';
import { findManager } from '../../src/targets/linux-source/index.js';
import { profileNamed } from '../../src/targets/resolve.js';
import { isHarmless } from '../c-mutants/callers/gates.js';
import { interleavingsOf } from '../c-mutants/callers/methods.js';
import { applyEdit } from '../c-mutants/editor/edits.js';
import { amongCallers, type Version } from '../c-mutants/table/index.js';

/** States, and the seconds that they took. */
export interface Walked {
  readonly version: Version;
  readonly states: number;
  readonly seconds: number;
}

/** The scope of two objects a side under two tokens. */
const SCOPE = { producers: 2, consumers: 2, tokens: 2 };
const VERSIONS: readonly Version[] = ['6.12', '7.3'];

/** The closure over 2x2x2 with every choice of optional callbacks. @throws {TargetUnavailable} without a compiler */
export async function measureClosure(rounds: number): Promise<readonly Walked[]> {
  const walked: Walked[] = [];
  for (const version of VERSIONS) {
    const { build, detected } = await findManager(`debian:${version}`);
    const without = { misuse: true, nullToken: true, memoryFailure: true };
    const walk = () => closeOver(build, profileNamed(detected.profile), { ...SCOPE, without });
    // The first compiles, and tells how many states there are.
    const { states, closed } = await walk();
    if (!closed) throw new Error(`the closure of Linux ${version} does not close`);
    walked.push({ version, states, seconds: await least(rounds, walk) });
  }
  return walked;
}

/** Two lanes of one operation on 2x2x2, from every state. @throws {TargetUnavailable} without a compiler */
export async function measureScheduler(rounds: number): Promise<readonly (Walked & { readonly schedules: number })[]> {
  const explored: (Walked & { readonly schedules: number })[] = [];
  for (const version of VERSIONS) {
    const { build, detected } = await findManager(`debian:${version}`);
    const explore = () => exploreSchedules(build, profileNamed(detected.profile), SCOPE, { lanes: 2, operations: 1 });
    const { states, schedules, complete } = await explore();
    if (!complete) throw new Error(`the interleavings of Linux ${version} are not complete`);
    explored.push({ version, states, schedules, seconds: await least(rounds, explore) });
  }
  return explored;
}

/** Seconds until the first finding of each mutant of the locking, in order of length. */
export async function measureFirstFindings(): Promise<readonly number[]> {
  const seconds: number[] = [];
  for (const version of VERSIONS) {
    const { build, detected } = await findManager(`debian:${version}`);
    for (const mutant of amongCallers[version]) {
      if (isHarmless({ mutant, shown: [] })) continue;
      const mutated = { ...build, source: applyEdit(build.source, mutant.edit, '').plain };
      const find = async () => {
        const { findings } = await interleavingsOf(mutated, profileNamed(detected.profile), 1);
        if (findings.length === 0) throw new Error(`nothing is found of "${mutant.what}"`);
      };
      await find();
      seconds.push(await least(1, find));
    }
  }
  return seconds.sort((a, b) => a - b);
}

/** The least seconds of some rounds. */
async function least(rounds: number, what: () => Promise<unknown>): Promise<number> {
  let seconds = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) {
    const started = performance.now();
    await what();
    seconds = Math.min(seconds, (performance.now() - started) / 1000);
  }
  return seconds;
}

/**
 * How fast `explore` reaches every state, beside SPIN on the same abstraction: the Promela model with an operation as
 * one step and no assertion, on the same scope. Both take every operation, misuse and failures included; the null token
 * and registering without memory are left out, so that the states are those of the four objects on each side.
 */
import { core } from '../../spec/profiles/core.js';
import { reach } from '../../src/explore/reach.js';
import type { Scope } from '../../src/explore/scope.js';
import { Space } from '../../src/explore/space.js';
import { readSources } from '../promela/sources.js';
import { search, spinVersion } from '../promela/spin.js';
import { defineScope } from '../promela/versions.js';

const scope: Scope = { producers: 4, consumers: 4, tokens: 4, without: { nullToken: true, memoryFailure: true } };

/** Ours and SPIN's time to reach every state, in seconds, the best of some rounds each. */
export interface Explored {
  readonly states: number;
  readonly seconds: number;
  /** Not measured where SPIN is missing. */
  readonly spin?: { readonly states: number; readonly seconds: number; readonly version: string };
}

/** Measure both, one after the other. @throws Error when they do not reach the same number of states */
export async function measureExplore(rounds: number): Promise<Explored> {
  let states = 0;
  let seconds = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) {
    const started = performance.now();
    states = reach(new Space(core, scope)).size;
    seconds = Math.min(seconds, (performance.now() - started) / 1000);
  }
  const version = await spinVersion();
  if (version === undefined) return { states, seconds };
  const spin = { states: 0, seconds: Number.POSITIVE_INFINITY, version };
  for (let round = 0; round < rounds; round++) {
    const searched = await search({
      sources: readSources(),
      define: [...defineScope(scope), 'ATOMIC', 'BARE'],
      compile: ['NOREDUCE'],
      optimize: 2,
      depth: 2_000_000,
    });
    // The state before the callers run is one more.
    spin.states = searched.states - 1;
    spin.seconds = Math.min(spin.seconds, searched.seconds);
  }
  if (spin.states !== states) throw new Error(`explore reaches ${states} states, and SPIN ${spin.states}`);
  return { states, seconds, spin };
}

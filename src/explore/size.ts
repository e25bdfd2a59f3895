/**
 * How large a scope is, before it is explored.
 *
 * On a side, k of n objects hold k of t tokens: the sum over k of C(n, k) C(t, k) k!. The sides are free of each other.
 */
import type { Profile } from '../../spec/profile.js';
import type { Scope } from './scope.js';
import { MOST_MEMORY, memoryFor, ScopeTooLarge } from './states.js';

/** The number of states of a scope, as it must be if the model is right; no exploration relies on it. */
export function stateCount(profile: Profile, { producers, consumers, tokens, without }: Scope): number {
  const refusal = profile.refusals.find((one) => one.refusal === 'null-token');
  const nullCounts = without?.nullToken !== true && (refusal === undefined || refusal.optional === true);
  const all = tokens + (nullCounts ? 1 : 0);
  return sideCount(producers, all) * sideCount(consumers, all);
}

/**
 * Refuse a scope that is too large.
 *
 * @throws ScopeTooLarge when the states would take more memory than they may, or do not fit into a number each
 */
export function mustFit(profile: Profile, scope: Scope, symmetry: boolean, most: number = MOST_MEMORY): void {
  const text = `${scope.producers}x${scope.consumers}x${scope.tokens}`;
  const states = stateCount(profile, scope);
  const keys = (scope.tokens + 2) ** (scope.producers + scope.consumers);
  const names = symmetry ? (Math.max(scope.producers, scope.consumers) + 1) ** (2 * (scope.tokens + 1)) : 0;
  if (Math.max(keys, names) > Number.MAX_SAFE_INTEGER) {
    throw new ScopeTooLarge(`The scope ${text} is too large: its states cannot be packed. Take a smaller scope.`);
  }
  const needed = memoryFor(states);
  if (symmetry || needed <= most) return;
  throw new ScopeTooLarge(
    `The scope ${text} is too large for ${profile.name}: its ${states.toLocaleString('en')} states would take ${gigabytes(needed)}, and ${gigabytes(most)} are allowed. Take a smaller scope, or --symmetry.`,
  );
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}

function sideCount(objects: number, tokens: number): number {
  let sum = 0;
  let ways = 1;
  for (let held = 0; held <= Math.min(objects, tokens); held++) {
    sum += ways;
    ways = (ways * (objects - held) * (tokens - held)) / (held + 1);
  }
  return sum;
}

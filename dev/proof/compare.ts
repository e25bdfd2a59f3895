/**
 * The transition system that is proved, and the model that everything is judged by: do they reach the same?
 *
 * On a small scope both are walked to the end, the steps by the interpreter and the model by `explore`. The states between
 * operations must be the same, and each operation with its callbacks and statuses, element by element.
 */
import type { Profile } from '../../spec/profile.js';
import type { Step } from '../../spec/proof/step.js';
import type { Scope } from '../../src/explore/scope.js';
import { Space } from '../../src/explore/space.js';
import { type Behaviour, behaviourExplored, behaviourWithCallbacks } from '../promela/operations.js';
import { behaviourOf, interpreterOn } from './behaviour.js';

/** A scope, and which callbacks its objects have. */
export interface Walk {
  readonly what: string;
  readonly scope: Scope;
  /** For each choice, the set of each object, as a number of bits; all callbacks if absent. */
  readonly choices?: readonly (readonly number[])[];
}

/** What came of a comparison. */
export interface Compared {
  readonly walk: Walk;
  readonly states: number;
  readonly operations: number;
  /** Elements of one that the other lacks, a line each. */
  readonly differences: readonly string[];
}

const SETS = 16;
const everySet = Array.from({ length: SETS }, (_, set) => set);

/**
 * Sets of callbacks for two producers and two consumers such that any two of the four meet with any two of the 16 sets. An
 * operation concerns at most two of them. All assignments would be 65,536; these are 256: points of lines over GF(16).
 */
export function pairwise(): readonly (readonly number[])[] {
  return everySet.flatMap((first) =>
    everySet.map((third) => [first, first ^ third, third, first ^ twice(third)] as const),
  );
}

/** Times x in GF(16), modulo x^4 + x + 1. */
function twice(set: number): number {
  return set & 8 ? ((set << 1) & 15) ^ 3 : set << 1;
}

const usual: Scope = { producers: 2, consumers: 2, tokens: 2 };

/** What is compared. */
export const walks: readonly Walk[] = [
  { what: 'objects with all callbacks', scope: usual },
  {
    what: 'any two objects with any two sets of callbacks, without null token and memory failure',
    scope: { ...usual, without: { nullToken: true, memoryFailure: true } },
    choices: pairwise(),
  },
  {
    what: 'a pair with any sets of callbacks',
    scope: { producers: 1, consumers: 1, tokens: 1 },
    choices: everySet.flatMap((producer) => everySet.map((consumer) => [producer, consumer])),
  },
];

/** Compare what steps and what the model reach. */
export function compare(profile: Profile, steps: readonly Step[], walk: Walk): Compared {
  const interpreter = interpreterOn(walk.scope, profile, steps);
  const space = new Space(profile, walk.scope);
  const all = (walk.choices ?? [undefined]).map((sets) => {
    const proved = behaviourOf(interpreter, sets);
    const model = sets === undefined ? behaviourExplored(space) : behaviourWithCallbacks(space, [sets]);
    return {
      states: proved.states.size,
      operations: proved.operations.size,
      differences: [...missing('state', proved, model), ...missing('operation', proved, model)],
    };
  });
  const sum = (of: (one: (typeof all)[number]) => number) => all.reduce((total, one) => total + of(one), 0);
  return {
    walk,
    states: sum(({ states }) => states),
    operations: sum(({ operations }) => operations),
    differences: all.flatMap(({ differences }) => differences).sort(),
  };
}

function missing(what: 'state' | 'operation', proved: Behaviour, model: Behaviour): readonly string[] {
  const [one, other] = what === 'state' ? [proved.states, model.states] : [proved.operations, model.operations];
  return [
    ...[...one].filter((element) => !other.has(element)).map((element) => `only in the steps: ${what} ${element}`),
    ...[...other].filter((element) => !one.has(element)).map((element) => `only in the model: ${what} ${element}`),
  ];
}

/** Whether two sets have the same elements, and if not, which of them differ. */
import type { Behaviour } from './operations.js';

/** What is in one set and not in the other. */
export interface Difference {
  readonly onlySpin: readonly string[];
  readonly onlyExplore: readonly string[];
}

/** What came of comparing two behaviours. */
export interface Compared {
  readonly states: Difference;
  readonly operations: Difference;
}

/** Compare what SPIN reached with what `explore` reached, element by element. */
export function compare(spin: Behaviour, explore: Behaviour): Compared {
  return {
    states: difference(spin.states, explore.states),
    operations: difference(spin.operations, explore.operations),
  };
}

/** Whether nothing differs. */
export function isSame({ states, operations }: Compared): boolean {
  return [states, operations].every(({ onlySpin, onlyExplore }) => onlySpin.length + onlyExplore.length === 0);
}

/** The elements that differ, a line each, sorted, so that those of one state stand together. */
export function differences({ states, operations }: Compared): readonly string[] {
  const lines = (what: string, { onlySpin, onlyExplore }: Difference) =>
    [
      ...onlySpin.map((element) => ({ element, line: `only in SPIN:    ${what} ${element}` })),
      ...onlyExplore.map((element) => ({ element, line: `only in explore: ${what} ${element}` })),
    ]
      .sort((a, b) => (a.element < b.element ? -1 : a.element > b.element ? 1 : 0))
      .map(({ line }) => line);
  return [...lines('state', states), ...lines('operation', operations)];
}

function difference(spin: ReadonlySet<string>, explore: ReadonlySet<string>): Difference {
  return {
    onlySpin: [...spin].filter((element) => !explore.has(element)),
    onlyExplore: [...explore].filter((element) => !spin.has(element)),
  };
}

/** What must hold of a matrix, so that it proves anything. */
import type { Examined, Matrix } from './matrix.js';

/** How many mutants of a version must have been built and run, void ones not counted. */
export const LEAST = 40;

/** The mutants of a matrix by what became of them. */
export interface Sorted {
  readonly killed: readonly Examined[];
  /** Survivors with a reason. */
  readonly explained: readonly Examined[];
  readonly unexplained: readonly Examined[];
  readonly empty: readonly Examined[];
  /** Those that were expected to survive, and did not. */
  readonly stale: readonly Examined[];
}

/** Sort the mutants of a matrix. Stale ones are among the killed or the void too. */
export function sort({ examined }: Matrix): Sorted {
  const of = (is: Examined['verdict']['is']) => examined.filter(({ verdict }) => verdict.is === is);
  const survived = of('survived');
  return {
    killed: of('killed'),
    explained: survived.filter(({ mutant }) => mutant.survives !== undefined),
    unexplained: survived.filter(({ mutant }) => mutant.survives === undefined),
    empty: of('void'),
    stale: examined.filter(({ mutant, verdict }) => mutant.survives !== undefined && verdict.is !== 'survived'),
  };
}

/** What is wrong with a matrix, a sentence each, with what to do. Empty when all is well. */
export function problems(matrix: Matrix): readonly string[] {
  const { killed, explained, unexplained } = sort(matrix);
  const ran = killed.length + explained.length + unexplained.length;
  const name = `Linux ${matrix.version}`;
  return [
    ...(ran >= LEAST
      ? []
      : [`${name}: ${ran} mutants were built and run, and at least ${LEAST} must be. See why the others are void.`]),
    ...problemsOfMutants(matrix),
  ];
}

/** What is wrong with single mutants of a matrix, or of a share of one. */
export function problemsOfMutants(matrix: Matrix): readonly string[] {
  const { unexplained, stale } = sort(matrix);
  const name = `Linux ${matrix.version}`;
  return [
    ...unexplained.map(
      ({ mutant }) =>
        `${name}: nothing kills the mutant "${mutant.what}". Find out why: the kit lacks something, or the mutant is no mistake, and then its entry needs the reason.`,
    ),
    ...stale.map(
      ({ mutant, verdict }) =>
        `${name}: the mutant "${mutant.what}" is said to survive, and it ${verdict.is === 'killed' ? `is killed by ${verdict.rule}` : 'is void'}. Take the reason out of its entry.`,
    ),
  ];
}

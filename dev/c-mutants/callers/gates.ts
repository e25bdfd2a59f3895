/** What must hold of the matrix with several callers, so that it proves anything. */
import type { ExaminedAmongCallers } from './examine.js';
import type { CallersMatrix } from './matrix.js';
import { methods, type Shown } from './methods.js';

/** How many mutants and how many harmless ones must be examined, over all versions. */
export const LEAST_MUTANTS = 20;
export const LEAST_HARMLESS = 4;

/** The method that has to kill each mutant by the rule that it is meant for. */
export const DECIDES = 'scheduler';

export function isHarmless({ mutant }: ExaminedAmongCallers): boolean {
  return mutant.amongCallers !== undefined && 'harmless' in mutant.amongCallers;
}

/** What a method shows of a mutant. */
export function shownBy({ shown }: ExaminedAmongCallers, method: string): Shown | undefined {
  return shown[methods.findIndex(({ name }) => name === method)];
}

/** What is wrong with the matrices, a sentence each, with what to do. Empty when all is well. */
export function callersProblems(matrices: readonly CallersMatrix[]): readonly string[] {
  const all = matrices.flatMap(({ examined }) => examined).filter(({ empty }) => empty === undefined);
  const harmless = all.filter(isHarmless).length;
  return [
    ...(all.length - harmless >= LEAST_MUTANTS
      ? []
      : [
          `Among several callers ${all.length - harmless} mutants were examined, and at least ${LEAST_MUTANTS} must be.`,
        ]),
    ...(harmless >= LEAST_HARMLESS
      ? []
      : [`Among several callers ${harmless} harmless changes were examined, and at least ${LEAST_HARMLESS} must be.`]),
    ...problemsAmongCallers(matrices),
  ];
}

/** What is wrong with single mutants of matrices, or of shares of them. */
export function problemsAmongCallers(matrices: readonly CallersMatrix[]): readonly string[] {
  return matrices.flatMap(({ version, examined }) =>
    examined.flatMap((one) => {
      const text = problemOf(one);
      return text === undefined ? [] : [`Linux ${version}, several callers: "${one.mutant.what}" ${text}`];
    }),
  );
}

function problemOf(one: ExaminedAmongCallers): string | undefined {
  const { mutant, shown, empty } = one;
  if (empty !== undefined) return `says nothing: ${empty} Mend its edit.`;
  const { amongCallers } = mutant;
  if (amongCallers === undefined) return 'does not say what is to come of it. Say so in its entry.';
  if ('harmless' in amongCallers) {
    const by = shown.flatMap((method) => (method.is === 'killed' ? method.by : []));
    return by.length === 0
      ? undefined
      : `is said to be harmless, and breaks ${by.join(', ')}. Find out who is wrong: the entry, or the kit.`;
  }
  const decides = shownBy(one, DECIDES);
  if (decides?.is === 'killed' && decides.by.includes(amongCallers.breaks)) return undefined;
  const instead = decides?.is === 'killed' ? `is killed by ${decides.by.join(', ')}` : 'is not killed';
  return `is meant to break ${amongCallers.breaks}, and ${instead}. Find out why: the kit lacks something, or the entry is wrong.`;
}

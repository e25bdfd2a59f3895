/**
 * What becomes of each rule in the proof. Most are obligations, and say so themselves (`rules`). Here are the others: those
 * that hold by the form in which everything is written, those that nothing here can express, and those of which a part is
 * left out.
 */
import type { Expression } from './expression.js';
import { known } from './state.js';
import type { Step } from './step.js';

/** Rules that hold because no expression can tell apart what they rename: none of the steps has a name for it. */
export const byForm: Readonly<Record<string, string>> = {
  'TOKEN-8': 'tokens are compared and nothing else; no step has a name for one, but for the null token',
  'ISO-3': 'objects are compared, and asked for their side and their callbacks; no step has a name for one',
};

/** Rules that nothing here can express, each with the reason. */
export const notExpressible: Readonly<Record<string, string>> = {
  'LIFE-9': 'nothing is logged here',
  'CONC-2': 'it speaks of whole runs; here one operation at a time is inside, and which of them commute is proved',
  'CONC-5': "a step is a whole callback; single accesses to memory are the scheduler's matter",
  'LIFE-10': 'the manager is neither loaded nor unloaded here, and no trace shows that either',
};

/** What of a rule that is proved is not proved. */
export const leftOut: Readonly<Record<string, string>> = {
  'LIFE-8':
    'that nothing crashes, that callbacks return, and that the lock comes round to everybody who waits; proved is that whoever has it can always go on, and has done after a bounded number of steps',
  'CALL-8': 'that nothing of a callback is left running when it returns; here it ends with its step',
};

/** The names that steps have for things: of those in sorts without members, which could be renamed. */
export function namesIn(steps: readonly Step[]): ReadonlySet<Expression> {
  const found = new Set<Expression>();
  const look = (expression: Expression): void => {
    switch (expression.kind) {
      case 'variable':
        return;
      case 'named':
        if (expression.sort.members === undefined) found.add(expression);
        return;
      case 'lookup':
        for (const one of expression.row) look(one);
        return;
      case 'choice':
        for (const one of [expression.condition, expression.then, expression.otherwise]) look(one);
        return;
      case 'forAll':
      case 'exists':
      case 'next':
        look(expression.of);
        return;
      default:
        for (const one of expression.of) look(one);
    }
  };
  for (const { guard, effects } of steps) {
    look(guard);
    for (const { row, value } of effects) for (const one of [...row, value]) look(one);
  }
  return found;
}

/** The names of things that a step must not have: all but the null token, "no interrupt" and the manager's statuses. */
export function strangeNames(steps: readonly Step[]): readonly Expression[] {
  return [...namesIn(steps)].filter((name) => !known.some((one) => one === name));
}

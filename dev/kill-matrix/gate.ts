/** What is wrong with a kill matrix: the reasons to turn a build red. */
import type { SourceRow } from '../../spec/formats/kill-matrix.js';
import type { ChapterRule } from '../../spec/rule.js';
import type { Explanation } from './explanations.js';
import { speaksOf, squeezed } from './explanations.js';
import type { Matrix } from './matrix.js';

/** What wants explaining: the survivors, the void ones that nothing reaches, and those that no rule finds as JavaScript. */
export function unfound({ sources }: Matrix): readonly SourceRow[] {
  return sources.filter(({ fate, killers, unplayable }) => {
    if (fate === 'unbuilt') return killers.length === 0 && unplayable !== true;
    return fate === 'survived' || fate === 'unreached';
  });
}

/** Everything that is wrong, one sentence each that says what to do; nothing when the kit is as good as it claims. */
export function problemsOf(
  matrix: Matrix,
  explanations: readonly Explanation[],
  rules: readonly ChapterRule[],
): readonly string[] {
  return [
    ...noMutants(matrix),
    ...unexplained(matrix, explanations),
    ...stale(matrix, explanations),
    ...withoutKill(matrix, rules),
    ...notByTheirRule(matrix),
    ...matrix.disagreements.map((text) => `Rules and model do not agree, which is a defect of the spec: ${text}`),
  ];
}

function noMutants({ sources, named }: Matrix): readonly string[] {
  const alive = sources.filter(({ fate }) => fate === 'killed' || fate === 'survived');
  return [
    ...(alive.length === 0 ? ['No mutant of the reference was run, so that nothing is known of the rules.'] : []),
    ...(named.length === 0 ? ['No named mutant was run, so that nothing is known of the rules.'] : []),
  ];
}

function unexplained(matrix: Matrix, explanations: readonly Explanation[]): readonly string[] {
  return unfound(matrix)
    .filter(({ mutant }) => !explanations.some((explanation) => speaksOf(explanation, mutant)))
    .map(({ mutant, fate, reason }) => {
      const { file, line, mutator, original, replacement } = mutant;
      const what = fate === 'unreached' ? `Nothing is known (${reason}) of` : 'No rule finds';
      return `${what} the mutant at ${file}:${line} (${mutator}) that makes ${squeezed(replacement)} of ${squeezed(original)}. Strengthen the programs or a rule; or say in explanations.ts why it is the same manager.`;
    });
}

function stale(matrix: Matrix, explanations: readonly Explanation[]): readonly string[] {
  return explanations.flatMap((explanation) => {
    const spokenOf = unfound(matrix).filter(({ mutant }) => speaksOf(explanation, mutant)).length;
    if (spokenOf === 1) return [];
    const which = `The explanation of ${explanation.replacement} for ${explanation.original} (${explanation.mutator}) in ${explanation.file}`;
    return spokenOf === 0
      ? [`${which} speaks of no survivor: it is stale. Take it out of explanations.ts.`]
      : [`${which} speaks of ${spokenOf} survivors, and what excuses one need not excuse another.`];
  });
}

/** The rules of which no mutant that was made for them shows that they work. */
function withoutKill({ named }: Matrix, rules: readonly ChapterRule[]): readonly string[] {
  return rules
    .filter(({ kind, level }) => kind !== 'untestable' && kind !== 'schedule' && level === 'MUST')
    .filter(({ id }) => !named.some(({ meantFor, message = '' }) => meantFor === id && message !== ''))
    .map(({ id }) => `${id} kills no named mutant that is meant for it: nothing shows that it works.`);
}

function notByTheirRule({ named }: Matrix): readonly string[] {
  return named
    .filter(({ message = '' }) => message === '')
    .map(({ name, meantFor, killers }) => {
      const by = killers.length === 0 ? 'by no rule' : `by ${killers.join(', ')}`;
      return `The named mutant ${name} is meant for ${meantFor} and is killed ${by}.`;
    });
}

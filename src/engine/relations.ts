/** Rules about two runs: run a program and its variant on a target, and compare. */
import type { Judge, Relation, Shape, Subject, SubjectTarget } from '../subject/subject.js';

/** What came of a program and its variant. */
export interface Related<S extends Shape> {
  /** What the program itself did. */
  readonly trace: S['trace'];
  /** How the two differ; undefined when they do not, or when the rule does not speak of the program. */
  readonly text: string | undefined;
}

const PREFIX = 'two runs, ';

/** The name of the form in which a rule about two runs is broken. */
export function relationForm(rule: string): string {
  return `${PREFIX}${rule}`;
}

/** Whether a form is about two runs: one trace does not show it. */
export function isAboutTwoRuns(form: string): boolean {
  return form.startsWith(PREFIX);
}

/** The rule about two runs that a form is about; undefined for a form of one run. */
export function relationOf<S extends Shape>(form: string, relations: readonly Relation<S>[]): Relation<S> | undefined {
  return isAboutTwoRuns(form) ? relations.find(({ id }) => id === form.slice(PREFIX.length)) : undefined;
}

/** Run programs, then the variant of each, and compare. Programs that break a rule of their own are left out. */
export async function relate<S extends Shape>(
  subject: Subject<S>,
  relation: Relation<S>,
  programs: readonly S['program'][],
  target: SubjectTarget<S>,
  judge: Judge<S>,
): Promise<readonly Related<S>[]> {
  const outcomes = await target.run(programs);
  const traces = programs.map((program, index) => subject.trace(program, outcomes[index]?.events ?? []));
  const variants = programs.map((program, index) => {
    const judgement = judge.judge(traces[index] ?? subject.trace(program, []));
    return judgement.breaches.length > 0 ? undefined : relation.variant(program, judgement);
  });
  const asked = variants.filter((variant) => variant !== undefined);
  const answers = [...(await target.run(asked.map(({ program }) => program)))];
  return programs.map((program, index): Related<S> => {
    const trace = traces[index] ?? subject.trace(program, []);
    const variant = variants[index];
    const answer = variant === undefined ? undefined : answers.shift();
    if (variant === undefined || answer === undefined || answer.fault !== undefined) return { trace, text: undefined };
    const result = variant.compare(trace, subject.trace(variant.program, answer.events));
    return { trace, text: result === true ? undefined : result };
  });
}

/** Rules about two runs: run a program and its variant on a target, and compare. */
import type { RelationRule } from '../../spec/rule.js';
import { findRule } from '../../spec/rules/index.js';
import type { Event, Program } from '../../spec/vocabulary.js';
import type { Judge } from '../judge/judge.js';
import type { Target } from '../targets/target.js';

/** What came of a program and its variant. */
export interface Related {
  /** What the program itself did. */
  readonly events: readonly Event[];
  /** How the two differ; undefined when they do not, or when the rule does not speak of the program. */
  readonly text: string | undefined;
}

const PREFIX = 'two runs, ';

/** The name of the form in which a rule about two runs is broken. */
export function relationForm(rule: RelationRule): string {
  return `${PREFIX}${rule.id}`;
}

/** The rule about two runs that a form is about; undefined for a form of one run. */
export function relationOf(form: string): RelationRule | undefined {
  const rule = form.startsWith(PREFIX) ? findRule(form.slice(PREFIX.length)) : undefined;
  return rule?.kind === 'relation' ? rule : undefined;
}

/** Run programs, then the variant of each, and compare. Programs that break a rule of their own are left out. */
export async function relate(
  rule: RelationRule,
  programs: readonly Program[],
  target: Target,
  judge: Judge,
): Promise<readonly Related[]> {
  const outcomes = await target.run(programs);
  const variants = programs.map((program, index) => {
    const events = outcomes[index]?.events ?? [];
    const judgement = judge.judge({ objects: program.objects, events });
    return judgement.breaches.length > 0 ? undefined : rule.variant(program, judgement.history);
  });
  const asked = variants.filter((variant) => variant !== undefined);
  const answers = [...(await target.run(asked.map(({ program }) => program)))];
  return programs.map((program, index): Related => {
    const events = outcomes[index]?.events ?? [];
    const variant = variants[index];
    const answer = variant === undefined ? undefined : answers.shift();
    if (variant === undefined || answer === undefined || answer.fault !== undefined) return { events, text: undefined };
    const result = variant.compare(
      { objects: program.objects, events },
      { objects: variant.program.objects, events: answer.events },
    );
    return { events, text: result === true ? undefined : result };
  });
}

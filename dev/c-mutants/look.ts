/** Run programs on a target and judge each: in what form it fails, and which rule tells most about it. */

import type { BrokenRule } from '../../spec/formats/results.js';
import type { Program, Trace } from '../../spec/vocabulary.js';
import { formsOf, unusual } from '../../src/judge/defect.js';
import type { Judge } from '../../src/judge/judge.js';
import { brokenRules } from '../../src/manager/manager.js';
import type { Target } from '../../src/targets/target.js';

/** What was seen of a program that failed. */
export interface Seen {
  readonly forms: readonly string[];
  /** What was unusual in the program, as a mask. */
  readonly unusual: number;
  readonly broken: readonly BrokenRule[];
  readonly trace: Trace;
}

/** One entry a program: what was seen, or undefined when it did not fail or could not be judged. */
export async function look(
  target: Target,
  programs: readonly Program[],
  judge: Judge,
): Promise<readonly (Seen | undefined)[]> {
  const outcomes = await target.run(programs);
  return programs.map((program, index): Seen | undefined => {
    const outcome = outcomes[index];
    if (outcome === undefined || outcome.fault !== undefined) return undefined;
    const trace: Trace = { objects: program.objects, events: outcome.events };
    const judgement = judge.judge(trace);
    const { divergence } = judgement.followed;
    if (judgement.breaches.length === 0 || divergence === undefined) return undefined;
    return {
      forms: formsOf(trace, judgement.followed),
      unusual: unusual(judgement.followed),
      broken: brokenRules(trace, judgement),
      trace,
    };
  });
}

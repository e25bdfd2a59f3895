/** Prove the obligations, and refute them for what is broken: questions to z3, shared among a few processes. */
import type { Profile } from '../../spec/profile.js';
import type { Obligation } from '../../spec/proof/obligation.js';
import {
  askBeginning,
  askSteps,
  askTheorems,
  askWaysOn,
  type Obligations,
  obligationsOf,
  type Script,
} from '../../spec/proof/queries.js';
import type { Step } from '../../spec/proof/step.js';
import type { Broken } from './broken.js';
import { type Run, shortestRun } from './shortest.js';
import { type Answered, ask } from './z3.js';

/** An answer that is not the one that was expected. */
export function isAmiss({ question, answer }: Answered): boolean {
  return answer !== question.expected;
}

/** Prove everything of the steps. @throws Z3Failed */
export async function prove(
  steps: readonly Step[],
  obligations: Obligations,
  processes: number,
): Promise<readonly Answered[]> {
  const scripts = [
    askTheorems(obligations),
    askBeginning(obligations),
    askWaysOn(steps, obligations),
    ...steps.map((step) => askSteps([step], obligations)),
  ];
  return (await askAll(scripts, processes)).flat();
}

/** What came of a broken system. */
export interface Refuted {
  readonly broken: Broken;
  /** An answer with a counterexample: about an obligation of its rule if there is one, otherwise about a helper. */
  readonly by: Answered | undefined;
  /** Where only a helper fails: a run that breaks an obligation of the rule all the same. */
  readonly run: Run | undefined;
  /** Whether z3 did not know about an obligation. */
  readonly unknown: boolean;
}

/** Whether z3 has a counterexample, and the mistake is shown to break its rule. */
export function isRefuted({ broken, by, run }: Refuted): boolean {
  return by !== undefined && (isOfRule(by.question.obligation, broken.rule) || run !== undefined);
}

/**
 * Ask of each broken system the obligations of its rule, and the helpers, about the steps that differ.
 *
 * @throws Z3Failed when a broken system is no SMT-LIB: that one is void, and not refuted
 */
export async function refute(
  all: readonly Broken[],
  steps: readonly Step[],
  profile: Profile,
  processes: number,
): Promise<readonly Refuted[]> {
  const obligations = obligationsOf(profile);
  const answers = await askAll(
    all.map((broken) => askAbout(broken, steps, obligations)),
    processes,
  );
  return all.map((broken, index) => {
    const found = (answers[index] ?? []).filter(({ question }) => question.obligation !== undefined);
    const refuting = found.filter(({ answer }) => answer === 'sat');
    const own = refuting.find(({ question }) => isOfRule(question.obligation, broken.rule));
    const by = own ?? refuting[0];
    return {
      broken,
      by,
      run:
        by === undefined || own !== undefined
          ? undefined
          : shortestRun(broken.steps(steps), profile, obligations, broken.rule),
      unknown: found.some(({ answer }) => answer === 'unknown'),
    };
  });
}

function isOfRule(obligation: Obligation | undefined, rule: string): boolean {
  return obligation?.rules.includes(rule) ?? false;
}

/**
 * What an unchanged step keeps, it keeps in a broken system as well, for the invariants are the same: only the steps that
 * differ are asked about; and the ways on, since a step may be missing.
 */
function askAbout({ rule, steps: change }: Broken, steps: readonly Step[], obligations: Obligations): Script {
  const changed = change(steps);
  const differ = changed.filter((step) => !steps.includes(step));
  const isAsked = (one: Obligation) => isOfRule(one, rule) || one.rules.length === 0;
  const ways = obligations.ways.filter((one) => isOfRule(one, rule));
  const scripts = [askSteps(differ, obligations, isAsked)];
  if (ways.length > 0) scripts.push(askWaysOn(changed, { ...obligations, ways }));
  return joined(scripts);
}

function joined(scripts: readonly Script[]): Script {
  return {
    text: scripts.map(({ text }) => text).join('(reset)\n'),
    questions: scripts.flatMap(({ questions }) => questions),
  };
}

/** Answers to all scripts, in their order; each process takes the next one when it has done with one. */
async function askAll(scripts: readonly Script[], processes: number): Promise<readonly (readonly Answered[])[]> {
  const answers: (readonly Answered[])[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let mine = next++; mine < scripts.length; mine = next++) {
      const script = scripts[mine];
      if (script !== undefined) answers[mine] = await ask(script);
    }
  };
  await Promise.all(Array.from({ length: Math.min(processes, scripts.length) }, work));
  return answers;
}

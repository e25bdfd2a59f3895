/** Prove the obligations, and refute them for what is broken: questions to z3, shared among a few processes. */
import type { Profile } from '../../spec/profile.js';
import type { Obligation } from '../../spec/proof/obligation.js';
import {
  askBeginning,
  askPossible,
  askSteps,
  askTheorems,
  askWaysOn,
  type Chapter,
  type Obligations,
  obligationsOf,
  premisesOf,
  premisesOfWhoActs,
  type Script,
} from '../../spec/proof/queries.js';
import type { Step } from '../../spec/proof/step.js';
import { sideBySide } from '../side-by-side.js';
import type { Broken } from './broken.js';
import { type Run, shortestRun } from './shortest.js';
import { type Answered, ask, type IsWanted } from './z3.js';

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
  const premises = premisesOf(obligations);
  const all = [...askPossible(steps), askWaysOn(steps, obligations.ways)];
  const alone = await askAll(
    [
      askTheorems(obligations),
      askBeginning(obligations),
      ...shares(premises, all, processes),
      ...shares(premisesOfWhoActs(obligations), askSteps(steps, obligations), processes),
    ],
    processes,
  );
  const open = alone.filter((one) => isAmiss(one) && one.question.expected === 'unsat');
  if (open.length === 0) return alone;
  // What holds in all states in which a part of the invariants holds is proved. What does not may hold where all do.
  const isOpen = (obligation: Obligation, step: Step) =>
    open.some(({ question }) => question.obligation === obligation && question.about === step);
  const again = await askAll(shares(premises, askSteps(steps, obligations, isOpen), processes), processes);
  return [...alone.filter((one) => typeof one.question.about === 'string' || !open.includes(one)), ...again];
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
 * Ask of each broken system the obligations of its rule, then the helpers, about the steps that differ: up to the first
 * counterexample.
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
  const mistakes = all.map((broken) => {
    const changed = changesOf(broken, steps);
    return { broken, ...changed, chapters: chaptersAbout(broken, changed, obligations) };
  });
  const mistakeOf = new Map(
    mistakes.flatMap((one) => one.chapters.flatMap(({ questions }) => questions.map((question) => [question, one]))),
  );
  const isRefutedBy = (mistake: unknown) => (one: Answered) =>
    one.answer === 'sat' && mistakeOf.get(one.question) === mistake;
  const scripts = dealt(mistakes, SHARES * processes).map((some) => ({
    premises: premisesOf(obligations),
    chapters: some.flatMap(({ chapters }) => chapters),
  }));
  const answers = await askAll(
    scripts,
    processes,
    (question, answered) => !answered.some(isRefutedBy(mistakeOf.get(question))),
  );
  return mistakes.map((mistake) => {
    const { broken, changed } = mistake;
    const by = answers.find(isRefutedBy(mistake));
    const ofRule = by !== undefined && isOfRule(by.question.obligation, broken.rule);
    return {
      broken,
      by,
      run: ofRule ? undefined : shortestRun(changed, profile, obligations, broken.rule),
      unknown: answers.some(({ question, answer }) => answer === 'unknown' && mistakeOf.get(question) === mistake),
    };
  });
}

/** What is asked of a broken system, in this order: about the obligations of its rule, and then about the helpers. */
function chaptersAbout(
  { rule }: Broken,
  { changed, differing, points }: Changed,
  obligations: Obligations,
): readonly Chapter[] {
  const ways = obligations.ways.filter((one) => isOfRule(one, rule) && points.has(one.point));
  return [
    ...askSteps(differing, obligations, (one) => isOfRule(one, rule)),
    askWaysOn(changed, ways),
    ...askSteps(differing, obligations, ({ rules }) => rules.length === 0),
  ];
}

/** How a broken system differs. */
interface Changed {
  readonly changed: readonly Step[];
  /** The steps that differ. */
  readonly differing: readonly Step[];
  /** The points from which other steps lead than should. */
  readonly points: ReadonlySet<string>;
}

/**
 * What an unchanged step keeps, it keeps in a broken system as well, for the invariants are the same. So only the steps
 * that differ are asked about, and the ways on from where they lead.
 */
function changesOf({ steps: change }: Broken, steps: readonly Step[]): Changed {
  const changed = change(steps);
  const differing = changed.filter((step) => !steps.includes(step));
  const gone = steps.filter((step) => !changed.includes(step));
  return { changed, differing, points: new Set([...differing, ...gone].map(({ from }) => from)) };
}

function isOfRule(obligation: Obligation | undefined, rule: string): boolean {
  return obligation?.rules.includes(rule) ?? false;
}

/** Each process is given a few shares, so that none is idle for long; more would be to declare everything more often. */
const SHARES = 3;

/** Deal things out into a number of hands. */
function dealt<T>(things: readonly T[], hands: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.min(hands, things.length) }, (_, hand) =>
    things.filter((_, index) => index % hands === hand),
  );
}

/** Chapters in a few scripts. */
function shares(premises: string, chapters: readonly Chapter[], processes: number): readonly Script[] {
  return dealt(chapters, SHARES * processes).map((some) => ({ premises, chapters: some }));
}

/** Answers to all scripts, in their order; each process takes the next one when it has done with one. */
async function askAll(
  scripts: readonly Script[],
  processes: number,
  isWanted?: IsWanted,
): Promise<readonly Answered[]> {
  return (await sideBySide(scripts, processes, (script) => ask(script, isWanted))).flat();
}

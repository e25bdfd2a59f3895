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
import { sideBySide } from '../side-by-side.js';
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
    ...dealt(steps, SHARES * processes).map((some) => askSteps(some, obligations)),
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
  const asked = all.map((broken) => ({ broken, ...changesOf(broken, steps) }));
  const ofRules = await askOf(asked, obligations, processes, isOfRule);
  const left = asked.filter((_, index) => ofRules[index]?.every(({ answer }) => answer !== 'sat'));
  const ofHelpers = await askOf(left, obligations, processes, ({ rules }) => rules.length === 0);
  return asked.map((one, index) => {
    const { broken, changed } = one;
    const own = ofRules[index]?.find(({ answer }) => answer === 'sat');
    const answers = [...(ofRules[index] ?? []), ...(ofHelpers[left.indexOf(one)] ?? [])];
    return {
      broken,
      by: answers.find(({ answer }) => answer === 'sat'),
      run: own === undefined ? shortestRun(changed, profile, obligations, broken.rule) : undefined,
      unknown: answers.some(({ answer }) => answer === 'unknown'),
    };
  });
}

interface Changed {
  readonly broken: Broken;
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
function changesOf({ steps: change }: Broken, steps: readonly Step[]): Omit<Changed, 'broken'> {
  const changed = change(steps);
  const differing = changed.filter((step) => !steps.includes(step));
  const gone = steps.filter((step) => !changed.includes(step));
  return { changed, differing, points: new Set([...differing, ...gone].map(({ from }) => from)) };
}

/** Answers about each broken system, of some obligations; about the ways on as well, since a step may be missing. */
async function askOf(
  all: readonly Changed[],
  obligations: Obligations,
  processes: number,
  isAsked: (obligation: Obligation, rule: string) => boolean,
): Promise<readonly (readonly Answered[])[]> {
  const ruleOf = new Map(all.flatMap(({ broken, differing }) => differing.map((step) => [step, broken.rule] as const)));
  const withWays = all.map(({ broken, changed, points }) => {
    const ways = obligations.ways.filter((one) => isAsked(one, broken.rule) && points.has(one.point));
    return ways.length === 0 ? [] : [askWaysOn(changed, { ...obligations, ways })];
  });
  const shares = dealt([...ruleOf.keys()], SHARES * processes);
  const scripts = [
    ...shares.map((steps) => askSteps(steps, obligations, (one, step) => isAsked(one, ruleOf.get(step) ?? ''))),
    ...withWays.flat(),
  ];
  const answers = await askAll(scripts, processes);
  const ofSteps = answers.slice(0, shares.length).flat();
  const ofWays = answers.slice(shares.length)[Symbol.iterator]();
  return all.map(({ differing }, index) => [
    ...ofSteps.filter(
      ({ question: { about, obligation } }) =>
        obligation !== undefined && typeof about !== 'string' && differing.includes(about),
    ),
    ...(withWays[index] ?? []).flatMap(() => ofWays.next().value ?? []),
  ]);
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

/** Answers to all scripts, in their order; each process takes the next one when it has done with one. */
function askAll(scripts: readonly Script[], processes: number): Promise<readonly (readonly Answered[])[]> {
  return sideBySide(scripts, processes, (script) => ask(script));
}

/**
 * The closure of a manager: every state that it can come to on a scope, whatever is called in whatever order.
 *
 *     state ──> every operation, every result of every callback ──> judged ──> state       until nothing is new
 *
 * The suites cover the states of the model, and say how many more the implementation may have for them to be complete.
 * The closure needs no such number: it walks the implementation's own states, which for C are its memory. What it
 * shows, it shows for every program of any length on the scope.
 *
 * Each kind of step is judged once, by the rules and by the model, in its shortest run. After a step that is wrong the
 * walk does not go on, as nothing can be said of what comes then.
 *
 * What would make the closure worth nothing is state that it does not see. So the manager may call nothing but the
 * stand-ins; a part of the walk is walked again, and a part of the runs is run again in new processes.
 */
import type { Profile } from '../../spec/profile.js';
import { rules } from '../../spec/rules/index.js';
import type { Scope } from '../explore/scope.js';
import { Judge, type Judgement } from '../judge/judge.js';
import type { BuildInput } from '../targets/linux-source/build.js';
import { buildClosure, nameAt } from './build.js';
import { planOf, spellPlan } from './plan.js';
import { type Run, runOf, type ToldEnd, type ToldRecord } from './told.js';
import { walk } from './walker.js';

/** How to walk. */
export interface ClosureOptions {
  /** States after which the walk is given up. */
  readonly mostStates?: number;
  /**
   * Misuse, the null token and lack of memory with every choice of optional callbacks, and not only with all of them:
   * many times as long.
   */
  readonly everywhere?: boolean;
  /** Told each run that is judged. */
  readonly onRun?: (run: Run) => void;
  /** Told what takes long. */
  readonly onProgress?: (text: string) => void;
}

/** A run that is wrong in its last operation: a shortest one that shows this step. */
export interface WrongRun extends Run {
  readonly judgement: Judgement;
}

/** What a walk showed. */
export interface Closure {
  /** Whether every state was reached that there is, and nothing speaks for state that was not seen. */
  readonly closed: boolean;
  /** Why not, in a sentence. */
  readonly reason?: string;
  /** Such as `2x2x2`: producers, consumers, tokens. */
  readonly scope: string;
  /** Different states of the implementation's memory and of its objects. */
  readonly states: number;
  /** Operations run, each from one state with one choice of what its callbacks return. */
  readonly steps: number;
  /** Of those, the ones behind which the walk did not go on: they were wrong, or undefined. */
  readonly stopped: number;
  /** Different steps, by what the operation found and did: each was judged. */
  readonly judged: number;
  /** The longest of the shortest programs that lead to a state, in operations. */
  readonly depth: number;
  /** States and programs that were run a second time to see whether there is state elsewhere. */
  readonly again: { readonly states: number; readonly programs: number };
  /** The wrong steps, shortest first. */
  readonly wrong: readonly WrongRun[];
  /** Where the spec contradicts itself: never the implementation's fault. */
  readonly faults: readonly { readonly text: string; readonly run: Run }[];
}

/** Enough for three producers, three consumers and three tokens. */
const MOST_STATES = 8_000_000;

/**
 * Walk the states of a manager of a kernel tree to the end.
 *
 * @param build the manager's text, as for a target
 * @param profile what its steps are judged under
 * @param scope how many objects and tokens; what it is `without` is not walked
 * @throws {TargetUnavailable} when the manager cannot be compiled on this machine
 * @throws {WalkError} when the walk breaks off, through no fault of the manager
 */
export async function closeOver(
  build: BuildInput,
  profile: Profile,
  scope: Scope,
  options: ClosureOptions = {},
): Promise<Closure> {
  const { mostStates = MOST_STATES, everywhere = false, onProgress = () => {} } = options;
  const { program, outside } = await buildClosure(build, onProgress);
  const without = build.allocates ? scope.without : { ...scope.without, memoryFailure: true };
  const plan = planOf(profile, { ...scope, ...(without === undefined ? {} : { without }) }, { mostStates, everywhere });
  const judge = new Judge(profile, rules, true);
  const wrong: WrongRun[] = [];
  const faults: { text: string; run: Run }[] = [];

  const isRight = (record: ToldRecord): boolean => {
    const run = runOf(plan, record);
    options.onRun?.(run);
    const judgement = judge.judge(run.trace);
    const { followed, disagreement } = judgement;
    if (disagreement !== undefined) faults.push({ text: `The spec contradicts itself: ${disagreement}.`, run });
    if (followed.undefinedFrom !== undefined) return false;
    if (followed.divergence === undefined) return disagreement === undefined;
    if (followed.divergence.call !== record.steps.length - 1) {
      faults.push({ text: 'A step was right in one run and is wrong in another that found the same.', run });
    }
    wrong.push({ ...run, judgement });
    return false;
  };
  const end = await walk(program, spellPlan(plan), isRight, (judged) => onProgress(`${judged} kinds of steps judged`));
  const reason = await reasonOf(end, outside, program);
  return {
    closed: reason === undefined,
    ...(reason === undefined ? {} : { reason }),
    scope: `${scope.producers}x${scope.consumers}x${scope.tokens}`,
    states: end.states,
    steps: end.steps,
    stopped: end.wrong,
    judged: end.records,
    depth: end.depth,
    again: { states: end.again, programs: end.pristine },
    wrong,
    faults,
  };
}

/** What a certificate says of a closure. */
export function closureText(closure: Closure): string {
  const { closed, reason, scope, states } = closure;
  if (!closed) return `not closed over ${scope}: ${reason ?? 'no reason given'}`;
  const unless = closure.wrong.length > 0 ? ', but for what follows a finding' : '';
  return `closed: ${states} states of the implementation, every program of any length over ${scope}${unless}`;
}

async function reasonOf(end: ToldEnd, outside: readonly string[], program: string): Promise<string | undefined> {
  const reasons = [...outside];
  if (end.unstable !== undefined) reasons.push(end.unstable);
  if (reasons.length > 0) return `there is state that the walk does not see: ${reasons.join('; ')}`;
  if (end.closed) return undefined;
  const name = end.at === undefined ? undefined : await nameAt(program, end.at);
  const where = name === undefined ? '' : ` (${name})`;
  return `after ${end.states} states new ones still come: ${end.outgrown ?? 'no reason given'}${where}`;
}

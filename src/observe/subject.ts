/**
 * What is observed of a real kernel, as a subject: a host of which a recording shows the manager, the results of user
 * space's calls, the hardware's side where there is one, and what the kernel reports of itself. Only the rules that look
 * at no more than that are held against it, and those of the manager.
 */
import { bitsFrom, Draw } from '../../conformance/generators/random.js';
import type { HostProgram, HostTrace } from '../../spec/host/vocabulary.js';
import { hostRules } from '../../spec/rules/host.js';
import { host } from '../host/host.js';
import type { HostShape } from '../host/shape.js';
import { simplerHostPrograms } from '../host/simpler.js';
import type { Judge, Setting, Subject, Suite } from '../subject/subject.js';
import { mostAtOnce } from './at-once.js';
import { isObservable } from './commands.js';
import { LENGTH, PROGRAMS } from './extent.js';
import { generateObserved } from './generate.js';
import { atReport, callsRefused, callsReported, deadliest, reportsOf } from './reports.js';
import type { ObservedBackEnd } from './stages.js';
import { withoutThings } from './without.js';
import { written } from './written.js';

const whole = host('observed');

/** The rules that a recording shows all about. */
const rules = hostRules.filter((rule) => rule.kind === 'host' && rule.recorded === true);

/** How many programs are run to make one small: each takes a third of a second, and another guest where it fails. */
export const MOST_ASKED = 200;

/** How often in a row it has to fail to be taken: tasks of the kernel run beside the calls, and not always in one order. */
export const TIMES = 3;

/** Real kernels, on the stage of a back end. */
export function observedHost(backEnd: ObservedBackEnd, length: number = LENGTH): Subject<HostShape> {
  return {
    ...whole,
    rules,
    tiers: {
      smoke: { coverage: { scope: false, backEnds: [backEnd] }, programs: PROGRAMS },
      pr: { coverage: { scope: false, backEnds: [backEnd] }, programs: PROGRAMS },
      nightly: { coverage: { scope: false, backEnds: [backEnd] }, programs: 10 * PROGRAMS },
    },
    // Nothing is covered completely: a call of a real kernel costs a thousand times what one of the model does.
    prepare: async () => ({
      // Those of the first suite would be run twice.
      suites: [suiteOf('none', []), suiteOf('written', writtenFor(backEnd))],
      certificate: () => null,
    }),
    random: (seed, { from }) => {
      let index = from;
      return () => generateObserved(new Draw(bitsFrom(seed * 0x10001 + index++)), length, backEnd);
    },
    judge: judgeOf,
    broken: (trace, judgement) => whole.broken(trace, deadliest(trace, judgement)),
    difference: (program, trace, judgement, profile) => {
      const telling = deadliest(trace, judgement);
      return atReport(trace, telling, whole.difference(program, trace, telling, profile));
    },
    beginnings,
    simpler,
    frugal: { most: MOST_ASKED, times: TIMES },
  };
}

/** The programs that are written by hand for a back end. */
export function writtenFor(backEnd: ObservedBackEnd): readonly HostProgram[] {
  return written.filter((program) => program.backEnd === backEnd);
}

function suiteOf(name: string, all: readonly HostProgram[]): Suite<HostShape> {
  return { name, plan: () => ({ count: all.length, programs: () => all.map((program) => ({ program })) }) };
}

/** A host whose defects are told apart by what its kernel reports, as well. A trace may show several. */
function judgeOf(setting: Setting<HostShape>): Judge<HostShape> {
  const judge = whole.judge(setting);
  const isOn = setting.rules.some(({ id }) => id === 'HOST-1');
  const formsOf = (trace: HostTrace, judgement?: HostShape['judgement']): readonly string[] => {
    const others = judge.formsOf(trace, judgement).filter((form) => form !== 'HOST-1');
    return [...(isOn ? reportsOf(trace).map((text) => `HOST-1 ${text}`) : []), ...others];
  };
  return {
    profile: judge.profile,
    judge: (trace) => judge.judge(trace),
    anew: () => judgeOf(setting),
    exposures: () => judge.exposures(),
    formsOf,
    shows: (trace, form) => formsOf(trace).includes(form),
    defectOf: (trace, judgement) => formsOf(trace, judgement)[0],
  };
}

/**
 * What follows the operation that goes wrong is seldom needed, and seldom a call before it that was refused. A kernel reports
 * its defects in the call in which they show, so that a program is cut behind one of those; a rule that is broken may show
 * later than where it came from.
 */
function* beginnings(program: HostProgram, trace?: HostTrace): Generator<HostProgram> {
  const { operations } = program;
  const reported = trace === undefined ? [] : callsReported(trace);
  const refused = new Set(trace === undefined ? [] : callsRefused(trace));
  const everyFourth = Array.from({ length: Math.ceil(operations.length / 4) }, (_, at) => 4 * at).slice(1);
  for (const length of reported.length > 0 ? reported : everyFourth) {
    const beginning = operations.slice(0, length);
    const taken = beginning.filter((_, at) => !refused.has(at));
    if (reported.length > 0 && taken.length < length) yield { ...program, operations: taken };
    if (length < operations.length) yield { ...program, operations: beginning };
  }
}

/**
 * What is left open is closed in the end, too, but what the kernel reports of that is another defect than that of a call. Where
 * no more than one irqfd goes at once, that stays so: what follows from the order of two is seen by luck.
 */
function* simpler(program: HostProgram): Generator<HostProgram> {
  const most = Math.max(1, mostAtOnce(program));
  for (const one of bolder(program)) if (mostAtOnce(one) <= most) yield one;
}

function* bolder(program: HostProgram): Generator<HostProgram> {
  yield* withoutThings(program);
  for (const one of simplerHostPrograms(program)) {
    if (one.backEnd === program.backEnd && isObservable(one) && isBold(one, program)) yield one;
  }
}

/** Fewer operations, or simpler ones; of a few operations not every two are tried, which costs as much as all the rest. */
function isBold(one: HostProgram, program: HostProgram): boolean {
  const fewer = program.operations.length - one.operations.length;
  if (fewer !== 2) return true;
  const at = program.operations.findIndex((operation, index) => operation !== one.operations[index]);
  return program.operations[at + 2] === one.operations[at];
}
